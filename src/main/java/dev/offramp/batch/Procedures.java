package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Operation;
import java.util.Map;
import java.util.Optional;

/**
 * Which procedure carries out a request.
 *
 * @param byOperation for what names a customer or a subscription
 * @param ofOrders for what names an order
 */
record Procedures(Map<Operation, Procedure> byOperation, Procedure ofOrders) {

    Procedures {
        byOperation = Map.copyOf(byOperation);
    }

    /** Empty for a withdraw, which no procedure carries out. */
    Optional<Procedure> of(Request request) {
        return request.order() == null
                ? Optional.ofNullable(byOperation.get(request.operation()))
                : Optional.of(ofOrders);
    }
}
