package dev.offramp.audit;

/** What happens while the audit trail is sealed. */
interface AuditJournal {

    /** A block was sealed; its hash in the log is one more place that whoever changes the past does not reach. */
    void sealed(Block block);

    /** The hashes of some blocks were not published, for the first time in a row. */
    void notPublished(Block first, Sealer.PublicationException why);

    /** A round ended with something that nobody expected. */
    void roundFailed(RuntimeException cause);
}
