package dev.offramp.safety;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Limit;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Span;
import dev.offramp.safety.Budget.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All budgets of an installation, and which of them concern a request.
 *
 * @param standing by whose they are
 * @param ofRuns what holds for every run, by the name of its job; what holds for the runs of all jobs stands under ""
 * @param plans what applied plans carry with them
 */
record BudgetBook(Map<Scope, List<Budget>> standing, Map<String, List<Budget>> ofRuns, PlanBudgets plans) {

    private static final String EVERY_JOB = "";

    BudgetBook {
        standing = Map.copyOf(standing);
        ofRuns = Map.copyOf(ofRuns);
    }

    /** The same with plans. */
    BudgetBook with(PlanBudgets applied) {
        return new BudgetBook(standing, ofRuns, applied);
    }

    /** By which a request is judged: one of an approved plan by what the plan carries with it, all others by the standing ones. */
    List<Budget> of(Request request) {
        Long plan = request.plan();
        return plan == null ? standing(request) : plans.of(plan);
    }

    /** In which a request counts: one of an approved plan in the standing ones, too. */
    private List<Budget> counting(Request request) {
        return request.plan() == null
                ? standing(request)
                : Stream.concat(standing(request).stream(), of(request).stream())
                        .toList();
    }

    /** Those of the operation come first, then those of source, job and run. An operation without a budget may nothing. */
    private List<Budget> standing(Request request) {
        Admission admission = request.admission();
        Admission.Line line = admission.line();
        Scope operation = new Scope(Scope.Kind.OPERATION, admission.operation().word());
        return Stream.of(
                        standing.getOrDefault(operation, List.of(nothing(operation))),
                        of(Scope.Kind.SOURCE, admission.key().source()),
                        of(Scope.Kind.JOB, admission.job()),
                        line == null ? List.<Budget>of() : ofRun(admission.job(), line.run()))
                .flatMap(List::stream)
                .toList();
    }

    private static Budget nothing(Scope scope) {
        return new Budget(scope, Unit.CUSTOMERS, Limit.of(0), new Period.Sliding(Duration.ofDays(1)));
    }

    private List<Budget> of(Scope.Kind kind, String name) {
        return standing.getOrDefault(new Scope(kind, name), List.of());
    }

    List<Budget> ofRun(String job, long run) {
        Scope scope = new Scope(Scope.Kind.RUN, String.valueOf(run));
        return Stream.of(EVERY_JOB, job)
                .flatMap(each -> ofRuns.getOrDefault(each, List.of()).stream())
                .map(each -> new Budget(scope, each.unit(), each.limit(), each.period()))
                .toList();
    }

    /** What is counted of one scope since a moment. */
    record Place(Scope scope, Instant after) {}

    /**
     * What is counted in a place.
     *
     * @param ofCustomer calls of the customer who is asked for
     */
    record Counts(long customers, long calls, long ofCustomer) {}

    /** Counts the permits of a place. */
    interface Counting {

        Counts count(Place place, CustomerId customer);
    }

    /** What the budgets say about a permit. */
    sealed interface Answer {

        /** There is one that counts in all of them: it is worth as much as a new one. */
        record FoundAgain() implements Answer {}

        /** All of them have room. */
        record Fits() implements Answer {}

        /** One has none. */
        record UsedUp(Exceeded exceeded) implements Answer {}
    }

    /**
     * The decision about the permit of one step of a request. One that is no longer counted everywhere is worth no more and must
     * fit in anew.
     *
     * @param own when it was reserved, if it is there
     * @param customers the size of the customer base, if it is known and needed
     */
    Answer judge(Request request, Optional<Instant> own, OptionalLong customers, Counting counting, Instant now) {
        Map<Place, Counts> counts = new HashMap<>();
        List<Charge> charges = new ArrayList<>();
        boolean countsEverywhere = own.isPresent();
        for (Budget budget : of(request)) {
            Optional<Span> span = budget.period().at(now);
            if (span.isEmpty()) {
                continue;
            }
            Counts here = counts.computeIfAbsent(
                    new Place(budget.scope(), span.get().after()),
                    place -> counting.count(place, request.customerId()));
            boolean ownCounts = own.filter(span.get()::holds).isPresent();
            countsEverywhere &= ownCounts;
            charges.add(new Charge(
                    budget,
                    budget.limit().allowed(customers),
                    budget.unit() == Unit.CUSTOMERS ? here.customers() : here.calls(),
                    ownCounts || budget.unit() == Unit.CUSTOMERS && here.ofCustomer() > 0));
        }
        if (countsEverywhere) {
            return new Answer.FoundAgain();
        }
        return (Burst.isBeyondBudgets(request.released()) ? Optional.<Exceeded>empty() : Charge.exceeded(charges))
                .<Answer>map(Answer.UsedUp::new)
                .orElseGet(Answer.Fits::new);
    }

