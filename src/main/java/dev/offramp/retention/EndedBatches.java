package dev.offramp.retention;

import dev.offramp.retention.JobHistory.Launched;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Batches that ended and that nothing names any more, with their Spring Batch history. A stopped or failed one is open, as
 * is one of which a request waits for its time, and one that a doubt about the partner tenant rests on.
 */
final class EndedBatches implements Sweep {

    /** The parameter by which a batch's job is identified. */
    private static final String BATCH = "batch";

    private final JdbcClient jdbc;
    private final JobHistory history;

    EndedBatches(JdbcClient jdbc, JobHistory history) {
        this.jdbc = jdbc;
        this.history = history;
    }

    @Override
    public String what() {
        return "batches";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var batches = jdbc.sql("""
                        select b.number, b.job
                        from batch b
                        where b.state in ('completed', 'abandoned') and b.ended_at < :before
                          and not exists (select 1 from request r where r.batch_number = b.number)
                          and not exists (select 1 from request r where r.last_batch = b.number)
                          and not exists (select 1 from attempt_try t where t.batch_number = b.number)
                          and not exists (
                              select 1
                              from tenant_doubt_batch d
                              join tenant_doubt t on t.source = d.source and t.open_since is not null
                              where d.batch_number = b.number)
                        order by b.ended_at, b.number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query((row, _) -> new Launched(String.valueOf(row.getString("job")), BATCH, row.getLong("number")))
                .list();
        var numbers = batches.stream().map(Launched::number).toList();
        if (!batches.isEmpty()) {
            history.delete(batches);
            jdbc.sql("delete from tenant_doubt_batch where batch_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("delete from batch where number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
