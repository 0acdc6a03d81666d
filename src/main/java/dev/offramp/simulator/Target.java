package dev.offramp.simulator;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request concerns; ids are in lower case.
 *
 * @param item an order, an Azure subscription, or a reservation
 */
record Target(
        @Nullable String customer,
        @Nullable String subscription,
        @Nullable String item) {

    static final Target NOBODY = new Target(null, null, null);

    String customerId() {
        return customer == null ? "" : customer;
    }

    String subscriptionId() {
        return subscription == null ? "" : subscription;
    }

    String itemId() {
        return item == null ? "" : item;
    }
}
