package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Uploads of which nobody sends the rest: nothing of them was loaded, and the file can be announced again. */
final class AbandonedUploads implements Sweep {

    private final JdbcClient jdbc;

    AbandonedUploads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "unfinished-uploads";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select number
                        from upload
                        where state = 'receiving' and coalesce(received_at, created_at) < :before
                        order by number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.uploads().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            jdbc.sql("delete from upload_part where upload_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("""
                            update upload
                            set state = 'refused', ended_at = :now,
                                message = 'The rest of the file did not come in time (offramp.retention.uploads); announce it again.'
                            where number in (:numbers)
                            """)
                    .param("now", ages.now().atOffset(ZoneOffset.UTC))
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
