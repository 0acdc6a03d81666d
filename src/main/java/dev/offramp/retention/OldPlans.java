package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Plans that nobody goes by any more. */
final class OldPlans implements Sweep {

    private final JdbcClient jdbc;

    OldPlans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "plans";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select number
                        from plan
                        where asked_at < :before
                        order by asked_at, number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            jdbc.sql("delete from plan_item where plan_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("delete from plan where number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
