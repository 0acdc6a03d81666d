package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells it to the log. */
final class LoggingBatchJournal implements BatchJournal {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingBatchJournal.class);

    @Override
    public void started(Batch batch) {
        LOG.info(
                "{} starts: {}, {}.",
                batch.name(),
                batch.label(),
                batch.requests() == 1 ? "1 request" : batch.requests() + " requests");
    }

    @Override
    public void settled(Request request, Resolution resolution) {
        LOG.debug(
                "{}: {} ({}).",
                request.key(),
                resolution.status().word(),
                resolution.reason().word());
    }

    @Override
    public void ended(Batch batch, String how) {
        LOG.info("{} {}", batch.name(), how);
    }

    @Override
    public void broke(Batch batch, Throwable cause) {
        LOG.error(
                "{} broke off: what is unfinished stays in it and is taken up again. An operator must look if the database is up; else report it.",
                batch.name(),
                cause);
    }

    @Override
    public void takenOver(Batch batch, Throwable cause) {
        LOG.info(
                "{} goes on at another node, which has taken it over; here it broke off ({}).",
                batch.name(),
                cause.toString());
    }

    @Override
    public void databaseLost(String where, Throwable cause) {
        LOG.warn(
                "{}: the database was lost in the middle; what is unfinished is taken up again, and nothing is called twice ({}).",
                where,
                cause.toString());
    }

    @Override
    public void heldReadingFailed(RuntimeException cause) {
        LOG.warn("What held requests are about could not be read ({}): it is tried again.", cause.toString());
    }

    @Override
    public void planMakingFailed(RuntimeException cause) {
        LOG.warn("A plan could not be gone on with ({}): it is tried again.", cause.toString());
    }

    @Override
    public void bug(String where, Throwable cause) {
        LOG.error("{}: this is a bug in Offramp; the request stays in its batch and is tried again.", where, cause);
    }
}
