package dev.offramp.audit;

import dev.offramp.ledger.NamedLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Seals what is committed and publishes the hashes, on the one node that is elected. */
final class Sealer {

    /** As long nothing is sent to a broker that did not take a hash. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int PAGE = 100;

    private final Seals seals;
    private final NamedLease lease;
    private final Publisher publisher;
    private final InstantSource clock;
    private final AuditJournal journal;
    private final int largestBlock;

    private Instant publishAgainAt = Instant.MIN;

    /** Where hashes go that a person who can write to the database cannot change. */
    interface Publisher {

        /** Returns when the block's hash stands there. */
        void publish(Block block) throws PublicationException;
    }

    /** A hash was not taken. */
    static final class PublicationException extends Exception {

        PublicationException(Throwable cause) {
            super(cause.toString(), cause);
        }
    }

    Sealer(
            Seals seals,
            NamedLease lease,
            Publisher publisher,
            InstantSource clock,
            AuditJournal journal,
            int largestBlock) {
        this.seals = seals;
        this.lease = lease;
        this.publisher = publisher;
        this.clock = clock;
        this.journal = journal;
        this.largestBlock = largestBlock;
    }

    /** Seals everything that is committed by now, and publishes every hash that is not; nothing on any other node. */
    void round() {
        if (!seals.anyOpen() || !lease.hold(clock.instant())) {
            return;
        }
        for (var sealed = seals.seal(largestBlock, clock.instant());
                sealed.isPresent();
                sealed = seals.seal(largestBlock, clock.instant())) {
            journal.sealed(sealed.get());
            if (!lease.hold(clock.instant())) {
                return;
            }
        }
        publish();
    }

    /** Published is noted hash by hash: after a crash one may stand in the topic twice, and never none. */
    private void publish() {
        if (clock.instant().isBefore(publishAgainAt)) {
            return;
        }
        for (var block : seals.unpublished(PAGE)) {
            try {
                publisher.publish(block);
            } catch (PublicationException e) {
                if (publishAgainAt.equals(Instant.MIN)) {
                    journal.notPublished(block, e);
                }
                publishAgainAt = clock.instant().plus(PAUSE);
                return;
            }
            seals.published(block.number(), clock.instant());
            publishAgainAt = Instant.MIN;
        }
    }

    /** Another node need not wait for the end of the lease. */
    void end() {
        lease.giveBack(clock.instant());
    }
}
