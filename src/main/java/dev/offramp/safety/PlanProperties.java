package dev.offramp.safety;

import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for plans.
 *
 * @param expires for how long a plan is worth going by once it is made, approved or not
 * @param required operations that are carried out by an approved plan only, e.g. {@code remove-reseller-relationship}; no
 *     release passes that
 */
@ConfigurationProperties("offramp.safety.plan")
record PlanProperties(
        @DefaultValue("24h") Duration expires, @DefaultValue List<String> required) {

    PlanProperties {
        if (expires.isNegative() || expires.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.safety.plan.expires is %s; write a duration above zero, e.g. 24h.".formatted(expires));
        }
        operations(required);
    }

    Set<Operation> operations() {
        return operations(required);
    }

    private static Set<Operation> operations(List<String> words) {
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        for (String word : words) {
            operations.add(Operation.of(word)
                    .filter(Operation::destructive)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "offramp.safety.plan.required names '%s', which is no operation that changes something; write some of %s."
                                    .formatted(
                                            word,
                                            Stream.of(Operation.values())
                                                    .filter(Operation::destructive)
                                                    .map(Operation::word)
                                                    .collect(Collectors.joining(", "))))));
        }
        return operations;
    }
}
