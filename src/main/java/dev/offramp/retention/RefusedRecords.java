package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bytes of refused records that were published. */
final class RefusedRecords implements Sweep {

    private final JdbcClient jdbc;

    RefusedRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "refused-bytes";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select f.number
                        from refusal f
                        where f.refused_at < :before
                          and (f.record_value is not null or f.record_key is not null)
                          and not exists (select 1 from refusal_to_send s where s.refusal_number = f.number)
                        order by f.refused_at, f.number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            jdbc.sql("update refusal set record_key = null, record_value = null where number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
