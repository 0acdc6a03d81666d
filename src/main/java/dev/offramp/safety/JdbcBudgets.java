package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Budgets counted from the permits in the window, one reservation at a time per operation. */
final class JdbcBudgets implements Budgets {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Map<Operation, Integer> limits;
    private final Jobs jobs;
    private final Duration window;

    JdbcBudgets(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            Map<Operation, Integer> limits,
            Jobs jobs,
            Duration window) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.limits = Map.copyOf(limits);
        this.jobs = jobs;
        this.window = window;
    }

    @Override
    public Reservation reserve(Request request, String step, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            lock(request.operation());
            if (isReserved(request, step, now)) {
                return new Reservation.Reserved();
            }
            Optional<Reservation> exceeded =
                    request.released().contains(Reason.BUDGET_EXCEEDED) ? Optional.empty() : exceeded(request, now);
            if (exceeded.isPresent()) {
                return exceeded.get();
            }
            write(request, step, now);
            return new Reservation.Reserved();
        }));
    }

    private Optional<Reservation> exceeded(Request request, Instant now) {
        Remainder ofOperation = remainder(request.operation(), now);
        if (!ofOperation.admits(request.customerId())) {
            return Optional.of(Reservation.Exceeded.ofOperation(request.operation(), ofOperation));
        }
        // A job carries out one operation: the row that is locked is that of all its permits.
        String job = request.admission().job();
        return remainderOf(job, now)
                .filter(ofJob -> !ofJob.admits(request.customerId()))
                .map(ofJob -> Reservation.Exceeded.ofJob(job, ofJob));
    }

    @Override
    public Remainder remainder(Operation operation, Instant now) {
        return new Remainder(limits.getOrDefault(operation, 0), counted("operation", operation.word(), now), window);
    }

    @Override
    public Optional<Remainder> remainderOf(String job, Instant now) {
        return jobs.named(job)
                .flatMap(each -> Optional.ofNullable(each.guards().customers()))
                .map(limit -> new Remainder(limit, counted("job", job, now), window));
    }

    private Set<CustomerId> counted(String column, String value, Instant now) {
        return jdbc
                .sql("""
                        select distinct customer_id
                          from permit
                         where %s = :value
                           and reserved_at > :start
                           and state <> 'returned'
                        """.formatted(column))
                .param("value", value)
                .param("start", now.minus(window).atOffset(ZoneOffset.UTC))
                .query(String.class)
                .stream()
                .map(CustomerId::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void lock(Operation operation) {
        jdbc.sql("""
                        select operation
                          from budget
                         where operation = :operation
                           for update
                        """).param("operation", operation.word()).query(String.class).single();
    }

    /** A permit from before the window counts no more, so it is worth no more: whoever kept it must fit in anew. */
    private boolean isReserved(Request request, String step, Instant now) {
        return jdbc.sql("""
                        select count(*)
                          from permit
                         where request_number = :request
                           and step = :step
                           and reserved_at > :start
                           and state <> 'returned'
                        """)
                        .param("request", request.number())
                        .param("step", step)
                        .param("start", now.minus(window).atOffset(ZoneOffset.UTC))
                        .query(Integer.class)
                        .single()
                > 0;
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
            jdbc.sql("""
                            insert into permit (request_number, step, operation, job, customer_id, state, reserved_at)
                            values (:request, :step, :operation, :job, :customer, 'reserved', :now)
                            """)
                    .param("request", request.number())
                    .param("step", step)
                    .param("operation", request.operation().word())
                    .param("job", request.admission().job())
                    .param("customer", request.customerId().value())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }
}
