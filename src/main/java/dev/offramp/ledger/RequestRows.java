package dev.offramp.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of requests: found by number or key, and locked by ascending number. */
final class RequestRows {

    /**
     * The requests {@code r} of {@code :source} with one of the {@code :ids}. Joined, since H2 looks an {@code in} list up
     * only in the first column of an index: it would read all requests of the source.
     */
    static final String OF_SOURCE_AND_IDS = """
            unnest(cast(:ids as varchar array)) wanted(id)
            join request r on r.source = :source and r.id = wanted.id
            """;

    private final Database database;

    RequestRows(Database database) {
        this.database = database;
    }

    Optional<Request> byNumber(long number) {
        return database.jdbc()
                .sql("select * from request where number = :number")
                .param("number", number)
                .query(Rows::request)
                .optional();
    }

    Optional<Request> lock(long number) {
        return database.jdbc()
                .sql("select * from request where number = :number for update")
                .param("number", number)
                .query(Rows::request)
                .optional();
    }

    Optional<Request> byKey(RequestKey key) {
        return database.jdbc()
                .sql("select * from request where source = :source and id = :id")
                .param("source", key.source())
                .param("id", key.id())
                .query(Rows::request)
                .optional();
    }

    Optional<Long> numberOf(RequestKey key) {
        return database.jdbc()
                .sql("select number from request where source = :source and id = :id")
                .param("source", key.source())
                .param("id", key.id())
                .query(Long.class)
                .optional();
    }

    void lockAll(Collection<RequestKey> keys) {
        var numbers = numbersFor(keys, "select r.number from " + OF_SOURCE_AND_IDS);
        for (var portion : Parameters.portions(numbers)) {
            database.jdbc()
                    .sql("select number from request where number in (:numbers) order by number for update")
                    .param("numbers", portion)
                    .query(Long.class)
                    .list();
        }
    }

    /** The numbers, ascending, that a query finds when it is asked for the ids of each {@code :source}. */
    List<Long> numbersFor(Collection<RequestKey> keys, String queryOfSourceAndIds) {
        var numbers = new ArrayList<Long>();
        bySource(keys)
                .forEach((source, ids) -> numbers.addAll(database.jdbc()
                        .sql(queryOfSourceAndIds)
                        .param("source", source)
                        .param("ids", ids.toArray(String[]::new))
                        .query(Long.class)
                        .list()));
        return numbers.stream().sorted().toList();
    }

    Map<RequestKey, String> digests(Collection<RequestKey> keys) {
        var digests = new HashMap<RequestKey, String>();
        bySource(keys)
                .forEach((source, ids) -> database.jdbc()
                        .sql("select r.source, r.id, r.digest from " + OF_SOURCE_AND_IDS)
                        .param("source", source)
                        .param("ids", ids.toArray(String[]::new))
                        .query(row -> {
                            digests.put(
                                    new RequestKey(row.getString("source"), row.getString("id")),
                                    row.getString("digest"));
                        }));
        return digests;
    }

    private static Map<String, List<String>> bySource(Collection<RequestKey> keys) {
        return keys.stream()
                .distinct()
                .collect(Collectors.groupingBy(
                        RequestKey::source,
                        LinkedHashMap::new,
                        Collectors.mapping(RequestKey::id, Collectors.toList())));
    }
}
