package dev.offramp.safety;

import dev.offramp.offboarding.CustomerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whom nothing is done to. */
record ProtectedList(Set<CustomerId> customers, ProtectedDomains domains) {

    static final ProtectedList EMPTY = new ProtectedList(Set.of(), ProtectedDomains.NONE);

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    ProtectedList {
        customers = Set.copyOf(customers);
    }

    /**
     * One id or domain a line; what follows a {@code #} is for people.
     *
     * @throws IllegalArgumentException when a line is neither; says which
     */
    static ProtectedList of(List<String> lines) {
        Set<CustomerId> customers = new HashSet<>();
        List<String> domains = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1)
                    .replaceFirst("#.*", "")
                    .replace("\uFEFF", "")
                    .strip();
            if (line.isEmpty()) {
                continue;
            }
            if (ID.matcher(line).matches()) {
                customers.add(CustomerId.of(line));
            } else {
                try {
                    ProtectedDomains.of(List.of(line));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "line %d: '%s' is neither a customer's id nor a domain.".formatted(number, line), e);
                }
                domains.add(line);
            }
        }
        return new ProtectedList(customers, ProtectedDomains.of(domains));
    }

    boolean isEmpty() {
        return customers.isEmpty() && domains.isEmpty();
    }

    ProtectedList and(ProtectedList other) {
        Set<CustomerId> all = new HashSet<>(customers);
        all.addAll(other.customers);
        return new ProtectedList(all, domains.and(other.domains));
    }
}
