package dev.offramp.ledger;

import java.time.Instant;
import java.util.List;

/** Decisions in the database. */
final class JdbcDecisions implements Decisions {

    private final Database database;

    JdbcDecisions(Database database) {
        this.database = database;
    }

    @Override
    public void add(long request, Instant at, String facts, String verdict) {
        database.write(database.jdbc()
                .sql("""
                insert into decision (request_number, decided_at, facts, verdict)
                values (:request, :at, :facts, :verdict)
                """)
                .param("request", request)
                .param("at", Parameters.time(at))
                .param("facts", facts)
                .param("verdict", verdict));
    }

    @Override
    public List<Decision> of(long request) {
        return database.jdbc()
                .sql("select decided_at, facts, verdict from decision where request_number = :request order by number")
                .param("request", request)
                .query((row, index) ->
                        new Decision(Rows.time(row, "decided_at"), Rows.text(row, "facts"), Rows.text(row, "verdict")))
                .list();
    }
}
