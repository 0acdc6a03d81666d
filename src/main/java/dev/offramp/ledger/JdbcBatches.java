package dev.offramp.ledger;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** Batches and their leases in the database. */
final class JdbcBatches implements Batches {

    /** The lease is this one, and it has not run out. */
    private static final String CURRENT = """
            where number = :number and lease_number = :lease and state = 'running' and lease_until > :now
            """;

    private final Database database;

    JdbcBatches(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Batch> claim(Claim claim, Instant now) {
        return database.transactions().execute(status -> {
            var ready = ready(claim, now);
            if (ready.isEmpty()) {
                return Optional.empty();
            }
            long batch = open(claim, ready, now);
            var rows = new ArrayList<Map<String, Object>>();
            int item = 0;
            for (var requests : items(ready, claim.maxPerItem())) {
                item++;
                for (var each : requests) {
                    rows.add(Map.of("number", each.number(), "batch", batch, "item", item));
                }
            }
            database.many().batchUpdate("""
                            update request
                            set batch_number = :batch, item_number = :item, due_at = null, waits_for = null,
                                version = version + 1
                            where number = :number
                            """, Parameters.of(rows));
            return byNumber(batch);
        });
    }

    /** A request that may be claimed. */
    private record Ready(long number, String customer, String source) {}

    private List<Ready> ready(Claim claim, Instant now) {
        return database.jdbc()
                .sql("""
                select r.number, r.customer_id, r.source
                from request r
                where r.due_at <= :now
                  and r.operation not in (:notOperations)
                  and r.source not in (:notSources)
                  and (r.mode in (:modes) or r.operation = 'withdraw'
                      or r.reason in ('confirming', 'accepted-by-partner-center'))
                  and not exists (
                      select 1
                      from customer c
                      join batch b on b.number = c.turn_batch and b.lease_number = c.turn_lease
                      where c.id = r.customer_id
                        and b.state = 'running' and b.lease_until > :now)
                order by r.due_at, r.number
                limit :limit
                for update of r skip locked
                """)
                .param("now", Parameters.time(now))
                .param(
                        "notOperations",
                        neverEmpty(claim.notOperations().stream().map(Operation::word)))
                .param("notSources", neverEmpty(claim.notSources().stream()))
                .param("modes", modes(claim))
                .param("limit", claim.maxRequests())
                .query((row, index) ->
                        new Ready(row.getLong("number"), Rows.text(row, "customer_id"), Rows.text(row, "source")))
                .list();
    }

    private static List<String> modes(Claim claim) {
        var modes = claim.liveToo() ? Stream.of(Mode.values()) : Stream.of(Mode.OBSERVE);
        return modes.map(Mode::word).toList();
    }

    /** {@code in ()} is not SQL; no operation and no source is the empty text. */
    private static List<String> neverEmpty(Stream<String> words) {
        return Stream.concat(Stream.of(""), words).toList();
    }

    private long open(Claim claim, List<Ready> ready, Instant now) {
        int customers = (int) ready.stream().map(Ready::customer).distinct().count();
        var key = new GeneratedKeyHolder();
        database.jdbc()
                .sql("""
                insert into batch
                    (label, state, created_at, owner, lease_number, lease_until, failures, requests, customers)
                values
                    (:label, 'running', :now, :owner, 1, :leaseUntil, 0, :requests, :customers)
                """)
                .param("label", label(ready, customers))
                .param("now", Parameters.time(now))
                .param("owner", claim.owner())
                .param("leaseUntil", Parameters.time(now.plus(claim.lease())))
                .param("requests", ready.size())
                .param("customers", customers)
                .update(key, "number");
        return Objects.requireNonNull(key.getKeyAs(Long.class));
    }

    private static String label(List<Ready> ready, int customers) {
        var sources = new TreeSet<String>();
        ready.forEach(each -> sources.add(each.source()));
        int others = sources.size() - 1;
        return "%s%s, %d %s"
                .formatted(
                        sources.first(),
                        others == 0
                                ? ""
                                : others == 1 ? " and 1 other source" : " and %d other sources".formatted(others),
                        customers,
                        customers == 1 ? "customer" : "customers");
    }

    /** One list of requests for each item, in the order of their oldest requests. */
    private static List<List<Ready>> items(List<Ready> ready, int maxPerItem) {
        var byCustomer = new LinkedHashMap<String, List<Ready>>();
        ready.stream()
                .sorted(Comparator.comparingLong(Ready::number))
                .forEach(each -> byCustomer
                        .computeIfAbsent(each.customer(), customer -> new ArrayList<>())
                        .add(each));
        var items = new ArrayList<List<Ready>>();
        for (var requests : byCustomer.values()) {
            for (int from = 0; from < requests.size(); from += maxPerItem) {
                items.add(requests.subList(from, Math.min(from + maxPerItem, requests.size())));
            }
        }
        return items;
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
        return database.transactions()
                .execute(status -> database.jdbc()
                                .sql("update batch set lease_until = :until " + CURRENT + " and owner = :owner")
                                .param("until", Parameters.time(now.plus(lease)))
                                .param("number", fence.batch())
                                .param("lease", fence.leaseNumber())
                                .param("now", Parameters.time(now))
                                .param("owner", owner)
                                .update()
                        == 1);
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
    public void noteExecution(Fence fence, long executionId) {
        database.transactions()
                .executeWithoutResult(status -> database.jdbc()
                        .sql("""
                update batch
                set execution_id = :executionId
                where number = :number and lease_number = :lease
                """)
                        .param("executionId", executionId)
                        .param("number", fence.batch())
                        .param("lease", fence.leaseNumber())
                        .update());
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
        return database.transactions()
                .execute(status -> database.jdbc()
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
                                .param("lease", fence.leaseNumber())
                                .update()
                        == 1);
    }

    @Override
    public void summarise(Fence fence, String summary) {
        database.transactions()
                .executeWithoutResult(status -> database.jdbc()
                        .sql("""
                update batch
                set summary = :summary
                where number = :number and lease_number = :lease
                """)
                        .param("summary", summary)
                        .param("number", fence.batch())
                        .param("lease", fence.leaseNumber())
                        .update());
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
        return database.transactions()
                .execute(status -> database.jdbc()
                        .sql("update batch set lease_until = :now where state = 'running' and lease_until > :now")
                        .param("now", Parameters.time(now))
                        .update());
    }

    @Override
    public boolean askRestart(long number, Instant now) {
        return database.transactions()
                .execute(status -> database.jdbc()
                                .sql("""
                        update batch
                        set restart_at = :now
                        where number = :number and state in ('stopped', 'failed')
                        """)
                                .param("now", Parameters.time(now))
                                .param("number", number)
                                .update()
                        == 1);
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
