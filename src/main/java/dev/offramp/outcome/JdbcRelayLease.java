package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes.Shards;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The leases as one row for each shard: whoever changes it has it. A node takes no more than its part of the shards as long
 * as others publish, too; those of a dead node are free when their time is over.
 */
final class JdbcRelayLease implements RelayLease {

    /** Into how many shards the customers are divided: all nodes that publish at a time agree in it. */
    private static final String DIVISION = "relay-shards";

    private static final String NOBODY = "";

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final String owner;
    private final Duration length;
    private final int shards;

    private Instant agreeAgainAt = Instant.EPOCH;
    private boolean complete;

    /** @param owner this incarnation of this node; two that run at a time never have the same */
    JdbcRelayLease(JdbcClient jdbc, InstantSource clock, String owner, Duration length, int shards) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.owner = owner;
        this.length = length;
        this.shards = shards;
    }

    @Override
    public Shards hold() {
        var now = clock.instant();
        if (!agreed(now)) {
            return new Shards(shards, Set.of());
        }
        var rows = rows(now);
        var part = Math.ceilDiv(shards, others(now) + 1);
        var mine = rows.stream().filter(each -> each.owner().equals(owner)).toList();
        if (mine.size() > part) {
            giveBack(mine.subList(part, mine.size()).stream().map(Row::number).toList(), now);
        }
        var wanted = Stream.concat(
                        mine.stream(),
                        rows.stream().filter(each -> !each.owner().equals(owner)))
                .limit(part)
                .map(Row::number)
                .toList();
        return take(wanted, now);
    }

    private record Row(int number, String owner) {}

    /** Those that are ours or free. */
    private List<Row> rows(Instant now) {
        if (!complete) {
            for (var number = 0; number < shards; number++) {
                addIfMissing(number, now);
            }
            complete = true;
        }
        return jdbc.sql("""
                        select number, owner
                        from relay_shard
                        where number < :shards
                          and (owner = :owner or held_until <= :now)
                        order by number
                        """)
                .param("shards", shards)
                .param("owner", owner)
                .param("now", time(now))
                .query((row, _) -> new Row(row.getInt("number"), Objects.requireNonNull(row.getString("owner"))))
                .list();
    }

    private Shards take(List<Integer> wanted, Instant now) {
        if (wanted.isEmpty()) {
            return new Shards(shards, Set.of());
        }
        var won = take(wanted, "or held_until <= :now", now);
        return new Shards(shards, won == wanted.size() ? new HashSet<>(wanted) : held(now));
    }

    private int take(List<Integer> wanted, String orFree, Instant now) {
        return jdbc.sql("""
                        update relay_shard
                        set owner = :owner, held_until = :until
                        where number in (:wanted)
                          and (owner = :owner %s)
                        """.formatted(orFree))
                .param("owner", owner)
                .param("until", time(now.plus(length)))
                .param("wanted", wanted)
                .param("now", time(now))
                .update();
    }

    private Set<Integer> held(Instant now) {
        return new HashSet<>(jdbc.sql(
                        "select number from relay_shard where owner = :owner and held_until > :now and number < :shards")
                .param("owner", owner)
                .param("now", time(now))
                .param("shards", shards)
                .query(Integer.class)
                .list());
    }

    @Override
    public boolean keep(Shards held) {
        return take(List.copyOf(held.numbers()), "", clock.instant())
                == held.numbers().size();
    }

    /** Renewed long before it ends, so that it outlasts every shard's lease. */
    private boolean agreed(Instant now) {
        if (now.isBefore(agreeAgainAt)) {
            return true;
        }
        var until = now.plus(length.multipliedBy(4));
        var division = "%d shards".formatted(shards);
        var agreed = jdbc.sql("""
                                update lease
                                set owner = :division, held_until = :until
                                where name = :name
                                  and (owner = :division or held_until <= :now)
                                """)
                                .param("name", DIVISION)
                                .param("division", division)
                                .param("until", time(until))
                                .param("now", time(now))
                                .update()
                        == 1
                || inserted(jdbc.sql("""
                                insert into lease (name, owner, held_until)
                                select cast(:name as varchar), cast(:division as varchar), cast(:until as timestamp with time zone)
                                where not exists (select 1 from lease where name = :name)
                                """)
                        .param("name", DIVISION)
                        .param("division", division)
                        .param("until", time(until)));
        agreeAgainAt = agreed ? now.plus(length.multipliedBy(2)) : Instant.EPOCH;
        return agreed;
    }

    /** Says that this node publishes, and counts the others that do. */
    private int others(Instant now) {
        var until = time(now.plus(length));
        var known = jdbc.sql("update relay_node set seen_until = :until where name = :owner")
                .param("until", until)
                .param("owner", owner)
                .update();
        if (known == 0) {
            jdbc.sql("insert into relay_node (name, seen_until) values (:owner, :until)")
                    .param("owner", owner)
                    .param("until", until)
                    .update();
            jdbc.sql("delete from relay_node where seen_until < :longAgo")
                    .param("longAgo", time(now.minus(length.multipliedBy(10))))
                    .update();
        }
        return jdbc.sql("select count(*) from relay_node where seen_until > :now and name <> :owner")
                .param("now", time(now))
                .param("owner", owner)
                .query(Integer.class)
                .single();
    }

    private void addIfMissing(int number, Instant now) {
        inserted(jdbc.sql("""
                        insert into relay_shard (number, owner, held_until)
                        select cast(:number as integer), cast(:nobody as varchar), cast(:now as timestamp with time zone)
                        where not exists (select 1 from relay_shard where number = :number)
                        """).param("number", number).param("nobody", NOBODY).param("now", time(now)));
    }

    private static boolean inserted(JdbcClient.StatementSpec insert) {
        try {
            return insert.update() == 1;
        } catch (DuplicateKeyException anotherWasFaster) {
            return false;
        }
    }

    private void giveBack(List<Integer> numbers, Instant now) {
        jdbc.sql("""
                        update relay_shard
                        set owner = :nobody, held_until = :now
                        where number in (:numbers)
                          and owner = :owner
                        """)
                .param("nobody", NOBODY)
                .param("now", time(now))
                .param("numbers", numbers)
                .param("owner", owner)
                .update();
    }

    @Override
    public void giveBack() {
        jdbc.sql("update relay_shard set owner = :nobody, held_until = :now where owner = :owner")
                .param("nobody", NOBODY)
                .param("now", time(clock.instant()))
                .param("owner", owner)
                .update();
        jdbc.sql("delete from relay_node where name = :owner")
                .param("owner", owner)
                .update();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
