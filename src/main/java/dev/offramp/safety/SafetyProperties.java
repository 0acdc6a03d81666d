package dev.offramp.safety;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What must hold before a destructive call.
 *
 * @param maxFactAge facts older than this are read again before a call
 * @param sendWithin how long after the gate a call may start; later it is not sent
 * @param protectedCustomers ids of customers that nothing is done to; the partner's own tenant is always protected
 * @param holdExpires what is held for so long without a decision is rejected as {@code hold-expired}; never later than its
 *     {@code notAfter}
 * @param budget how many customers may be touched without a person
 */
@ConfigurationProperties("offramp.safety")
record SafetyProperties(
        @DefaultValue("30s") Duration maxFactAge,
        @DefaultValue("1s") Duration sendWithin,
        @DefaultValue List<String> protectedCustomers,
        @DefaultValue("14d") Duration holdExpires,
        @DefaultValue Budget budget) {

    private static final int COMMISSIONING = 5;

    SafetyProperties {
        positive(maxFactAge, "max-fact-age");
        positive(sendWithin, "send-within");
        positive(holdExpires, "hold-expires");
    }

    /**
     * Customers per operation in a sliding window.
     *
     * @param window length of the sliding window
     * @param customers customers by operation, e.g. {@code cancel-subscription}; 5 where nothing is said
     */
    record Budget(
            @DefaultValue("24h") Duration window,
            @DefaultValue Map<String, Integer> customers) {

        Budget {
            positive(window, "budget.window");
            customers.forEach((operation, limit) -> {
                if (Operation.of(operation).filter(Operation::destructive).isEmpty()) {
                    throw new IllegalArgumentException(
                            "offramp.safety.budget.customers: there is no operation '%s'; write one of %s."
                                    .formatted(operation, destructive()));
                }
                if (limit < 0) {
                    throw new IllegalArgumentException(
                            "offramp.safety.budget.customers.%s is %d; write 0 or more.".formatted(operation, limit));
                }
            });
        }

        Map<Operation, Integer> limits() {
            Map<Operation, Integer> limits = new HashMap<>();
            for (Operation operation : Operation.values()) {
                if (operation.destructive()) {
                    limits.put(operation, customers.getOrDefault(operation.word(), COMMISSIONING));
                }
            }
            return limits;
        }

        private static Set<String> destructive() {
            return java.util.stream.Stream.of(Operation.values())
                    .filter(Operation::destructive)
                    .map(Operation::word)
                    .collect(Collectors.toCollection(java.util.TreeSet::new));
        }
    }

    Set<CustomerId> protectedIds() {
        return protectedCustomers.stream().map(CustomerId::of).collect(Collectors.toUnmodifiableSet());
    }

    private static void positive(Duration value, String key) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.safety.%s is %s; write a duration above zero, e.g. 30s.".formatted(key, value));
        }
    }
}
