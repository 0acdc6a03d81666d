package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * How many customers an operation, and a job beside it, may touch in a sliding window without a person. A permit is reserved under the
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

    /** What is left of a job's own budget beside it; empty when it has none. */
    Optional<Remainder> remainderOf(String job, Instant now);

    /** What became of a reservation. */
    sealed interface Reservation {

        /** The permit is there, new or found again. */
        record Reserved() implements Reservation {}

        /**
         * No permit: this many customers were touched in the window already.
         *
         * @param of the operation or the job whose budget it is, as people call it
         */
        record Exceeded(String of, int limit, int used, Duration window) implements Reservation {

            static Exceeded ofOperation(Operation operation, Remainder remainder) {
                return of(operation.word(), remainder);
            }

            static Exceeded ofJob(String job, Remainder remainder) {
                return of("the job " + job, remainder);
            }

            private static Exceeded of(String of, Remainder remainder) {
                return new Exceeded(of, remainder.limit(), remainder.counted().size(), remainder.window());
            }

            /** For people. */
            public String sentence() {
                return "The budget of %s allows %d customers in %s; %d are used."
                        .formatted(of, limit, Words.duration(window), used);
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

        /** Whether one more request of this customer fits into it. */
        public boolean admits(CustomerId customer) {
            return free() > 0 || counted.contains(customer);
        }
    }
}
