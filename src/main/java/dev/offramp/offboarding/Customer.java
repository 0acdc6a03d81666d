package dev.offramp.offboarding;

import org.jspecify.annotations.Nullable;

/**
 * What we read about one customer.
 *
 * @param relationship {@code relationshipToPartner} as spelled, null when missing
 */
public record Customer(
        CustomerId id,
        @Nullable String companyName,
        @Nullable String domain,
        @Nullable String relationship) {

    /** Whether the server says that there is no relationship any more. */
    public boolean isUnlinked() {
        return "none".equalsIgnoreCase(relationship);
    }
}
