package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Decisions that took two persons, long over; the audit trail keeps who decided what. */
final class OldDecisions implements Sweep {

    private final JdbcClient jdbc;

    OldDecisions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "decisions";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select number
                        from pending_decision
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
            jdbc.sql("delete from pending_decision_item where decision_number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
            jdbc.sql("delete from pending_decision where number in (:numbers)")
                    .param("numbers", numbers)
                    .update();
        }
        return Chunk.of(numbers, limit);
    }
}
