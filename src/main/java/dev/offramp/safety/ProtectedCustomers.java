package dev.offramp.safety;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import java.util.Set;

/** Customers that nothing is done to; the partner's own tenant always is one of them. */
public record ProtectedCustomers(Set<CustomerId> customers, PartnerTenantId partner) {

    public ProtectedCustomers {
        customers = Set.copyOf(customers);
    }

    public boolean contains(CustomerId customer) {
        return customers.contains(customer) || customer.value().equals(partner.value());
    }
}
