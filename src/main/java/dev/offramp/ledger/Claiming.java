package dev.offramp.ledger;

import dev.offramp.ledger.Batches.Claim;
import dev.offramp.offboarding.Operation;
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
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** Makes a new batch of the requests that are due. */
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

    /** A request that may be claimed. */
    private record Ready(long number, String customer, String source) {}

    private List<Ready> ready(Claim claim, Instant now) {
        return database.jdbc()
                .sql("""
                select r.number, r.customer_id, r.source
                from request r
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
                order by r.job, r.due_at, r.number
                limit :limit
                for update of r skip locked
                """)
                .param("job", claim.job())
                .param("now", Parameters.time(now))
                .param(
                        "notOperations",
                        neverEmpty(claim.notOperations().stream().map(Operation::word)))
                .param("notSources", neverEmpty(claim.notSources().stream()))
                .param("notGroups", neverEmpty(claim.notGroups().stream()))
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
            items.addAll(Parameters.portions(requests, maxPerItem));
        }
        return items;
    }
}
