package dev.offramp.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds in the database. */
final class JdbcHolds implements Holds {

    private final Database database;

    JdbcHolds(Database database) {
        this.database = database;
    }

    @Override
    public Map<Long, Hold> of(Collection<Long> requests) {
        var holds = new HashMap<Long, Hold>();
        for (var portion : Parameters.portions(List.copyOf(requests))) {
            database.jdbc().sql("""
                    select r.number, r.changed_at, r.decide_by, r.sight,
                           (select d.facts from decision d where d.request_number = r.number order by d.number desc limit 1)
                               as facts
                    from request r
                    where r.number in (:numbers) and r.status = 'held'
                    """).param("numbers", portion).query(row -> {
                holds.put(
                        row.getLong("number"),
                        new Hold(
                                Rows.time(row, "changed_at"),
                                Rows.timeOrNull(row, "decide_by"),
                                row.getString("facts"),
                                sight(row.getString("sight"))));
            });
        }
        return holds;
    }

    private static @Nullable Sight sight(@Nullable String json) {
        return json == null ? null : Json.read(json, Sight.class);
    }

    @Override
    public List<Long> unseen(Instant now, int limit) {
        return database.jdbc()
                .sql("""
                select number from request
                where look_at <= :now and status = 'held'
                order by decide_by, number
                limit :limit
                """)
                .param("now", Parameters.time(now))
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    /** Without a new version: what people see is no part of the state. */
    @Override
    public void see(long request, Sight sight, @Nullable Instant again) {
        database.write(database.jdbc()
                .sql("update request set sight = :sight, look_at = :again where number = :request and status = 'held'")
                .param("sight", Json.write(sight))
                .param("again", Parameters.timeOrNull(again))
                .param("request", request));
    }

    @Override
    public List<Long> lockExpired(Instant now, int limit) {
        return database.jdbc()
                .sql("""
                select number from request
                where decide_by <= :now and status = 'held'
                order by number
                limit :limit
                for update skip locked
                """)
                .param("now", Parameters.time(now))
                .param("limit", limit)
                .query(Long.class)
                .list();
    }
}
