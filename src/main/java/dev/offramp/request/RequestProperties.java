package dev.offramp.request;

import dev.offramp.job.SourceBudgets;
import dev.offramp.job.SourceBudgets.SourceBudget;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which requests are admitted.
 *
 * @param maxAge how old a request may be when it is read, by its time or by the record's timestamp, whichever is older
 * @param maxSize the longest message that is read; a longer one is refused
 * @param requireCustomerExpectation whether remove-reseller-relationship must say in expect which customer it means
 * @param sources the registered sources; in live mode nobody else is admitted, in observe mode everybody is while none is
 *     registered
 */
@ConfigurationProperties("offramp.request")
public record RequestProperties(
        @DefaultValue("30d") Duration maxAge,
        @DefaultValue("256KB") DataSize maxSize,
        @DefaultValue("true") boolean requireCustomerExpectation,
        @DefaultValue List<Source> sources) {

    public RequestProperties {
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.request.max-age is %s; it must be longer than nothing".formatted(maxAge));
        }
        if (maxSize.toBytes() < 1024 || maxSize.toMegabytes() > 16) {
            throw new IllegalArgumentException(
                    "offramp.request.max-size is %s; it must be from 1KB to 16MB".formatted(maxSize));
        }
        sources = List.copyOf(sources);
    }

    /**
     * A system that may ask.
     *
     * @param name its CloudEvents source, exactly
     * @param operations what it may ask for; all when none is named; withdraw is always allowed
     * @param customers how many customers may be touched for it in the budget's window, over all its operations: a number,
     *     a share of the customer base or both; null: as many as the operations allow
     * @param calls how many destructive calls may be made for it in the budget's window; written like customers
     * @param topic a topic of its own, to which the broker lets nobody else write: its requests are believed there and
     *     nowhere else in Kafka; null: the topic that the sources share
     */
    public record Source(
            String name,
            @DefaultValue List<String> operations,
            @Nullable String customers,
            @Nullable String calls,
            @Nullable String topic) {

        public Source {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("A source in offramp.request.sources lacks its name");
            }
            operations = List.copyOf(operations);
            operations.forEach(Operation::named);
            limit(name, "customers", customers);
            limit(name, "calls", calls);
            if (topic != null && !topic.matches("[a-zA-Z0-9._-]{1,249}")) {
                throw new IllegalArgumentException(
                        "offramp.request.sources: '%s', the topic of the source '%s', is no name that Kafka allows; write letters, digits, dots, hyphens and underscores"
                                .formatted(topic, name));
            }
        }

        SourceBudget budget() {
            return new SourceBudget(limit(name, "customers", customers), limit(name, "calls", calls));
        }

        private static @Nullable Limit limit(String name, String member, @Nullable String written) {
            try {
                return written == null ? null : Limit.of(written);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "offramp.request.sources: %s of the source '%s': %s".formatted(member, name, e.getMessage()),
                        e);
            }
        }

        Set<Operation> allowed() {
            var allowed = EnumSet.noneOf(Operation.class);
            operations.forEach(word -> allowed.add(Operation.named(word)));
            return allowed.isEmpty() ? EnumSet.allOf(Operation.class) : allowed;
        }
    }

    /** What may be touched for each registered source. */
    SourceBudgets budgets() {
        return new SourceBudgets(sources.stream().collect(Collectors.toMap(Source::name, Source::budget)));
    }

    /** What each registered source may ask for. */
    Map<String, Set<Operation>> allowedBySource() {
        var allowed = new LinkedHashMap<String, Set<Operation>>();
        for (var source : sources) {
            if (allowed.put(source.name(), source.allowed()) != null) {
                throw new IllegalArgumentException(
                        "The source '%s' stands twice in offramp.request.sources".formatted(source.name()));
            }
        }
        return allowed;
    }
}
