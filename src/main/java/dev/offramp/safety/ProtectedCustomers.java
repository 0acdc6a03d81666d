package dev.offramp.safety;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Customers that nothing is done to, by id or by domain; the partner's own tenant always is one of them. */
public final class ProtectedCustomers {

    private final Supplier<ProtectedList> list;
    private final PartnerTenantId partner;

    /** @param list whom, now: it may be another one each time */
    ProtectedCustomers(Supplier<ProtectedList> list, PartnerTenantId partner) {
        this.list = list;
        this.partner = partner;
    }

    /** Always the same. */
    static ProtectedCustomers of(Set<CustomerId> customers, PartnerTenantId partner) {
        var always = new ProtectedList(customers, ProtectedDomains.NONE);
        return new ProtectedCustomers(() -> always, partner);
    }

    /** Whether it is known by the id alone. */
    public boolean contains(CustomerId customer) {
        return list.get().customers().contains(customer) || customer.value().equals(partner.value());
    }

    /** Whether the id alone does not tell. */
    boolean asksForDomains() {
        return !list.get().domains().isEmpty();
    }

    /** What is known of a customer's domains. */
    sealed interface ByDomain {

        /** None of them is protected. */
        record Free() implements ByDomain {}

        /**
         * One of them is.
         *
         * @param by what it says in the list
         */
        record Protected(String domain, String by) implements ByDomain {}

        /** It cannot be told. */
        record Unknown(String why) implements ByDomain {}
    }

    /** @param read the company profile; null when it was not read */
    ByDomain byDomain(@Nullable Customer read) {
        ProtectedDomains domains = list.get().domains();
        if (domains.isEmpty()) {
            return new ByDomain.Free();
        }
        if (read == null || read.domain() == null) {
            return new ByDomain.Unknown("no domain of the customer could be read");
        }
        List<String> all = new ArrayList<>(read.customDomains());
        all.addFirst(read.domain());
        for (String each : all) {
            Optional<String> plain = ProtectedDomains.plain(each);
            if (plain.isEmpty()) {
                return new ByDomain.Unknown("its domain '%s' is none".formatted(each));
            }
            Optional<String> by = domains.match(plain.get());
            if (by.isPresent()) {
                return new ByDomain.Protected(each, by.get());
            }
        }
        return new ByDomain.Free();
    }
}
