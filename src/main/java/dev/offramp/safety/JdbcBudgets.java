package dev.offramp.safety;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Span;
import dev.offramp.safety.Budget.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Budgets counted from the permits in their time, one reservation at a time under the locked rows of all that concern it. */
final class JdbcBudgets implements Budgets {

    /** Runs that reserved something in it are listed. */
    private static final Duration RUNS_OF = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final BudgetBook book;
    private final CustomerBase base;
    private final Bursts bursts;
    private final Set<String> rows = ConcurrentHashMap.newKeySet();

    JdbcBudgets(JdbcClient jdbc, TransactionTemplate transactions, BudgetBook book, CustomerBase base, Bursts bursts) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.book = book;
        this.base = base;
        this.bursts = bursts;
    }

    @Override
    public Reservation reserve(Request request, String step, Instant now) {
        List<Budget> concerned = book.of(request);
        SortedSet<String> locks = locks(request, concerned);
        locks.forEach(this::addRow);
        OptionalLong customers = base(concerned, now);
        return Objects.requireNonNull(transactions.execute(_ -> {
            locks.forEach(this::lock);
            Optional<Burst.Hold> onHold = bursts.hold(request);
            if (onHold.isPresent()) {
                return new Reservation.OnHold(onHold.get());
            }
            Optional<Instant> own = reservedAt(request, step);
            List<Charge> charges = charges(request, concerned, own, customers, now);
            // One that is counted everywhere is found again; one that is not is worth no more and must fit in anew.
            if (own.isPresent() && countsEverywhere(own.get(), concerned, now)) {
                return new Reservation.Reserved();
            }
            Optional<Exceeded> exceeded =
                    Burst.isBeyondBudgets(request.released()) ? Optional.empty() : Charge.exceeded(charges);
            if (exceeded.isPresent()) {
                bursts.open(request, exceeded.get(), false, now);
                return new Reservation.UsedUp(exceeded.get());
            }
            write(request, step, now);
            return new Reservation.Reserved();
        }));
    }

    /**
     * The rows to lock, in the one order in which everybody does it. The requests of a run are those of one job, so the
     * job's row is that of its runs.
     */
    private static SortedSet<String> locks(Request request, List<Budget> concerned) {
        SortedSet<String> locks = new TreeSet<>();
        locks.add(row(new Scope(Scope.Kind.OPERATION, request.operation().word())));
        for (Budget budget : concerned) {
            locks.add(row(
                    budget.scope().kind() == Scope.Kind.RUN
                            ? new Scope(Scope.Kind.JOB, request.admission().job())
                            : budget.scope()));
        }
        return locks;
    }

    private static String row(Scope scope) {
        return scope.kind().word() + ":" + scope.name();
    }

    /** Before the transaction of the reservation: where two insert one row at once, one of them fails. */
    private void addRow(String row) {
        if (rows.contains(row)) {
            return;
        }
        synchronized (rows) {
            try {
                jdbc.sql("""
                                insert into budget (scope)
                                select cast(:scope as varchar)
                                 where not exists (select 1 from budget where scope = :scope)
                                """).param("scope", row).update();
            } catch (DuplicateKeyException anotherNodeWasFaster) {
                // The row is there.
            }
            rows.add(row);
        }
    }

    private void lock(String row) {
        jdbc.sql("""
                        select scope
                          from budget
                         where scope = :scope
                           for update
                        """).param("scope", row).query(String.class).single();
    }

    private OptionalLong base(Collection<Budget> concerned, Instant now) {
        return concerned.stream().anyMatch(each -> each.limit().needsBase())
                ? base.size(now).map(CustomerBase.Size::asNumber).orElseGet(OptionalLong::empty)
                : OptionalLong.empty();
    }

    private static boolean countsEverywhere(Instant own, List<Budget> concerned, Instant now) {
        return concerned.stream()
                .flatMap(each -> each.period().at(now).stream())
                .allMatch(span -> span.holds(own));
    }

    private List<Charge> charges(
            Request request, List<Budget> concerned, Optional<Instant> own, OptionalLong customers, Instant now) {
        Map<Place, Counts> counts = new HashMap<>();
        List<Charge> charges = new ArrayList<>();
        for (Budget budget : concerned) {
            Optional<Span> span = budget.period().at(now);
            if (span.isEmpty()) {
                continue;
            }
            Counts here = counts.computeIfAbsent(
                    new Place(budget.scope(), span.get().after()), place -> counts(place, request.customerId()));
            boolean ownCounts = own.filter(span.get()::holds).isPresent();
            charges.add(new Charge(
                    budget,
                    budget.limit().allowed(customers),
                    budget.unit() == Unit.CUSTOMERS ? here.customers() : here.calls(),
                    ownCounts || budget.unit() == Unit.CUSTOMERS && here.ofCustomer() > 0));
        }
        return charges;
    }

    /** What is counted once for all budgets of a scope and a time. */
    private record Place(Scope scope, Instant after) {

        String column() {
            return switch (scope.kind()) {
                case OPERATION -> "operation";
                case SOURCE -> "source";
                case JOB -> "job";
                case RUN -> "run_number";
            };
        }

        Object value() {
            return scope.kind() == Scope.Kind.RUN ? Long.valueOf(scope.name()) : scope.name();
        }

        OffsetDateTime start() {
            return after.atOffset(ZoneOffset.UTC);
        }
    }

    private record Counts(long customers, long calls, long ofCustomer) {}

    private Counts counts(Place place, CustomerId customer) {
        return jdbc.sql("""
                        select count(distinct customer_id) as customers,
                               count(*) as calls,
                               count(case when customer_id = :customer then 1 end) as of_customer
                          from permit
                         where %s = :value
                           and reserved_at > :start
                        """.formatted(place.column()))
                .param("customer", customer.value())
                .param("value", place.value())
                .param("start", place.start())
                .query((row, _) ->
                        new Counts(row.getLong("customers"), row.getLong("calls"), row.getLong("of_customer")))
                .single();
    }

    private Optional<Instant> reservedAt(Request request, String step) {
        return jdbc.sql("""
                        select reserved_at
                          from permit
                         where request_number = :request
                           and step = :step
                        """)
                .param("request", request.number())
                .param("step", step)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    private void write(Request request, String step, Instant now) {
        int again = jdbc.sql("""
                        update permit
                           set state = 'reserved',
                               reserved_at = :now
                         where request_number = :request
                           and step = :step
                        """)
                .param("request", request.number())
                .param("step", step)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        if (again == 0) {
            Admission admission = request.admission();
            jdbc.sql("""
                            insert into permit (request_number, step, operation, source, job, run_number, customer_id,
                                                state, reserved_at)
                            values (:request, :step, :operation, :source, :job, :run, :customer, 'reserved', :now)
                            """)
                    .param("request", request.number())
                    .param("step", step)
                    .param("operation", admission.operation().word())
                    .param("source", admission.key().source())
                    .param("job", admission.job())
                    .param(
                            "run",
                            admission.line() == null ? null : admission.line().run(),
                            java.sql.Types.BIGINT)
                    .param("customer", admission.customerId().value())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    @Override
    public Forecast forecast(Instant now) {
        return new CountedForecast(now);
    }

    /** Counted when a request asks for it first. */
    private final class CountedForecast implements Forecast {

        private final Instant now;
        private final Map<Place, Used> used = new HashMap<>();
        private @Nullable OptionalLong customers;

        private CountedForecast(Instant now) {
            this.now = now;
        }

        @Override
        public Optional<Exceeded> exceeded(Request request) {
            List<Charge> charges = new ArrayList<>();
            for (Budget budget : book.of(request)) {
                budget.period()
                        .at(now)
                        .ifPresent(span -> charges.add(used(budget, span)
                                .charge(budget, budget.limit().allowed(customersFor(budget)), request)));
            }
            return Charge.exceeded(charges);
        }

        @Override
        public void count(Request request) {
            for (Budget budget : book.of(request)) {
                budget.period().at(now).ifPresent(span -> used(budget, span).count(request));
            }
        }

        private Used used(Budget budget, Span span) {
            return used.computeIfAbsent(new Place(budget.scope(), span.after()), JdbcBudgets.this::used);
        }

        private OptionalLong customersFor(Budget budget) {
            if (!budget.limit().needsBase()) {
                return OptionalLong.empty();
            }
            if (customers == null) {
                customers = base(List.of(budget), now);
            }
            return customers;
        }
    }

    private Used used(Place place) {
        Set<CustomerId> customers = new HashSet<>();
        Set<Long> requests = new HashSet<>();
        List<CustomerId> calls = jdbc.sql("""
                        select request_number, customer_id
                          from permit
                         where %s = :value
                           and reserved_at > :start
                        """.formatted(place.column()))
                .param("value", place.value())
                .param("start", place.start())
                .query((row, _) -> {
                    requests.add(row.getLong("request_number"));
                    return CustomerId.of(row.getString("customer_id"));
                })
                .list();
        customers.addAll(calls);
        return new Used(customers, requests, new Used.Calls(calls.size()));
    }

    @Override
    public List<Standing> list(Instant now) {
        List<Budget> all = new ArrayList<>();
        book.standing().values().forEach(all::addAll);
        runs(now).forEach(run -> all.addAll(book.ofRun(run.job(), run.number())));
        OptionalLong customers = base(all, now);
        return all.stream()
                .sorted(Comparator.comparing((Budget each) -> each.scope().kind())
                        .thenComparing(each -> each.scope().name())
                        .thenComparing(Budget::unit))
                .map(each -> standing(each, customers, now))
                .toList();
    }

    private record RunOfJob(long number, String job) {}

    private List<RunOfJob> runs(Instant now) {
        return jdbc.sql("""
                        select distinct run_number, job
                          from permit
                         where run_number is not null
                           and reserved_at > :start
                         order by run_number desc
                         limit 20
                        """)
                .param("start", now.minus(RUNS_OF).atOffset(ZoneOffset.UTC))
                .query((row, _) ->
                        new RunOfJob(row.getLong("run_number"), Objects.requireNonNull(row.getString("job"))))
                .list();
    }

    private Standing standing(Budget budget, OptionalLong customers, Instant now) {
        long allowed = budget.limit().allowed(customers);
        Optional<Span> span = budget.period().at(now);
        if (span.isEmpty()) {
            return new Standing(budget, allowed, false, 0, null);
        }
        List<Instant> counted =
                newestOfEach(budget.unit(), new Place(budget.scope(), span.get().after()));
        return new Standing(budget, allowed, true, counted.size(), nextFreeAt(budget.period(), span.get(), counted));
    }

    private static @Nullable Instant nextFreeAt(Period period, Span span, List<Instant> counted) {
        if (counted.isEmpty()) {
            return null;
        }
        return switch (period) {
            case Period.Sliding sliding ->
                counted.stream().min(Comparator.naturalOrder()).orElseThrow().plus(sliding.length());
            case Period.Night _ -> span.until();
            case Period.WholeRun _ -> null;
        };
    }

    /** When each customer was touched last, or each call was reserved. */
    private List<Instant> newestOfEach(Unit unit, Place place) {
        return jdbc.sql("""
                        select max(reserved_at)
                          from permit
                         where %s = :value
                           and reserved_at > :start
                         group by %s
                        """.formatted(place.column(), unit == Unit.CUSTOMERS ? "customer_id" : "request_number, step"))
                .param("value", place.value())
                .param("start", place.start())
                .query((row, _) -> Objects.requireNonNull(row.getObject(1, OffsetDateTime.class))
                        .toInstant())
                .list();
    }
}
