package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Breaches of budgets that hold the rest of the same source, operation and group until a person decides. They are opened
 * and asked for under the row of the operation's budget, as permits are reserved.
 */
public interface Bursts {

    /** What one burst holds; what is without a group is a rest of its own. */
    record Rest(
            String source, Operation operation, @Nullable String group) {

        static Rest of(Request request) {
            return new Rest(request.key().source(), request.operation(), request.group());
        }

        /** For people. */
        public String inWords() {
            return "The rest of %s of source %s %s"
                    .formatted(
                            operation.word(),
                            source,
                            group == null ? "that is without a group" : "in group '%s'".formatted(group));
        }
    }

    /** One that is open. */
    record Open(Rest rest, Burst burst) {}

    /** The open burst to whose rest this request belongs. */
    Optional<Burst> of(Request request);

    /** Whether a call of it may have left. */
    boolean isAttempted(Request request);

    /** How a request is held by the burst that is open; one of an approved plan was looked at by a person. */
    default Optional<Burst.Hold> hold(Request request) {
        return request.plan() != null
                ? Optional.empty()
                : of(request).flatMap(burst -> burst.hold(asking(request, isAttempted(request))));
    }

    /** A request as a burst looks at it. */
    static Burst.Asking asking(Request request, boolean attempted) {
        return new Burst.Asking(request.number(), attempted, request.released());
    }

    /**
     * Locks the rows of these operations' budgets to the end of the caller's transaction, in the one order in which everybody
     * does it: for a transaction that is going to open several.
     */
    void lock(Set<Operation> operations);

    /**
     * Opens a burst, unless one is open; what comes after this request is held.
     *
     * @param exceeded the budget that it did not fit into
     * @param inOrder whether requests were being judged in ledger order; false at the permit
     */
    void open(Request request, Exceeded exceeded, boolean inOrder, Instant now);

    /** All that are open, the oldest first. */
    List<Open> list();

    /**
     * Ends a burst: a person has looked. What it holds is released or rejected by itself; what comes new is judged by the
     * budgets alone.
     *
     * @return false when none is open
     */
    boolean end(Rest rest, String who, String cause, Instant now);

    /**
     * Ends those of whose rest nothing is open any more.
     *
     * @return how many
     */
    int endFinished(Instant now);
}
