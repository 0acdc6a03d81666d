package dev.offramp.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Numbers of what is written but not yet sent. */
final class ToSend {

    private final Database database;
    private final String table;
    private final String column;

    private ToSend(Database database, String table, String column) {
        this.database = database;
        this.table = table;
        this.column = column;
    }

    static ToSend outcomes(Database database) {
        return new ToSend(database, "outcome_to_send", "outcome_number");
    }

    static ToSend refusals(Database database) {
        return new ToSend(database, "refusal_to_send", "refusal_number");
    }

    /** Adds those that are not in it. */
    void addMissing(List<Long> ascending) {
        if (!ascending.isEmpty()) {
            database.dialect()
                    .insertMissing(
                            database.many(),
                            "%s (%s)".formatted(table, column),
                            ":number",
                            ascending.stream()
                                    .map(number -> Map.<String, Object>of("number", number))
                                    .toList());
        }
    }

    void remove(Collection<Long> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        database.write(database.jdbc()
                .sql("delete from %s where %s in (:numbers)".formatted(table, column))
                .param("numbers", numbers));
    }

    long count() {
        return database.jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }
}
