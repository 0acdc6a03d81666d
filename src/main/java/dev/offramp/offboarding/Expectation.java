package dev.offramp.offboarding;

import org.jspecify.annotations.Nullable;

/** What the asker believes about the target; each member that is present must hold before anything is changed. */
public record Expectation(
        @Nullable String offerId,
        @Nullable Integer quantity,
        @Nullable String customerDomain,
        @Nullable String customerName) {

    public static final Expectation NONE = new Expectation(null, null, null, null);

    /** Whether it says which customer is meant. */
    public boolean namesTheCustomer() {
        return customerDomain != null || customerName != null;
    }
}
