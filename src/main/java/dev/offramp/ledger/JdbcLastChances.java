package dev.offramp.ledger;

import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Last chances in the database, in the rows of their requests; without a new version, as they are no part of the state. */
final class JdbcLastChances implements LastChances {

    private final Database database;

    JdbcLastChances(Database database) {
        this.database = database;
    }

    @Override
    public void note(long request, LastChance chance) {
        database.write(database.jdbc()
                .sql("""
                update request
                set last_chance_at = :at, last_chance_of = :of, last_chance_told = null
                where number = :request and settled_at is null
                  and (last_chance_at is null or last_chance_at <> :at or last_chance_of <> :of)
                """)
                .param("at", Parameters.time(chance.at()))
                .param("of", chance.of().word())
                .param("request", request));
    }

    @Override
    public Optional<LastChance> of(long request) {
        return database.jdbc()
                .sql("""
                select last_chance_at, last_chance_of from request
                where number = :request and last_chance_at is not null
                """)
                .param("request", request)
                .query((row, _) -> chance(row))
                .optional();
    }

    @Override
    public List<Near> lockUntold(Instant now, Duration within, int limit) {
        return database.jdbc()
                .sql("""
                select number, status, reason, sight, last_chance_at, last_chance_of from request
                where last_chance_at > :now and last_chance_at <= :until
                  and status in ('held', 'stalled')
                  and (last_chance_told is null or last_chance_told > :hours)
                order by last_chance_at, number
                limit :limit
                for update skip locked
                """)
                .param("now", Parameters.time(now))
                .param("until", Parameters.time(now.plus(within)))
                .param("hours", within.toHours())
                .param("limit", limit)
                .query((row, _) -> near(row))
                .list();
    }

    private static Near near(ResultSet row) throws SQLException {
        var sight = row.getString("sight");
        return new Near(
                row.getLong("number"),
                Status.named(Rows.text(row, "status")),
                Rows.text(row, "reason"),
                chance(row),
                sight == null ? null : Json.read(sight, Holds.Sight.class).customer());
    }

    private static LastChance chance(ResultSet row) throws SQLException {
        return new LastChance(Rows.time(row, "last_chance_at"), LastChance.End.named(Rows.text(row, "last_chance_of")));
    }

    @Override
    public void told(Collection<Long> requests, Duration within) {
        for (var portion : Parameters.portions(List.copyOf(requests))) {
            database.jdbc()
                    .sql("update request set last_chance_told = :hours where number in (:numbers)")
                    .param("hours", within.toHours())
                    .param("numbers", portion)
                    .update();
        }
    }

    @Override
    public long count(Instant now, Duration within) {
        return database.jdbc()
                .sql("""
                select count(*) from request
                where last_chance_at > :now and last_chance_at <= :until and status in ('held', 'stalled')
                """)
                .param("now", Parameters.time(now))
                .param("until", Parameters.time(now.plus(within)))
                .query(Long.class)
                .single();
    }
}
