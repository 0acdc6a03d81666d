package dev.offramp.safety;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Span;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.BudgetBook.Answer;
import dev.offramp.safety.BudgetBook.Counts;
import dev.offramp.safety.BudgetBook.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Budgets counted from the permits in their time, one reservation at a time under the locked rows of all that concern it. */
final class JdbcBudgets implements Budgets {

    /** Runs that reserved something in it are listed, and plans that were applied in it. */
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
        SortedSet<String> locks = book.locks(request);
        locks.forEach(this::addRow);
        OptionalLong customers = base(book.of(request), now);
        return Objects.requireNonNull(transactions.execute(_ -> {
            locks.forEach(this::lock);
            Optional<Burst.Hold> onHold = bursts.hold(request);
            if (onHold.isPresent()) {
                return new Reservation.OnHold(onHold.get());
            }
            return switch (book.judge(request, reservedAt(request, step), customers, this::counts, now)) {
                case Answer.FoundAgain _ -> new Reservation.Reserved();
                case Answer.UsedUp(Exceeded exceeded) -> {
                    if (request.plan() == null) {
                        bursts.open(request, exceeded, false, now);
                    }
                    yield new Reservation.UsedUp(exceeded);
                }
                case Answer.Fits _ -> {
                    write(request, step, now);
                    yield new Reservation.Reserved();
                }
            };
        }));
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
        return concerned.stream().anyMatch(each -> each.limit().needsBase()) ? base(now) : OptionalLong.empty();
    }

    private OptionalLong base(Instant now) {
        return base.size(now).map(CustomerBase.Size::asNumber).orElseGet(OptionalLong::empty);
    }

    private static String column(Place place) {
        return switch (place.scope().kind()) {
            case OPERATION -> "operation";
            case SOURCE -> "source";
            case JOB -> "job";
            case RUN -> "run_number";
            case PLAN -> "plan_number";
        };
    }

    private static Object value(Place place) {
        Scope scope = place.scope();
        return switch (scope.kind()) {
            case RUN, PLAN -> Long.valueOf(scope.name());
            case OPERATION, SOURCE, JOB -> scope.name();
        };
    }

    private static OffsetDateTime start(Place place) {
        return place.after().atOffset(ZoneOffset.UTC);
    }

    private Counts counts(Place place, CustomerId customer) {
        return jdbc.sql("""
                        select count(distinct customer_id) as customers,
                               count(*) as calls,
                               count(case when customer_id = :customer then 1 end) as of_customer
                          from permit
                         where %s = :value
                           and reserved_at > :start
                        """.formatted(column(place)))
                .param("customer", customer.value())
                .param("value", value(place))
                .param("start", start(place))
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
                            insert into permit (request_number, step, operation, source, job, run_number, plan_number, customer_id,
                                                state, reserved_at)
                            values (:request, :step, :operation, :source, :job, :run, :plan, :customer, 'reserved', :now)
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
                    .param("plan", admission.plan(), java.sql.Types.BIGINT)
                    .param("customer", admission.customerId().value())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    @Override
    public Forecast forecast(Instant now) {
        return book.forecast(this::used, () -> base(now), now);
    }

    private Used used(Place place) {
        Set<CustomerId> customers = new HashSet<>();
        Set<Long> requests = new HashSet<>();
        List<CustomerId> calls = jdbc.sql("""
                        select request_number, customer_id
                          from permit
                         where %s = :value
                           and reserved_at > :start
                        """.formatted(column(place)))
                .param("value", value(place))
                .param("start", start(place))
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
        book.plans()
                .lately(now.minus(RUNS_OF))
                .forEach(plan -> all.addAll(book.plans().of(plan)));
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
            case Period.Whole _ -> null;
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
                        """.formatted(column(place), unit == Unit.CUSTOMERS ? "customer_id" : "request_number, step"))
                .param("value", value(place))
                .param("start", start(place))
                .query((row, _) -> Objects.requireNonNull(row.getObject(1, OffsetDateTime.class))
                        .toInstant())
                .list();
    }
}
