package dev.offramp.offboarding;

import java.util.Comparator;
import java.util.List;

/** One thing that stands in the way of an unlink: how heavy it is, how it is named, and what the request may do about it. */
record Obstacle(Weight weight, Blocker blocker, Way way) {

    /** Reasons are declared in the order of their weight; a stable sort keeps the server's order among equals. */
    static final Comparator<Obstacle> HEAVIEST_FIRST = Comparator.comparing(Obstacle::weight);

    static Obstacle of(Weight weight, Blocker blocker) {
        return new Obstacle(weight, blocker, new Way.None());
    }

    /** How it can be removed by this request. */
    sealed interface Way {

        /** Not at all. */
        record None() implements Way {}

        /** By a step of the request itself. */
        record By(Step step, String why) implements Way {}

        /** By a step that Partner Center does not take while the renewal runs. */
        record AfterTheRenewal() implements Way {}

        /** It goes together with another one, which the request removes. */
        record WithAnother() implements Way {}
    }

    /** All obstacles in one sentence, and each by its name. */
    static Verdict.Blocked blocked(List<Obstacle> obstacles) {
        Weight first = obstacles.getFirst().weight();
        long same = obstacles.stream().filter(each -> each.weight() == first).count();
        String message = "The relationship cannot be removed: %s (%d).".formatted(first.clause, same);
        int others = obstacles.size() - (int) same;
        if (others > 0) {
            message += " %d more %s in the way.".formatted(others, others == 1 ? "thing stands" : "things stand");
        }
        return new Verdict.Blocked(
                first.reason,
                message,
                first.advice,
                obstacles.stream().map(Obstacle::blocker).toList(),
                null);
    }

    /** What can stand in the way, the heaviest first: what is not understood, then what takes longest to remove. */
    enum Weight {
        UNKNOWN(
                Reason.UNKNOWN_STATE,
                "not everything that was read is understood",
                "Look at what is named here in Partner Center; when it is understood, send a new request."),
        RESERVATION(
                Reason.RESERVATIONS,
                "the customer has reservations",
                "Have the reservations cancelled, then send a new request."),
        SAVINGS_PLAN(
                Reason.SAVINGS_PLANS,
                "the customer has savings plans",
                "Savings plans are managed in the Azure portal; when they have ended, send a new request."),
        SOFTWARE(Reason.SOFTWARE, "the customer has software", "Cancel the software, then send a new request."),
        ACTIVE(
                Reason.ACTIVE_SUBSCRIPTIONS,
                "the customer has active or pending subscriptions",
                "Cancel what can be cancelled and let the rest run out, then send a new request."),
        SUSPENDED_NEW_COMMERCE(
                Reason.SUSPENDED_NEW_COMMERCE,
                "the customer has suspended new-commerce subscriptions, which are billed on",
                "Cancel what can be cancelled and let the rest run out, then send a new request.");

        private final Reason reason;
        private final String clause;
        private final String advice;

        Weight(Reason reason, String clause, String advice) {
            this.reason = reason;
            this.clause = clause;
            this.advice = advice;
        }
    }
}
