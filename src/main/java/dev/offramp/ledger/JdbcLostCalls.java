package dev.offramp.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Lost calls in the database. */
final class JdbcLostCalls implements LostCalls {

    private final Database database;

    JdbcLostCalls(Database database) {
        this.database = database;
    }

    /** A row of a request; no time when there was no look yet. */
    private record Look(Optional<Instant> first) {}

    @Override
    public Optional<Instant> lookAgainAt(long request, Instant readAt, Duration between) {
        return find(request).flatMap(look -> {
            var again = look.first().map(first -> first.plus(between));
            if (again.isEmpty()) {
                noteFirst(request, readAt);
                return Optional.of(readAt.plus(between));
            }
            if (readAt.isBefore(again.get())) {
                return again;
            }
            forget(request);
            return Optional.empty();
        });
    }

    private Optional<Look> find(long request) {
        return database.jdbc()
                .sql("select first_look_at from lost_call where request_number = :request")
                .param("request", request)
                .query((row, _) -> new Look(Optional.ofNullable(Rows.timeOrNull(row, "first_look_at"))))
                .optional();
    }

    private void noteFirst(long request, Instant readAt) {
        database.write(database.jdbc()
                .sql("update lost_call set first_look_at = :readAt where request_number = :request")
                .param("readAt", Parameters.time(readAt))
                .param("request", request));
    }

    private void forget(long request) {
        database.write(database.jdbc()
                .sql("delete from lost_call where request_number = :request")
                .param("request", request));
    }

    /** Of everything that is open; what an earlier recovery left is looked at anew. */
    void addOpen() {
        database.jdbc().sql("delete from lost_call").update();
        database.jdbc().sql("""
                insert into lost_call (request_number)
                select number from request where settled_at is null and operation <> 'withdraw'
                """).update();
    }

    void add(long request) {
        database.jdbc()
                .sql("insert into lost_call (request_number) values (:request)")
                .param("request", request)
                .update();
    }
}
