package dev.offramp.retention;

import dev.offramp.retention.JobHistory.Launched;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bytes, rejected lines and history of uploads that are loaded or refused; a failed one may go on and is kept. */
final class LoadedUploads implements Sweep {

    private static final String JOB = "loading";
    private static final String UPLOAD = "upload";

    private final JdbcClient jdbc;
    private final JobHistory history;

    LoadedUploads(JdbcClient jdbc, JobHistory history) {
        this.jdbc = jdbc;
        this.history = history;
    }

    @Override
    public String what() {
        return "upload-details";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select number
                        from upload
                        where state in ('loaded', 'refused') and ended_at < :before and details_deleted_at is null
                        order by number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            history.delete(numbers.stream()
                    .map(number -> new Launched(JOB, UPLOAD, number))
                    .toList());
            jdbc.sql("delete from upload_part where upload_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("delete from upload_reject where upload_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("update upload set details_deleted_at = :now where number in (:numbers)")
                    .param("now", ages.now().atOffset(ZoneOffset.UTC))
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
