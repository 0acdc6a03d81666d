package dev.offramp.offboarding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What we read about one customer.
 *
 * @param domain its default domain
 * @param customDomains the others, as far as we are told: without delegated administration nothing is said of them
 * @param relationship {@code relationshipToPartner} as spelled, null when missing
 */
public record Customer(
        CustomerId id,
        @Nullable String companyName,
        @Nullable String domain,
        List<String> customDomains,
        @Nullable String relationship) {

    public Customer {
        // Rows of a time before that was read have none.
        customDomains = customDomains == null ? List.of() : List.copyOf(customDomains);
    }

    /** With no domain but its default one. */
    public Customer(
            CustomerId id, @Nullable String companyName, @Nullable String domain, @Nullable String relationship) {
        this(id, companyName, domain, List.of(), relationship);
    }

    /** Whether the server says that there is no relationship any more. */
    public boolean isUnlinked() {
        return "none".equalsIgnoreCase(relationship);
    }
}
