package dev.offramp.ledger;

import dev.offramp.ledger.Batches.Claim;
import dev.offramp.offboarding.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/**
 * Makes a new batch of the requests that are due, the most urgent first. Nothing waits behind that for ever: every request
 * has a last chance, at the latest its {@code notAfter}, and the nearer it is the fewer are more urgent.
 */
final class Claiming {

    private final Database database;

    Claiming(Database database) {
        this.database = database;
    }

    /** The number of the new batch; empty when nothing may be claimed. */
    Optional<Long> claim(Claim claim, Instant now) {
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
        return Optional.of(batch);
    }

    /** A request that may be claimed; it is to be carried out by the time of its {@code urgency}, if that is known. */
    private record Ready(
            long number,
            String customer,
            String source,
            @Nullable Instant urgency,
            Instant dueAt) {

        /** As requests are claimed: the most urgent first, and in turn those that are as urgent as others. */
        private static final Comparator<Ready> ORDER = Comparator.comparing(
                        Ready::urgency, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
                .thenComparing(Ready::dueAt)
                .thenComparingLong(Ready::number);
    }

    /** The most urgent ones, in the order in which they are claimed, locked until the transaction ends. */
    private List<Ready> ready(Claim claim, Instant now) {
        int due = due(claim, now);
        if (due == 0) {
            return List.of();
        }
        var way = due <= claim.maxRequests() ? Way.BY_TIME : Way.BY_URGENCY;
        var ready = database.dialect().locksInOrder() ? lock(claim, way, now) : findAndLock(claim, way, now);
        return ready.stream().sorted(Ready.ORDER).toList();
    }

    /** How many are due, up to one more than fit into the batch: mostly none. */
    private int due(Claim claim, Instant now) {
        return database.jdbc()
                .sql("""
                select count(*)
                from (
                    select r.number
                    from request r %s
                    where r.job = :job and r.due_at <= :now
                    order by r.job, r.due_at, r.number
                    limit :limit) due
                """.formatted(database.dialect().by("request_due_of_job")))
                .param("job", claim.job())
                .param("now", Parameters.time(now))
                .param("limit", claim.maxRequests() + 1)
                .query(Integer.class)
                .single();
    }

    /** The way to those that are claimed, so that few others are read. */
    enum Way {

        /** All that are due fit into the batch: what is put off until later is not read. */
        BY_TIME("request_due_of_job", "r.due_at"),

        /** More are due than fit into it: of these only the most urgent are read. */
        BY_URGENCY("request_by_urgency", "urgency nulls last, r.due_at");

        private final String index;
        private final String order;

        Way(String index, String order) {
            this.index = index;
            this.order = order;
        }
    }

    /** Locks while it reads. */
    private List<Ready> lock(Claim claim, Way way, Instant now) {
        return query(claimable(way, database.dialect()) + " for update of r skip locked", parameters(claim, now));
    }

    /** Locks what it has found, as far as that may still be claimed. */
    private List<Ready> findAndLock(Claim claim, Way way, Instant now) {
        var parameters = new HashMap<>(parameters(claim, now));
        var found = query(claimable(way, database.dialect()), parameters);
        var ready = new ArrayList<Ready>();
        for (var portion : Parameters.portions(found)) {
            parameters.put("numbers", portion.stream().map(Ready::number).toList());
            ready.addAll(query(
                    claimable("", database.dialect()) + " and r.number in (:numbers) for update of r skip locked",
                    parameters));
        }
        return ready;
    }

    static String claimable(Way way, Dialect dialect) {
        return """
                %s
                order by r.job, %s, r.number
                limit :limit
                """.formatted(claimable(dialect.by(way.index), dialect), way.order);
    }

    private static String claimable(String by, Dialect dialect) {
        return """
                select r.number, r.customer_id, r.source, r.due_at, %s as urgency
                from request r %s
                where r.job = :job
                  and r.due_at <= :now
                  and r.operation not in (:notOperations)
                  and r.source not in (:notSources)
                  and (r.group_name is null or r.group_name not in (:notGroups))
                  and (r.mode in (:modes) or r.operation = 'withdraw'
                      or r.reason in ('confirming', 'accepted-by-partner-center'))
                  and not exists (
                      select 1
                      from customer c
                      join batch b on b.number = c.turn_batch and b.lease_number = c.turn_lease
                      where c.id = r.customer_id
                        and b.state = 'running' and b.lease_until > :now)
                """.formatted(dialect.urgency(), by);
    }

    private List<Ready> query(String sql, Map<String, Object> parameters) {
        return database.jdbc()
                .sql(sql)
                .params(parameters)
                .query((row, _) -> new Ready(
                        row.getLong("number"),
                        Rows.text(row, "customer_id"),
                        Rows.text(row, "source"),
                        Rows.timeOrNull(row, "urgency"),
                        Rows.time(row, "due_at")))
                .list();
    }

    static Map<String, Object> parameters(Claim claim, Instant now) {
        return Map.of(
                "job", claim.job(),
                "now", Parameters.time(now),
                "notOperations", neverEmpty(claim.notOperations().stream().map(Operation::word)),
                "notSources", neverEmpty(claim.notSources().stream()),
                "notGroups", neverEmpty(claim.notGroups().stream()),
                "modes", modes(claim),
                "limit", claim.maxRequests());
    }

    private static List<String> modes(Claim claim) {
        var modes = claim.liveToo() ? Stream.of(Mode.values()) : Stream.of(Mode.OBSERVE);
        return modes.map(Mode::word).toList();
    }

    /** {@code in ()} is not SQL; no operation, source or group is the empty text. */
    private static List<String> neverEmpty(Stream<String> words) {
        return Stream.concat(Stream.of(""), words).toList();
    }

    private long open(Claim claim, List<Ready> ready, Instant now) {
        int customers = (int) ready.stream().map(Ready::customer).distinct().count();
        var key = new GeneratedKeyHolder();
        database.jdbc()
                .sql("""
                insert into batch
                    (job, label, state, created_at, owner, lease_number, lease_until, failures, requests, customers)
                values
                    (:job, :label, 'running', :now, :owner, 1, :leaseUntil, 0, :requests, :customers)
                """)
                .param("job", claim.job())
                .param("label", label(claim.job(), ready, customers))
                .param("now", Parameters.time(now))
                .param("owner", claim.owner())
                .param("leaseUntil", Parameters.time(now.plus(claim.lease())))
                .param("requests", ready.size())
                .param("customers", customers)
                .update(key, "number");
        return Objects.requireNonNull(key.getKeyAs(Long.class));
    }

    /** The job is named unless it is the one of everything for which none is defined. */
    private static String label(String job, List<Ready> ready, int customers) {
        var sources = new TreeSet<String>();
        ready.forEach(each -> sources.add(each.source()));
        int others = sources.size() - 1;
        return "%s%s%s, %d %s"
                .formatted(
                        job.equals(Admission.OTHER_JOB) ? "" : job + ", ",
                        sources.first(),
                        others == 0
                                ? ""
                                : others == 1 ? " and 1 other source" : " and %d other sources".formatted(others),
                        customers,
                        customers == 1 ? "customer" : "customers");
    }

    /** One list of requests for each item: the customer of the most urgent one first, each customer's in ledger order. */
    private static List<List<Ready>> items(List<Ready> ready, int maxPerItem) {
        var byCustomer = new LinkedHashMap<String, List<Ready>>();
        ready.forEach(each -> byCustomer
                .computeIfAbsent(each.customer(), _ -> new ArrayList<>())
                .add(each));
        var items = new ArrayList<List<Ready>>();
        for (var requests : byCustomer.values()) {
            requests.sort(Comparator.comparingLong(Ready::number));
            items.addAll(Parameters.portions(requests, maxPerItem));
        }
        return items;
    }
}
