package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.testing.Admissions;
import org.jspecify.annotations.Nullable;

/** Requests as the ledger would give them, without one. */
final class Given {

    private Given() {}

    /** One that was just admitted. */
    static Request request(long number, Admissions admission) {
        return new Request(
                number,
                admission.build(),
                Admissions.START,
                Reason.ADMITTED.status(),
                Reason.ADMITTED,
                Effect.NONE,
                "The request was admitted.",
                1,
                1,
                Admissions.START,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                Releases.NONE);
    }

    /** The same in a batch. */
    static Request inBatch(Request it, long batch) {
        return changed(it, it.reason(), it.effect(), it.version(), batch, it.withdrawnBy(), it.released());
    }

    /** The same after somebody else changed it. */
    static Request settled(Request it, Reason reason) {
        return changed(it, reason, it.effect(), it.version() + 1, it.batch(), it.withdrawnBy(), it.released());
    }

    /** The same with another reason and as read; so it looks only where something is wrong. */
    static Request as(Request it, Reason reason) {
        return changed(it, reason, it.effect(), it.version(), it.batch(), it.withdrawnBy(), it.released());
    }

    /** The same when another request takes it back. */
    static Request withdrawn(Request it, long by) {
        return changed(it, it.reason(), it.effect(), it.version(), it.batch(), by, it.released());
    }

    /** The same when something of it is done. */
    static Request begun(Request it, Effect effect) {
        return changed(it, it.reason(), effect, it.version(), it.batch(), it.withdrawnBy(), it.released());
    }

    /** The same when a person let it go on. */
    static Request released(Request it, Reason from, String found) {
        return changed(
                it,
                it.reason(),
                it.effect(),
                it.version(),
                it.batch(),
                it.withdrawnBy(),
                it.released().and(from, found));
    }

    private static Request changed(
            Request it,
            Reason reason,
            Effect effect,
            long version,
            @Nullable Long batch,
            @Nullable Long withdrawnBy,
            Releases released) {
        return new Request(
                it.number(),
                it.admission(),
                it.admittedAt(),
                reason.status(),
                reason,
                effect,
                it.message(),
                version,
                it.sequence(),
                it.dueAt(),
                it.waitsFor(),
                batch,
                it.item(),
                it.lastBatch(),
                withdrawnBy,
                it.deferrals(),
                it.notDoneReads(),
                it.doubtSince(),
                it.settledAt(),
                released);
    }
}
