package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What became of firings of schedules long ago, but for the last one of each job; of retention itself; and of comparisons with
 * Partner Center's records.
 */
final class Firings implements Sweep {

    private final JdbcClient jdbc;

    Firings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "firings";
    }

    /** There are a few a day: one chunk. */
    @Override
    public Chunk next(Ages ages, int limit) {
        var before = ages.details().atOffset(ZoneOffset.UTC);
        var removed = jdbc.sql("""
                        delete from firing
                        where due_at < :before
                          and due_at < (select max(other.due_at) from firing other where other.job = firing.job)
                        """).param("before", before).update();
        jdbc.sql("delete from retention_pass where due_at < :before")
                .param("before", before)
                .update();
        jdbc.sql("delete from reconciliation where ended_at < :before")
                .param("before", before)
                .update();
        return new Chunk(removed, false);
    }
}
