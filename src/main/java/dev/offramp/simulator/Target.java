package dev.offramp.simulator;

import org.jspecify.annotations.Nullable;

/** Whom a request concerns; ids are in lower case. */
record Target(@Nullable String customer, @Nullable String subscription) {

    static final Target NOBODY = new Target(null, null);

    String customerId() {
        return customer == null ? "" : customer;
    }

    String subscriptionId() {
        return subscription == null ? "" : subscription;
    }
}
