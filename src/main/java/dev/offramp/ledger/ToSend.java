package dev.offramp.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Numbers of what is written but not yet sent. */
final class ToSend {

    /** The slot, 0 to 255, of a request {@code r}: the last two digits of its customer's id. */
    static final String SLOT = """
            16 * (position(substring(r.customer_id from 35 for 1) in '0123456789abcdef') - 1)
                + position(substring(r.customer_id from 36 for 1) in '0123456789abcdef') - 1
            """;

    private static final String OF_REQUEST =
            "(select %s from outcome o join request r on r.number = o.request_number where o.number = :number)";

    private final Database database;
    private final String table;
    private final String key;
    private final String columns;
    private final String values;

    private ToSend(Database database, String table, String key, String columns, String values) {
        this.database = database;
        this.table = table;
        this.key = key;
        this.columns = columns;
        this.values = values;
    }

    static ToSend outcomes(Database database) {
        return new ToSend(
                database,
                "outcome_to_send",
                "outcome_number",
                "outcome_number, customer_id, slot",
                ":number, %s, %s".formatted(OF_REQUEST.formatted("r.customer_id"), OF_REQUEST.formatted(SLOT)));
    }

    static ToSend refusals(Database database) {
        return new ToSend(database, "refusal_to_send", "refusal_number", "refusal_number", ":number");
    }

    /** Adds those that are not in it. */
    void addMissing(List<Long> ascending) {
        if (!ascending.isEmpty()) {
            database.dialect()
                    .insertMissing(
                            database.many(),
                            "%s (%s)".formatted(table, columns),
                            values,
                            ascending.stream()
                                    .map(number -> Map.<String, Object>of("number", number))
                                    .toList());
        }
    }

    /** Gives these outcomes a new place, also those that have one and may be under way; in a transaction. */
    void onceMore(Collection<Long> outcomes) {
        for (var portion : Parameters.portions(List.copyOf(outcomes))) {
            lock("outcome_number", portion);
            remove(portion);
        }
        addMissing(List.copyOf(outcomes));
    }

    /** Takes out outcomes by the places that they had when they were read. */
    void giveUp(Collection<Long> tickets) {
        if (tickets.isEmpty()) {
            return;
        }
        database.transactions().executeWithoutResult(status -> {
            lock("ticket", tickets);
            database.jdbc()
                    .sql("delete from outcome_to_send where ticket in (:tickets)")
                    .param("tickets", tickets)
                    .update();
        });
    }

    /** In the order of the outcomes, so that nobody waits in a circle. */
    private void lock(String by, Collection<Long> values) {
        database.jdbc()
                .sql("""
                select outcome_number from outcome_to_send
                where %s in (:values)
                order by outcome_number
                for update
                """.formatted(by))
                .param("values", values)
                .query(Long.class)
                .list();
    }

    void remove(Collection<Long> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        database.write(database.jdbc()
                .sql("delete from %s where %s in (:numbers)".formatted(table, key))
                .param("numbers", numbers));
    }

    long count() {
        return database.jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }
}
