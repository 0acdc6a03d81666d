package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.job.SourceBudgets;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Freeze;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Unit;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What must hold before a destructive call.
 *
 * @param maxFactAge facts older than this are read again before a call
 * @param sendWithin how long after the gate a call may start; later it is not sent
 * @param protectedCustomers ids of customers that nothing is done to; the partner's own tenant is always protected
 * @param protectedDomains domains of customers that nothing is done to, each as it is ({@code contoso.example}) or with all
 *     that lie under it ({@code *.contoso.example}); with one, each customer's company profile is read before its permit
 * @param protectedFile a file with more of both, one id or domain a line, {@code #} begins a remark; it is read again when
 *     it has changed
 * @param holdExpires what is held for so long without a decision is rejected as {@code hold-expired}; never later than its
 *     {@code notAfter}
 * @param coolingOff how long an operation is not begun after its request was admitted, by operation, so that it can still be
 *     withdrawn; {@code remove-reseller-relationship} has {@code 1h} where nothing is said, the others nothing
 * @param freezes times in which nothing is carried out, each with from and until (local: {@code 2026-12-20T18:00}, or the
 *     first and the last day), time-zone ({@code UTC} where nothing is said), operations (all where none is named) and reason
 * @param profile what each operation may touch where nothing else is said: {@code commissioning} (5 customers in the
 *     window) or {@code steady}
 * @param customerBase how many customers the partner has, which a share is a share of; where nothing is said, they are
 *     counted once a day when a budget goes by it
 * @param budget how much may be touched without a person
 * @param canary how many customers of a group or a run go before the rest
 */
@ConfigurationProperties("offramp.safety")
record SafetyProperties(
        @DefaultValue("30s") Duration maxFactAge,
        @DefaultValue("1s") Duration sendWithin,
        @DefaultValue List<String> protectedCustomers,
        @DefaultValue List<String> protectedDomains,
        @Nullable Path protectedFile,
        @DefaultValue("14d") Duration holdExpires,
        @DefaultValue Map<String, Duration> coolingOff,
        @DefaultValue List<WrittenFreeze> freezes,
        @DefaultValue("commissioning") Profile profile,
        @Nullable Long customerBase,
        @DefaultValue BudgetProperties budget,
        @DefaultValue CanaryProperties canary) {

    SafetyProperties {
        positive(maxFactAge, "max-fact-age");
        positive(sendWithin, "send-within");
        positive(holdExpires, "hold-expires");
        domains(protectedDomains);
        coolingOffs(coolingOff);
        calendar(freezes);
        if (customerBase != null && customerBase < 0) {
            throw new IllegalArgumentException(
                    "offramp.safety.customer-base is %d; write 0 or more, or leave it out.".formatted(customerBase));
        }
    }

    /**
     * Who goes before the rest.
     *
     * @param customers how many customers of a group or a run go first; 0 for nobody; as the profile says where nothing is
     *     said ({@code commissioning} 0, {@code steady} 3)
     * @param settle how long they must have been well before the rest goes on
     */
    record CanaryProperties(
            @Nullable Integer customers,
            @DefaultValue("10m") Duration settle) {

        CanaryProperties {
            if (customers != null && customers < 0) {
                throw new IllegalArgumentException(
                        "offramp.safety.canary.customers is %d; write 0 or more, or leave it out."
                                .formatted(customers));
            }
            if (settle.isNegative()) {
                throw new IllegalArgumentException(
                        "offramp.safety.canary.settle is %s; write a duration, e.g. 10m.".formatted(settle));
            }
        }
    }

    /** Who goes before the rest, with what the jobs say about it. */
    CanaryBook canaries(Jobs jobs) {
        return new CanaryBook(
                jobs, Objects.requireNonNullElse(canary.customers(), profile.canaries()), canary.settle());
    }

    /**
     * How much may be touched. A limit is a number, a share of the customer base or the larger of both: {@code 20},
     * {@code 1%}, {@code 20 or 1%}.
     *
     * @param window length of the sliding window
     * @param customers customers by operation in the window, e.g. {@code cancel-subscription}; as the profile says where
     *     nothing is said
     * @param calls destructive calls by operation in the window, each step of a request for itself; no limit where nothing
     *     is said
     * @param night what may be touched in one night, beside what the window allows
     * @param run what each run of a file may touch, beside what the window allows
     */
    record BudgetProperties(
            @DefaultValue("24h") Duration window,
            @DefaultValue Map<String, String> customers,
            @DefaultValue Map<String, String> calls,
            @DefaultValue Night night,
            @DefaultValue Run run) {

        BudgetProperties {
            positive(window, "budget.window");
            limits("budget.customers", customers);
            limits("budget.calls", calls);
        }
    }

    /**
     * Budgets of one night; by day they do not hold.
     *
     * @param from when a night begins, e.g. {@code 20:00}
     * @param until when it ends; on the next day when it is not later
     * @param timeZone of both
     * @param customers customers by operation in one night; no limit where nothing is said
     * @param calls destructive calls by operation in one night; no limit where nothing is said
     */
    record Night(
            @DefaultValue("20:00") LocalTime from,
            @DefaultValue("06:00") LocalTime until,
            @DefaultValue("UTC") ZoneId timeZone,
            @DefaultValue Map<String, String> customers,
            @DefaultValue Map<String, String> calls) {

        Night {
            limits("budget.night.customers", customers);
            limits("budget.night.calls", calls);
        }

        Period.Night period() {
            return new Period.Night(new RunWindow(EnumSet.allOf(DayOfWeek.class), from, until, timeZone));
        }
    }

    /**
     * Budgets of each run.
     *
     * @param customers customers that each run may touch; no limit where nothing is said
     * @param calls destructive calls that each run may make; no limit where nothing is said
     */
    record Run(@Nullable String customers, @Nullable String calls) {

        Run {
            limit("budget.run.customers", customers);
            limit("budget.run.calls", calls);
        }
    }

    /**
     * A freeze as it is written.
     *
     * @param from local date or date-time
     * @param until local date-time, or the last day that belongs to it
     * @param timeZone of both
     * @param operations which are not carried out; all when none is named
     * @param reason why, for people
     */
    record WrittenFreeze(
            @DefaultValue("") String from,
            @DefaultValue("") String until,
            @DefaultValue("UTC") ZoneId timeZone,
            @DefaultValue List<String> operations,
            @DefaultValue("") String reason) {

        private Freeze read(String key) {
            Set<Operation> all = EnumSet.noneOf(Operation.class);
            operations.forEach(word -> all.add(operation(key + ".operations", word)));
            try {
                return Freeze.of(from, until, timeZone, all, reason);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("offramp.safety.%s: %s".formatted(key, e.getMessage()), e);
            }
        }
    }

    FreezeCalendar freezeCalendar() {
        return calendar(freezes);
    }

    private static FreezeCalendar calendar(List<WrittenFreeze> written) {
        return new FreezeCalendar(IntStream.range(0, written.size())
                .mapToObj(each -> written.get(each).read("freezes[%d]".formatted(each)))
                .toList());
    }

    CoolingOff coolingOffs() {
        return coolingOffs(coolingOff);
    }

    private static CoolingOff coolingOffs(Map<String, Duration> written) {
        Map<Operation, Duration> times = new EnumMap<>(Operation.class);
        written.forEach((word, time) -> {
            Operation operation = operation("cooling-off", word);
            if (time.isNegative()) {
                throw new IllegalArgumentException(
                        "offramp.safety.cooling-off.%s is %s; write a duration of 0 or more, e.g. 1h."
                                .formatted(word, time));
            }
            times.put(operation, time);
        });
        return CoolingOff.USUAL.with(times);
    }

    /** What stands in the configuration itself. */
    ProtectedList protectedList() {
        return new ProtectedList(protectedIds(), domains(protectedDomains));
    }

    private static ProtectedDomains domains(List<String> written) {
        try {
            return ProtectedDomains.of(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("offramp.safety.protected-domains: %s".formatted(e.getMessage()), e);
        }
    }

    Set<CustomerId> protectedIds() {
        return protectedCustomers.stream().map(CustomerId::of).collect(Collectors.toUnmodifiableSet());
    }

    /** All budgets, with those of the jobs and sources. */
    BudgetBook book(Jobs jobs, SourceBudgets sources) {
        var customers = limits("budget.customers", budget.customers());
        var book = BudgetBook.over(budget.window());
        destructiveOnes()
                .forEach(each -> book.operation(
                        each.word(), Unit.CUSTOMERS, customers.getOrDefault(each, profile.customers(each))));
        limits("budget.calls", budget.calls())
                .forEach((operation, limit) -> book.operation(operation.word(), Unit.CALLS, limit));
        var night = budget.night();
        limits("budget.night.customers", night.customers())
                .forEach((operation, limit) -> book.operation(operation.word(), Unit.CUSTOMERS, limit, night.period()));
        limits("budget.night.calls", night.calls())
                .forEach((operation, limit) -> book.operation(operation.word(), Unit.CALLS, limit, night.period()));
        sources.bySource()
                .forEach((source, of) ->
                        book.source(source, Unit.CUSTOMERS, of.customers()).source(source, Unit.CALLS, of.calls()));
        return book.jobs(jobs)
                .runs(Unit.CUSTOMERS, limit("budget.run.customers", budget.run().customers()))
                .runs(Unit.CALLS, limit("budget.run.calls", budget.run().calls()))
                .build();
    }

    private static Map<Operation, Limit> limits(String key, Map<String, String> written) {
        Map<Operation, Limit> limits = new EnumMap<>(Operation.class);
        written.forEach((word, text) -> {
            limits.put(operation(key, word), read(key + "." + word, text));
        });
        return limits;
    }

    private static Operation operation(String key, String word) {
        return Operation.of(word)
                .filter(Operation::destructive)
                .orElseThrow(() ->
                        new IllegalArgumentException("offramp.safety.%s: there is no operation '%s'; write one of %s."
                                .formatted(key, word, destructive())));
    }

    private static @Nullable Limit limit(String key, @Nullable String written) {
        return written == null ? null : read(key, written);
    }

    private static Limit read(String key, String written) {
        try {
            return Limit.of(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("offramp.safety.%s: %s".formatted(key, e.getMessage()), e);
        }
    }

    private static Stream<Operation> destructiveOnes() {
        return Stream.of(Operation.values()).filter(Operation::destructive);
    }

    private static Set<String> destructive() {
        return destructiveOnes().map(Operation::word).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void positive(Duration value, String key) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.safety.%s is %s; write a duration above zero, e.g. 30s.".formatted(key, value));
        }
    }
}
