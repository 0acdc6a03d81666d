package dev.offramp.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the sealer's journal to the log. */
final class LoggingAuditJournal implements AuditJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingAuditJournal.class);

    @Override
    public void sealed(Block block) {
        log.info("Audit block {} seals {} entries: {}.", block.number(), block.entries(), block.hash());
    }

    @Override
    public void notPublished(Block first, Sealer.PublicationException why) {
        log.warn(
                "The hash of audit block {} and of those after it cannot be published ({}): they stand in the database and are published when Kafka takes them.",
                first.number(),
                why.getMessage());
    }

    @Override
    public void roundFailed(RuntimeException cause) {
        log.warn("The audit trail could not be sealed ({}): it is tried again.", cause.toString());
    }
}
