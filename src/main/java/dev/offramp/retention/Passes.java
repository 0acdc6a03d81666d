package dev.offramp.retention;

import dev.offramp.ledger.NamedLease;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which node carries out the pass that is due, and whether it was carried out: a row each, changed by whoever wins it. */
final class Passes {

    private static final String LEASE = "retention";

    private final JdbcClient jdbc;
    private final String node;
    private final NamedLease lease;

    /** @param node this incarnation of this node */
    Passes(JdbcClient jdbc, String node, Duration lease) {
        this.jdbc = jdbc;
        this.node = node;
        this.lease = new NamedLease(jdbc, LEASE, node, lease);
    }

    boolean isDone(Instant dueAt) {
        return jdbc.sql("select count(*) from retention_pass where due_at = :dueAt and ended_at is not null")
                        .param("dueAt", time(dueAt))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Whether this node is the one, from now on for the lease's length; renewed by asking again. */
    boolean hold(Instant now) {
        return lease.hold(now);
    }

    /** Another node need not wait. */
    void giveBack(Instant now) {
        lease.giveBack(now);
    }

    void begin(Instant dueAt, Instant now) {
        inserted(jdbc.sql("""
                        insert into retention_pass (due_at, node, started_at, removed)
                        select cast(:dueAt as timestamp with time zone), cast(:node as varchar),
                               cast(:now as timestamp with time zone), 0
                        where not exists (select 1 from retention_pass where due_at = :dueAt)
                        """).param("dueAt", time(dueAt)).param("node", node).param("now", time(now)));
    }

    void end(Instant dueAt, long removed, Instant now) {
        jdbc.sql("""
                        update retention_pass
                        set node = :node, ended_at = :now, removed = removed + :removed
                        where due_at = :dueAt
                        """)
                .param("node", node)
                .param("now", time(now))
                .param("removed", removed)
                .param("dueAt", time(dueAt))
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
