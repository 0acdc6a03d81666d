package dev.offramp.ledger;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Batches and their leases in the database. */
final class JdbcBatches implements Batches {

    /** The lease is this one, and it has not run out. */
    private static final String CURRENT = """
            where number = :number and lease_number = :lease and state = 'running' and lease_until > :now
            """;

    private final Database database;
    private final Claiming claiming;

    JdbcBatches(Database database) {
        this.database = database;
        claiming = new Claiming(database);
    }

    @Override
    public Optional<Batch> claim(Claim claim, Instant now) {
        return database.transactions()
                .execute(status -> claiming.claim(claim, now).flatMap(this::byNumber));
    }

    @Override
    public List<String> jobs() {
        return database.jdbc()
                .sql("select name from job order by claimed_at nulls first, name")
                .query(String.class)
                .list();
    }

    @Override
    public void hadTurn(String job, Instant now) {
        // Not in the transaction of the claim: nodes that claim for one job would wait for each other.
        database.write(database.jdbc()
                .sql("update job set claimed_at = :now where name = :job")
                .param("now", Parameters.time(now))
                .param("job", job));
    }

    @Override
    public void addJobs(Collection<String> names) {
        database.transactions()
                .executeWithoutResult(status -> database.dialect()
                        .insertMissing(
                                database.many(),
                                "job (name)",
                                ":name",
                                names.stream()
                                        .sorted()
                                        .map(name -> Map.<String, Object>of("name", name))
                                        .toList()));
    }

    @Override
    public Optional<Batch> take(long number, String owner, Duration lease, Instant now) {
        return database.transactions().execute(status -> {
            int taken = database.jdbc()
                    .sql("""
                    update batch
                    set state = 'running', owner = :owner, lease_number = lease_number + 1, lease_until = :until,
                        ended_at = null, stop_reason = null, stop_detail = null, restart_at = null,
                        stop_asked = case when state = 'running' then stop_asked end
                    where number = :number
                      and (state in ('stopped', 'failed') or (state = 'running' and lease_until <= :now))
                    """)
                    .param("owner", owner)
                    .param("until", Parameters.time(now.plus(lease)))
                    .param("number", number)
                    .param("now", Parameters.time(now))
                    .update();
            return taken == 1 ? byNumber(number) : Optional.empty();
        });
    }

    @Override
    public boolean renew(Fence fence, String owner, Duration lease, Instant now) {
        // Never once it has run out, even if nobody took it: a turn of this batch may have been won by another since.
        return database.write(database.jdbc()
                        .sql("update batch set lease_until = :until " + CURRENT + " and owner = :owner")
                        .param("until", Parameters.time(now.plus(lease)))
                        .param("number", fence.batch())
                        .param("lease", fence.leaseNumber())
                        .param("now", Parameters.time(now))
                        .param("owner", owner))
                == 1;
    }

    @Override
    public boolean isCurrent(Fence fence, Instant now) {
        return database.jdbc()
                .sql("select number from batch " + CURRENT)
                .param("number", fence.batch())
                .param("lease", fence.leaseNumber())
                .param("now", Parameters.time(now))
                .query(Long.class)
                .optional()
                .isPresent();
    }

    @Override
    public boolean end(
            Fence fence,
            State state,
            @Nullable StopReason reason,
            @Nullable String detail,
            @Nullable Instant restartAt,
            Instant now) {
        if (state == State.RUNNING) {
            throw new IllegalArgumentException("Batch %d cannot end running".formatted(fence.batch()));
        }
        return database.write(database.jdbc()
                        .sql("""
                        update batch
                        set state = :state, ended_at = :now, owner = null, lease_until = null,
                            stop_reason = :reason, stop_detail = :detail, restart_at = :restartAt,
                            failures = failures + :failed
                        """ + CURRENT
                                + " and (stop_asked is null or :state = 'completed' or :reason = 'operator')")
                        .param("state", state.word())
                        .param("now", Parameters.time(now))
                        .param("reason", reason == null ? null : reason.word())
                        .param("detail", detail)
                        .param("restartAt", Parameters.timeOrNull(restartAt))
                        .param("failed", state == State.FAILED ? 1 : 0)
                        .param("number", fence.batch())
                        .param("lease", fence.leaseNumber()))
                == 1;
    }

    @Override
    public void noteExecution(Fence fence, long executionId) {
        note(fence, "execution_id", executionId);
    }

    @Override
    public void summarise(Fence fence, String summary) {
        note(fence, "summary", summary);
    }

