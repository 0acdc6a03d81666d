package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import java.util.List;

/** Waits for the rate limit: the slots of a request's reads and of its call are reserved together, before the facts. */
final class Slots {

    private final Pace pace;
    private final JobRules rules;
    private final Duration maxWait;

    Slots(Pace pace, JobRules rules, Duration maxWait) {
        this.pace = pace;
        this.rules = rules;
        this.maxWait = maxWait;
    }

    /** What waiting came to. */
    sealed interface Turn {

        /** The slots are there. */
        record Come(Pace.Reservation reservation) implements Turn {}

        /** It would take longer than anybody waits inside a run; the slots are given back. */
        record TooLong(Duration pause) implements Turn {}

        /** The run is to stop; the slots are given back. */
        record Stopped() implements Turn {}
    }

    Turn await(Request request, List<ResourceClass> calls, Run run) {
        Pace.Reservation reservation = pace.reserve(
                request.customerId(), calls, rules.paceShare(request.admission().job()));
        Duration waited = Duration.ZERO;
        while (true) {
            if (run.stopped().isPresent()) {
                reservation.giveBack(calls);
                return new Turn.Stopped();
            }
            Duration remaining = reservation.remaining();
            if (!remaining.isPositive()) {
                return new Turn.Come(reservation);
            }
            if (waited.plus(remaining).compareTo(maxWait) > 0) {
                reservation.giveBack(calls);
                return new Turn.TooLong(remaining);
            }
            run.pause(remaining);
            waited = waited.plus(remaining);
        }
    }
}
