package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Optional;

/**
 * A breach of a budget that holds the rest of the same source, operation and group: a wrong list does not drip on as its
 * budget's window gets room again.
 *
 * @param rest what is held, as people call it
 * @param breacher the number of the request that did not fit
 * @param request its source and id
 * @param breach the sentence of the budget that it did not fit into
 * @param inOrder whether it was found while requests were judged in ledger order, and not at the permit of one
 */
public record Burst(String rest, Instant since, long breacher, String request, String breach, boolean inOrder) {

    /**
     * A request that wants to go on.
     *
     * @param attempted whether a call of it may have left
     */
    public record Asking(long number, boolean attempted, Releases released) {}

    /** How it is held. */
    public record Hold(Reason reason, String sentence) {}

    /** What holds a request while the burst is open; empty when it goes on to be judged by the budgets. */
    public Optional<Hold> hold(Asking asking) {
        if (asking.attempted()
                || wasJudgedBefore(asking)
                || asking.released().contains(Reason.BUDGET_EXCEEDED)
                || asking.released().covers(Reason.BURST_ON_HOLD, sentence())) {
            return Optional.empty();
        }
        return Optional.of(
                asking.number() == breacher
                        ? new Hold(Reason.BUDGET_EXCEEDED, breach)
                        : new Hold(Reason.BURST_ON_HOLD, sentence()));
    }

    /**
     * What came before the breach in ledger order had its place in the budgets when they were found to be full, and is no rest
     * of it: the budgets alone judge it, also when it comes again in another batch.
     */
    private boolean wasJudgedBefore(Asking asking) {
        return inOrder && asking.number() < breacher;
    }

    /** The same for all that it holds. */
    public String sentence() {
        return "%s is on hold since %s, when request %s did not fit into a budget: %s"
                .formatted(rest, since, request, breach);
    }

    /**
     * Whether a person let it go who knew that a budget is used up, be it that it did not fit itself or that it belongs to the
     * rest of one that did not: then no budget holds it again, and it counts.
     */
    public static boolean isBeyondBudgets(Releases released) {
        return released.contains(Reason.BUDGET_EXCEEDED) || released.contains(Reason.BURST_ON_HOLD);
    }
}
