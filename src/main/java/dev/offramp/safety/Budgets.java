package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much may be touched without a person: per operation, source, job and run, in customers and in calls. A permit is
 * reserved under the locked rows of all budgets that concern it, keyed by request and step: a restart finds its own and
 * never takes a second.
 */
public interface Budgets {

    /**
     * Reserves the permit for one step of a request, or says that a budget is used up, which opens a burst in the same
     * transaction, or that it belongs to the rest that a burst holds. What a person has released from the budget or from a
     * burst gets its permit beyond the limit, and that counts.
     */
    Reservation reserve(Request request, String step, Instant now);

    /** How all budgets stand, for judging many requests one after the other; nothing is reserved. */
    Forecast forecast(Instant now);

    /** How all budgets stand, for people. */
    List<Standing> list(Instant now);

    /** What became of a reservation. */
    sealed interface Reservation {

        /** The permit is there, new or found again. */
        record Reserved() implements Reservation {}

        /** No permit. */
        record UsedUp(Exceeded exceeded) implements Reservation {}

        /** No permit either, whatever the budgets have left. */
        record OnHold(Burst.Hold hold) implements Reservation {}
    }

    /** The budgets as they will stand when those before have gone. */
    interface Forecast {

        /** The budget into which the next call of this request does not fit, if any. */
        Optional<Exceeded> exceeded(Request request);

        /** Counts the next call of this request. */
        void count(Request request);
    }

    /**
     * One budget now.
     *
     * @param allowed what its limit comes to
     * @param holds whether it holds at this time of day
     * @param nextFreeAt when the next customer or call counts no more, if nothing new is touched; null when none is
     *     counted or it never ends
     */
    record Standing(
            Budget budget,
            long allowed,
            boolean holds,
            long used,
            @Nullable Instant nextFreeAt) {

        public long free() {
            return Math.max(0, allowed - used);
        }
    }
}
