package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Refused records that the topic does not have any more. */
final class RefusedStubs implements Sweep {

    private final JdbcClient jdbc;

    RefusedStubs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "refused-records";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select f.number
                        from refusal f
                        where f.refused_at < :before
                          and not exists (select 1 from refusal_to_send s where s.refusal_number = f.number)
                        order by f.refused_at, f.number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.records().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            jdbc.sql("delete from refusal where number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
