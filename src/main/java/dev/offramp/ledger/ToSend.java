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

    /** Lets those of these outcomes that are in it, and may be under way, be sent one more time; in a transaction. */
    void onceMore(Collection<Long> outcomes) {
        for (var portion : Parameters.portions(List.copyOf(outcomes))) {
            lock(portion);
            mark(portion, true);
        }
    }

    /** Takes out those of these outcomes that were sent, all but those that are to be sent one more time. */
    void removeButOnceMore(Collection<Long> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        database.transactions().executeWithoutResult(status -> {
            lock(outcomes);
            database.jdbc()
                    .sql("delete from outcome_to_send where outcome_number in (:numbers) and not again")
                    .param("numbers", outcomes)
                    .update();
            mark(outcomes, false);
        });
    }

    /** In ascending order, so that nobody waits in a circle. */
    private void lock(Collection<Long> outcomes) {
        database.jdbc().sql("""
                select outcome_number from outcome_to_send
                where outcome_number in (:numbers)
                order by outcome_number
                for update
                """).param("numbers", outcomes).query(Long.class).list();
    }

    private void mark(Collection<Long> outcomes, boolean again) {
        database.jdbc()
                .sql("update outcome_to_send set again = :again where outcome_number in (:numbers) and again <> :again")
                .param("again", again)
                .param("numbers", outcomes)
                .update();
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