    /**
     * Judges requests one after the other, as if each that is counted had its next permit.
     *
     * @param counted what is counted in a place now; asked for once
     * @param base the size of the customer base; asked for when it is needed
     */
    Budgets.Forecast forecast(Function<Place, Used> counted, Supplier<OptionalLong> base, Instant now) {
        return new CountedForecast(counted, base, now);
    }

    private final class CountedForecast implements Budgets.Forecast {

        private final Function<Place, Used> counted;
        private final Supplier<OptionalLong> base;
        private final Instant now;
        private final Map<Place, Used> used = new HashMap<>();
        private @Nullable OptionalLong customers;

        private CountedForecast(Function<Place, Used> counted, Supplier<OptionalLong> base, Instant now) {
            this.counted = counted;
            this.base = base;
            this.now = now;
        }

        @Override
        public Optional<Exceeded> exceeded(Request request) {
            List<Charge> charges = new ArrayList<>();
            for (Budget budget : of(request)) {
                budget.period()
                        .at(now)
                        .ifPresent(span -> charges.add(used(budget, span)
                                .charge(budget, budget.limit().allowed(customersFor(budget)), request)));
            }
            return Charge.exceeded(charges);
        }

        @Override
        public void count(Request request) {
            for (Budget budget : counting(request)) {
                budget.period().at(now).ifPresent(span -> used(budget, span).count(request));
            }
        }

        private Used used(Budget budget, Span span) {
            return used.computeIfAbsent(new Place(budget.scope(), span.after()), counted);
        }

        private OptionalLong customersFor(Budget budget) {
            if (!budget.limit().needsBase()) {
                return OptionalLong.empty();
            }
            if (customers == null) {
                customers = base.get();
            }
            return customers;
        }
    }

    /**
     * The rows to lock before a permit is reserved, in the one order in which everybody does it. The requests of a run are
     * those of one job, so the job's row is that of its runs.
     */
    SortedSet<String> locks(Request request) {
        SortedSet<String> locks = new TreeSet<>();
        locks.add(row(new Scope(Scope.Kind.OPERATION, request.operation().word())));
        for (Budget budget : counting(request)) {
            locks.add(row(
                    budget.scope().kind() == Scope.Kind.RUN
                            ? new Scope(Scope.Kind.JOB, request.admission().job())
                            : budget.scope()));
        }
        return locks;
    }

    /** The row that stands for a scope. */
    static String row(Scope scope) {
        return scope.kind().word() + ":" + scope.name();
    }

    /** Whether anything in it is a share of the customer base. */
    boolean needsBase() {
        return Stream.concat(standing.values().stream(), ofRuns.values().stream())
                .flatMap(List::stream)
                .anyMatch(each -> each.limit().needsBase());
    }

    static Builder over(Period.Sliding window) {
        return new Builder(window);
    }

    /** Collects budgets; a limit that is null is none. */
    static final class Builder {

        private final Period.Sliding window;
        private final Map<Scope, List<Budget>> standing = new LinkedHashMap<>();
        private final Map<String, List<Budget>> ofRuns = new HashMap<>();

        private Builder(Period.Sliding window) {
            this.window = window;
        }

        Builder operation(String word, Unit unit, @Nullable Limit limit, Period period) {
            return add(new Scope(Scope.Kind.OPERATION, word), unit, limit, period);
        }

        Builder operation(String word, Unit unit, @Nullable Limit limit) {
            return operation(word, unit, limit, window);
        }

        Builder source(String name, Unit unit, @Nullable Limit limit) {
            return add(new Scope(Scope.Kind.SOURCE, name), unit, limit, window);
        }

        Builder jobs(Jobs jobs) {
            jobs.all().forEach(each -> job(each.name(), each.guards()));
            return this;
        }

        private void job(String name, JobDefinition.Guards guards) {
            Scope scope = new Scope(Scope.Kind.JOB, name);
            add(scope, Unit.CUSTOMERS, guards.customers(), window);
            add(scope, Unit.CALLS, guards.calls(), window);
            run(name, Unit.CUSTOMERS, guards.customersPerRun());
            run(name, Unit.CALLS, guards.callsPerRun());
        }

        /** For each run of every job. */
        Builder runs(Unit unit, @Nullable Limit limit) {
            return run(EVERY_JOB, unit, limit);
        }

        private Builder run(String job, Unit unit, @Nullable Limit limit) {
            if (limit != null) {
                ofRuns.computeIfAbsent(job, _ -> new ArrayList<>())
                        .add(new Budget(new Scope(Scope.Kind.RUN, ""), unit, limit, new Period.Whole(Scope.Kind.RUN)));
            }
            return this;
        }

        private Builder add(Scope scope, Unit unit, @Nullable Limit limit, Period period) {
            if (limit != null) {
                standing.computeIfAbsent(scope, _ -> new ArrayList<>()).add(new Budget(scope, unit, limit, period));
            }
            return this;
        }

        BudgetBook build() {
            return new BudgetBook(standing, ofRuns, PlanBudgets.NONE);
        }
    }

    static Builder over(Duration window) {
        return over(new Period.Sliding(window));
    }
}
