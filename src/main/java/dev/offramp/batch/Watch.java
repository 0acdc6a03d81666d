package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.safety.Brake;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Looks after the batches that run here: renews the lease of those whose job thread lives, and stops those that have
 * lost theirs or that a person or the brake stops, so that nobody waits on in vain.
 */
final class Watch {

    private final Runs runs;
    private final Batches batches;
    private final Brake brake;
    private final String owner;
    private final Duration lease;
    private final InstantSource clock;

    Watch(Runs runs, Batches batches, Brake brake, String owner, Duration lease, InstantSource clock) {
        this.runs = runs;
        this.batches = batches;
        this.brake = brake;
        this.owner = owner;
        this.lease = lease;
        this.clock = clock;
    }

    void look() {
        for (Run run : runs.all()) {
            if (run.isAlive() && !batches.renew(run.fence(), owner, lease, clock.instant())) {
                run.stop(StopReason.LEASE_LOST, "The lease of this batch is no longer ours.");
            }
        }
        if (runs.count() > 0) {
            batches.askedToStop(owner)
                    .forEach(asked -> runs.of(asked.number())
                            .ifPresent(run -> run.stop(StopReason.OPERATOR, String.valueOf(asked.stopAsked()))));
            brake.list().stream()
                    .filter(each -> each.scope() == Brake.Scope.ALL)
                    .findFirst()
                    .ifPresent(all -> runs.all().forEach(run -> run.stop(StopReason.BRAKE, all.sentence())));
        }
    }
}
