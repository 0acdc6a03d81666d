package dev.offramp.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A task that one node carries out at a time: a row, changed by whoever wins it. It elects, it does not fence: what the
 * task writes must be safe when a node that stood still goes on late.
 */
public final class NamedLease {

    private final JdbcClient jdbc;
    private final String name;
    private final String owner;
    private final Duration length;

    /**
     * @param name of the task
     * @param owner this incarnation of this node
     * @param length how long another node waits before it goes on for one that died
     */
    public NamedLease(JdbcClient jdbc, String name, String owner, Duration length) {
        this.jdbc = jdbc;
        this.name = name;
        this.owner = owner;
        this.length = length;
    }

    /** Whether this node is the one, from now on for the lease's length; renewed by asking again. */
    public boolean hold(Instant now) {
        var until = time(now.plus(length));
        var won = jdbc.sql("""
                        update lease
                        set owner = :owner, held_until = :until
                        where name = :name
                          and (owner = :owner or held_until <= :now)
                        """)
                .param("name", name)
                .param("owner", owner)
                .param("until", until)
                .param("now", time(now))
                .update();
        return won == 1
                || inserted(
                        jdbc.sql("""
                                insert into lease (name, owner, held_until)
                                select cast(:name as varchar), cast(:owner as varchar), cast(:until as timestamp with time zone)
                                where not exists (select 1 from lease where name = :name)
                                """).param("name", name).param("owner", owner).param("until", until));
    }

    /** Another node need not wait. */
    public void giveBack(Instant now) {
        jdbc.sql("update lease set held_until = :now where name = :name and owner = :owner")
                .param("now", time(now))
                .param("name", name)
                .param("owner", owner)
                .update();
    }

    private static boolean inserted(JdbcClient.StatementSpec insert) {
        try {
            return insert.update() == 1;
        } catch (DuplicateKeyException anotherWasFaster) {
            return false;
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
