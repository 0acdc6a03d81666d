package dev.offramp.partnercenter.pace;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The timetable of several nodes, in table {@code pace}. It uses the database's clock, so that nodes whose clocks differ
 * keep one rate, and takes all places in one statement; nobody waits with a connection.
 */
final class PostgresTimetable implements Timetable {

    private final JdbcClient jdbc;
    private final String now;

    /** @param jdbc on a data source that no transaction of the caller uses */
    PostgresTimetable(JdbcClient jdbc) {
        this(jdbc, "clock_timestamp()");
    }

    /** @param now the SQL expression of the time, which a test turns by hand */
    PostgresTimetable(JdbcClient jdbc, String now) {
        this.jdbc = jdbc;
        this.now = now;
    }

    @Override
    public Taken take(List<Wish> wishes) {
        List<Row> rows = update(wishes);
        if (rows.isEmpty()) {
            insert(wishes.stream().map(Wish::limit).toList());
            rows = update(wishes);
        }
        if (rows.isEmpty()) {
            throw new IllegalStateException("The rows of the limits %s vanished.".formatted(wishes));
        }
        Map<String, Object> marks = rows.stream().collect(Collectors.toMap(Row::limit, Row::free));
        return new Taken(rows.getFirst().delay(), marks);
    }

    /**
     * Nothing is changed unless all rows are there. Locks in the order of the ids: two reservations that share limits
     * never wait for each other.
     */
    private List<Row> update(List<Wish> wishes) {
        return jdbc.sql("""
                        with wish as (
                            select id, micros, ahead
                              from unnest(cast(:ids as varchar[]), cast(:micros as bigint[]), cast(:ahead as bigint[]))
                                   as w (id, micros, ahead)
                        ), locked as (
                            select p.id, p.free_at, p.held_until
                              from pace p
                             where p.id = any (cast(:ids as varchar[]))
                             order by p.id
                               for update
                        ), start as (
                            select max(greatest(%1$s,
                                                locked.held_until,
                                                greatest(locked.free_at, %1$s)
                                                    + (wish.micros - wish.ahead) * interval '1 microsecond')) as at
                              from locked
                              join wish on wish.id = locked.id
                            having count(*) = :count
                        )
                        update pace p
                           set free_at = greatest(locked.free_at, start.at) + wish.micros * interval '1 microsecond'
                          from locked, wish, start
                         where p.id = locked.id
                           and wish.id = locked.id
                        returning p.id, p.free_at,
                                  cast(extract(epoch from (start.at - %1$s)) * 1000000 as bigint) as delay
                        """.formatted(now))
                .param("ids", wishes.stream().map(Wish::limit).toArray(String[]::new))
                .param("micros", wishes.stream().map(PostgresTimetable::micros).toArray(Long[]::new))
                .param("ahead", wishes.stream().map(PostgresTimetable::ahead).toArray(Long[]::new))
                .param("count", wishes.size())
                .query((row, number) -> new Row(
                        row.getString("id"),
                        row.getObject("free_at", OffsetDateTime.class),
                        Duration.ofNanos(Math.max(0, row.getLong("delay")) * 1000)))
                .list();
    }

    private void insert(List<String> limits) {
        jdbc.sql("""
                        insert into pace (id, free_at)
                        select id, %s
                          from unnest(cast(:ids as varchar[])) as w (id)
                         order by id
                            on conflict (id) do nothing
                        """.formatted(now)).param("ids", limits.toArray(String[]::new)).update();
    }

    @Override
    public Object giveBack(Wish unused, Object mark) {
        List<Object> before = jdbc.sql("""
                        update pace
                           set free_at = free_at - :micros * interval '1 microsecond'
                         where id = :id
                           and free_at = :mark
                        returning free_at
                        """)
                .param("micros", micros(unused))
                .param("id", unused.limit())
                .param("mark", mark)
                .query((row, number) -> (Object) row.getObject("free_at", OffsetDateTime.class))
                .list();
        return before.isEmpty() ? mark : before.getFirst();
    }

    @Override
    public void hold(String limit, Duration time) {
        insert(List.of(limit));
        jdbc.sql("""
                        update pace
                           set held_until = greatest(held_until, %1$s + :micros * interval '1 microsecond'),
                               free_at = greatest(free_at, %1$s + :micros * interval '1 microsecond')
                         where id = :id
                        """.formatted(now))
                .param("micros", time.toNanos() / 1000)
                .param("id", limit)
                .update();
    }

    @Override
    public Map<String, Duration> holds() {
        return jdbc
                .sql("""
                        select id, cast(extract(epoch from (held_until - %1$s)) * 1000000 as bigint) as left_over
                          from pace
                         where held_until > %1$s
                        """.formatted(now))
                .query((row, number) ->
                        Map.entry(row.getString("id"), Duration.ofNanos(row.getLong("left_over") * 1000)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void tidy() {
        jdbc.sql("""
                        delete from pace
                         where free_at < %1$s - interval '1 hour'
                           and (held_until is null or held_until < %1$s - interval '1 hour')
                        """.formatted(now)).update();
    }

    private static long micros(Wish wish) {
        return Math.ceilDiv(wish.nanos(), 1000);
    }

    private static long ahead(Wish wish) {
        return wish.allowance().ahead() / 1000;
    }

    private record Row(String limit, OffsetDateTime free, Duration delay) {}
}
