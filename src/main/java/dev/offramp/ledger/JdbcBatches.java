package dev.offramp.ledger;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
    public Optional<Batch> take(long number, String owner, Duration lease, Instant now) {
        return database.transactions().execute(status -> {
            int taken = database.jdbc()
                    .sql("""
                    update batch
                    set state = 'running', owner = :owner, lease_number = lease_number + 1, lease_until = :until,
                        ended_at = null, stop_reason = null, stop_detail = null, restart_at = null
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
                        """ + CURRENT)
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
    public List<Batch> list(@Nullable State state, @Nullable Long before, int limit) {
        var states = state == null ? Stream.of(State.values()) : Stream.of(state);
        return database.jdbc()
                .sql("""
                select * from batch
                where number < :before and state in (:states)
                order by number desc
                limit :limit
                """)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("states", states.map(State::word).toList())
                .param("limit", limit)
                .query(Rows::batch)
                .list();
    }
}
