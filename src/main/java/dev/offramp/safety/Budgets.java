package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * How many customers an operation may touch in a sliding window without a person. A permit is reserved under the
 * budget's row lock, keyed by request and step: a restart finds its own and never takes a second.
 */
public interface Budgets {

    /**
     * Reserves the permit for one step of a request, or says that the budget is used up. What a person has released from
     * the budget gets its permit beyond the limit, and that counts.
     */
    Reservation reserve(Request request, String step, Instant now);

    /** What is left of an operation's budget, without reserving anything. */
    Remainder remainder(Operation operation, Instant now);

    /** What became of a reservation. */
    sealed interface Reservation {

        /** The permit is there, new or found again. */
        record Reserved() implements Reservation {}

        /** No permit: this many customers were touched in the window already. */
        record Exceeded(int limit, int used, Duration window) implements Reservation {

            /** For people. */
            public String sentence(Operation operation) {
                return "The budget of %s allows %d customers in %s; %d are used."
                        .formatted(operation.word(), limit, Words.duration(window), used);
            }
        }
    }

    /**
     * The state of a budget.
     *
     * @param counted customers that cost nothing more, as they are counted in the window already
     */
    record Remainder(int limit, Set<CustomerId> counted, Duration window) {

        public int free() {
            return Math.max(0, limit - counted.size());
        }
    }
}
