package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import java.util.HashSet;
import java.util.Set;

/**
 * What is counted of one scope in one time; it grows as calls are counted.
 *
 * @param requests the numbers of those that have a permit among it
 */
record Used(Set<CustomerId> customers, Set<Long> requests, Calls calls) {

    /** A number that grows. */
    static final class Calls {

        private long number;

        Calls(long number) {
            this.number = number;
        }

        long number() {
            return number;
        }
    }

    static Used nothing() {
        return new Used(new HashSet<>(), new HashSet<>(), new Calls(0));
    }

    /** How the budget stands before the next call of this request, should that be the first one that it has not reserved. */
    Charge charge(Budget budget, long allowed, Request request) {
        return switch (budget.unit()) {
            case CUSTOMERS -> new Charge(budget, allowed, customers.size(), customers.contains(request.customerId()));
            case CALLS -> new Charge(budget, allowed, calls.number(), requests.contains(request.number()));
        };
    }

    void count(Request request) {
        customers.add(request.customerId());
        if (requests.add(request.number())) {
            calls.number++;
        }
    }
}
