package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes.Outcome;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the relay's journal to the log. */
final class LoggingRelayJournal implements RelayJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingRelayJournal.class);

    private boolean away;

    @Override
    public void noted(List<Outcome> outcomes) {
        if (away) {
            away = false;
            log.info("Kafka takes outcomes again.");
        }
        log.debug("Sent {} outcomes.", outcomes.size());
    }

    @Override
    public void notSent(Outcome outcome, Throwable cause) {
        log.warn(
                "Outcome {} of request {} was not sent ({}): it and the later ones of customer {} wait in the ledger and are sent again. An operator must look at Kafka if it goes on.",
                outcome.sequence(),
                outcome.request().key(),
                cause.toString(),
                outcome.request().customerId());
    }

    @Override
    public void refusalNotSent(long refusal, Throwable cause) {
        log.warn(
                "Refused record {} was not published ({}): it waits in the ledger and is sent again. An operator must look at Kafka if it goes on.",
                refusal,
                cause.toString());
    }

    /** Once; each further round says the same. */
    @Override
    public void brokerAway(int waiting, Throwable cause) {
        if (!away) {
            away = true;
            log.warn(
                    "Kafka takes no outcomes ({}): {} or more wait in the ledger and are sent, in their order, as soon as it does.",
                    cause.toString(),
                    waiting);
        }
    }

    @Override
    public void roundFailed(RuntimeException cause) {
        log.error(
                "The relay could not finish a round: outcomes wait in the ledger and are sent when it can. An operator must look if the database is up, and read what stands below.",
                cause);
    }
}
