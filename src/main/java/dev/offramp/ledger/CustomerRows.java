package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The customers' rows: added with their first request, and locked against each other's changes. */
final class CustomerRows {

    private final Database database;

    CustomerRows(Database database) {
        this.database = database;
    }

    /** Adds those that are missing, in one order for all. */
    void addMissing(List<CustomerId> customers) {
        var ids = inOrder(customers).stream().map(CustomerId::value).toList();
        var known = new HashSet<String>();
        for (var portion : Parameters.portions(ids)) {
            known.addAll(database.jdbc()
                    .sql("select id from customer where id in (:ids)")
                    .param("ids", portion)
                    .query(String.class)
                    .list());
        }
        var missing = ids.stream()
                .filter(each -> !known.contains(each))
                .map(each -> Map.<String, Object>of("id", each))
                .toList();
        if (!missing.isEmpty()) {
            database.dialect().insertMissing(database.many(), "customer (id)", ":id", missing);
        }
    }

    void lock(CustomerId customer) {
        database.jdbc()
                .sql("select id from customer where id = :id for update")
                .param("id", customer.value())
                .query(String.class)
                .single();
    }

    /** Locks those that get new requests, against a withdraw that is looking for its target meanwhile. */
    void lockForAdmission(List<CustomerId> customers) {
        for (var portion : Parameters.portions(inOrder(customers))) {
            database.dialect().lockForAdmission(database.many(), portion);
        }
    }

    private static List<CustomerId> inOrder(List<CustomerId> customers) {
        return customers.stream()
                .distinct()
                .sorted(Comparator.comparing(CustomerId::value))
                .toList();
    }
}
