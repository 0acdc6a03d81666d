package dev.offramp.safety;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Limit;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All budgets of an installation, and which of them concern a request.
 *
 * @param standing by whose they are
 * @param ofRuns what holds for every run, by the name of its job; what holds for the runs of all jobs stands under ""
 */
record BudgetBook(Map<Scope, List<Budget>> standing, Map<String, List<Budget>> ofRuns) {

    private static final String EVERY_JOB = "";

    BudgetBook {
        standing = Map.copyOf(standing);
        ofRuns = Map.copyOf(ofRuns);
    }

    /** Those of the operation come first, then those of source, job and run. An operation without a budget may nothing. */
    List<Budget> of(Request request) {
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
                        .add(new Budget(new Scope(Scope.Kind.RUN, ""), unit, limit, new Period.WholeRun()));
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
            return new BudgetBook(standing, ofRuns);
        }
    }

    static Builder over(Duration window) {
        return over(new Period.Sliding(window));
    }
}