    /** Even after the lease has run out, as long as nobody else took the batch. */
    private void note(Fence fence, String column, Object value) {
        database.write(database.jdbc()
                .sql("update batch set %s = :value where number = :number and lease_number = :lease".formatted(column))
                .param("value", value)
                .param("number", fence.batch())
                .param("lease", fence.leaseNumber()));
    }

    @Override
    public List<Batch> orphaned(Instant now, int limit) {
        return database.jdbc()
                .sql("""
                select * from batch
                where state = 'running' and lease_until <= :now
                order by number
                limit :limit
                """)
                .param("now", Parameters.time(now))
                .param("limit", limit)
                .query(Rows::batch)
                .list();
    }

    @Override
    public int expireLeases(Instant now) {
        return database.write(database.jdbc()
                .sql("update batch set lease_until = :now where state = 'running' and lease_until > :now")
                .param("now", Parameters.time(now)));
    }

    @Override
    public boolean askRestart(long number, Instant now) {
        return database.write(database.jdbc()
                        .sql("""
                        update batch
                        set restart_at = :now
                        where number = :number and state in ('stopped', 'failed')
                        """)
                        .param("now", Parameters.time(now))
                        .param("number", number))
                == 1;
    }

    @Override
    public List<Long> askRestarts(Filter filter, Instant now) {
        return database.transactions().execute(status -> {
            var numbers = database.jdbc()
                    .sql("select number from batch where state in ('stopped', 'failed') %s order by number for update"
                            .formatted(and(filter)))
                    .params(parametersOf(filter))
                    .query(Long.class)
                    .list();
            for (var portion : Parameters.portions(numbers)) {
                database.jdbc()
                        .sql("update batch set restart_at = :now where number in (:numbers)")
                        .param("now", Parameters.time(now))
                        .param("numbers", portion)
                        .update();
            }
            return numbers;
        });
    }

    @Override
    public boolean askStop(long number, String sentence) {
        return database.write(
                        database.jdbc().sql("""
                        update batch
                        set stop_asked = :sentence
                        where number = :number and state = 'running' and stop_asked is null
                        """).param("sentence", sentence).param("number", number))
                == 1;
    }

    @Override
    public List<Batch> askedToStop(String owner) {
        return database.jdbc().sql("""
                select * from batch
                where state = 'running' and owner = :owner and stop_asked is not null
                order by number
                """).param("owner", owner).query(Rows::batch).list();
    }

    @Override
    public boolean abandon(long number, String sentence, Instant now) {
        return database.write(database.jdbc()
                        .sql("""
                        update batch
                        set state = 'abandoned', stop_detail = :sentence, ended_at = :now, restart_at = null
                        where number = :number and state in ('stopped', 'failed')
                        """)
                        .param("sentence", sentence)
                        .param("now", Parameters.time(now))
                        .param("number", number))
                == 1;
    }

    @Override
    public List<Batch> dueForRestart(Instant now, int limit) {
        return database.jdbc()
                .sql("""
                select * from batch
                where state in ('stopped', 'failed') and restart_at <= :now
                order by restart_at, number
                limit :limit
                """)
                .param("now", Parameters.time(now))
                .param("limit", limit)
                .query(Rows::batch)
                .list();
    }

    @Override
    public List<Batch> stoppedBecause(StopReason reason, int limit) {
        return database.jdbc()
                .sql("""
                select * from batch
                where state = 'stopped' and stop_reason = :reason
                order by number
                limit :limit
                """)
                .param("reason", reason.word())
                .param("limit", limit)
                .query(Rows::batch)
                .list();
    }

    @Override
    public Optional<Batch> byNumber(long number) {
        return database.jdbc()
                .sql("select * from batch where number = :number")
                .param("number", number)
                .query(Rows::batch)
                .optional();
    }

    @Override
    public List<Batch> list(Filter filter, @Nullable Long before, int limit) {
        return database.jdbc()
                .sql("select * from batch where number < :before %s order by number desc limit :limit"
                        .formatted(and(filter)))
                .params(parametersOf(filter))
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(Rows::batch)
                .list();
    }

    private static String and(Filter filter) {
        return parametersOf(filter).keySet().stream()
                .map(column -> "and %s = :%s".formatted(column, column))
                .collect(Collectors.joining(" "));
    }

    private static Map<String, Object> parametersOf(Filter filter) {
        var parameters = new LinkedHashMap<String, Object>();
        if (filter.state() != null) {
            parameters.put("state", filter.state().word());
        }
        if (filter.stopReason() != null) {
            parameters.put("stop_reason", filter.stopReason().word());
        }
        if (filter.job() != null) {
            parameters.put("job", filter.job());
        }
        return parameters;
    }
}
