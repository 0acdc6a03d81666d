package dev.offramp.ledger;

import dev.offramp.ledger.Requests.EarlierRequest;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Status;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which requests there are: of a batch, of a customer, held, or all; and how many. */
final class RequestLists {

    private static final List<String> OPEN = Stream.of(Status.values())
            .filter(each -> !each.isFinal())
            .map(Status::word)
            .toList();

    private final Database database;
    private final OnTheWire onTheWire;

    RequestLists(Database database, OnTheWire onTheWire) {
        this.database = database;
        this.onTheWire = onTheWire;
    }

    List<Request> unfinishedOf(long batch) {
        return database.jdbc()
                .sql("""
                select * from request
                where batch_number = :batch and settled_at is null
                order by number
                """)
                .param("batch", batch)
                .query(Rows::request)
                .list();
    }

    List<Integer> unfinishedItems(long batch, int after, int limit) {
        return database.jdbc()
                .sql("""
                select distinct item_number
                from request
                where batch_number = :batch and item_number > :after and settled_at is null
                order by item_number
                limit :limit
                """)
                .param("batch", batch)
                .param("after", after)
                .param("limit", limit)
                .query(Integer.class)
                .list();
    }

    List<Request> ofItem(long batch, int item) {
        return database.jdbc()
                .sql("""
                select * from request
                where batch_number = :batch and item_number = :item and settled_at is null
                order by number
                """)
                .param("batch", batch)
                .param("item", item)
                .query(Rows::request)
                .list();
    }

    List<EarlierRequest> openBefore(CustomerId customer, long number) {
        var earlier = database.jdbc()
                .sql("""
                select * from request
                where customer_id = :customer and settled_at is null and number < :number
                  and operation <> 'withdraw'
                order by number
                """)
                .param("customer", customer.value())
                .param("number", number)
                .query(Rows::request)
                .list();
        var calling = onTheWire.among(earlier.stream().map(Request::number).toList());
        return earlier.stream()
                .map(each -> new EarlierRequest(each, calling.contains(each.number())))
                .toList();
    }

    List<Request> onTheWireAfter(CustomerId customer, long number) {
        var later = database.jdbc()
                .sql("""
                select * from request
                where customer_id = :customer and settled_at is null and number > :number
                  and operation <> 'withdraw'
                order by number
                """)
                .param("customer", customer.value())
                .param("number", number)
                .query(Rows::request)
                .list();
        var calling = onTheWire.among(later.stream().map(Request::number).toList());
        return later.stream().filter(each -> calling.contains(each.number())).toList();
    }

    List<Request> list(Filter filter, @Nullable Long before, int limit) {
        return database.jdbc()
                .sql("select * from request where number < :before%s order by number desc limit :limit"
                        .formatted(and(filter)))
                .params(parametersOf(filter))
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(Rows::request)
                .list();
    }

    List<Request> first(Filter filter, int limit) {
        return database.jdbc()
                .sql("select * from request where 1 = 1%s order by %s number limit :limit"
                        .formatted(
                                and(filter),
                                filter.values().containsKey(Filter.By.LAST_CHANCE) ? "last_chance_at," : ""))
                .params(parametersOf(filter))
                .param("limit", limit)
                .query(Rows::request)
                .list();
    }

    long count(Filter filter) {
        return database.jdbc()
                .sql("select count(*) from request where 1 = 1%s".formatted(and(filter)))
                .params(parametersOf(filter))
                .query(Long.class)
                .single();
    }

    List<Long> lockAll(Filter filter) {
        return database.jdbc()
                .sql("select number from request where 1 = 1%s order by number for update".formatted(and(filter)))
                .params(parametersOf(filter))
                .query(Long.class)
                .list();
    }

    private static String and(Filter filter) {
        return filter.values().keySet().stream()
                .map(member -> " and %s %s :%s"
                        .formatted(column(member), member == Filter.By.LAST_CHANCE ? "<=" : "=", column(member)))
                .collect(Collectors.joining());
    }

    private static Map<String, Object> parametersOf(Filter filter) {
        return filter.values().entrySet().stream()
                .collect(Collectors.toMap(each -> column(each.getKey()), Map.Entry::getValue));
    }

    private static String column(Filter.By member) {
        return switch (member) {
            case NUMBER -> "number";
            case CUSTOMER -> "customer_id";
            case SUBSCRIPTION -> "subscription_id";
            case ORDER -> "order_id";
            case SOURCE -> "source";
            case ID -> "id";
            case OPERATION -> "operation";
            case STATUS -> "status";
            case REASON -> "reason";
            case GROUP -> "group_name";
            case JOB -> "job";
            case RUN -> "run_number";
            case RESUBMITS -> "resubmits";
            case LAST_CHANCE -> "last_chance_at";
        };
    }

    long countOpen() {
        return database.jdbc()
                .sql("select count(*) from request where status in (:open)")
                .param("open", OPEN)
                .query(Long.class)
                .single();
    }

    Map<Status, Long> countsOf(long batch) {
        var counts = new EnumMap<Status, Long>(Status.class);
        database.jdbc().sql("""
                select status, count(*) as counted
                from (
                    select status from request where batch_number = :batch
                    union all
                    select status from request where last_batch = :batch and batch_number is null
                ) of_batch
                group by status
                """).param("batch", batch).query(row -> {
            counts.put(Status.named(Rows.text(row, "status")), row.getLong("counted"));
        });
        return counts;
    }
}
