package dev.offramp.retention;

import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The stubs of requests that cannot come again, with all that is left of them. */
final class RequestStubs implements Sweep {

    private final JdbcClient jdbc;

    RequestStubs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "request-stubs";
    }

    /** One that an open request names stays as long as that one is open. */
    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select r.number
                        from request r
                        where r.details_deleted_at is not null
                          and r.settled_at < :before
                          and (r.topic is null or r.settled_at < :beforeOfRecords)
                          and not exists (
                              select 1
                              from outcome o
                              join outcome_to_send s on s.outcome_number = o.number
                              where o.request_number = r.number)
                          and not exists (select 1 from permit p where p.request_number = r.number and p.reserved_at >= :before)
                          and not exists (select 1 from request q where q.withdrawn_by = r.number and q.settled_at is null)
                          and not exists (select 1 from request q where q.resubmits = r.number and q.settled_at is null)
                          and not exists (select 1 from request q where q.waits_for = r.number)
                        order by r.settled_at, r.number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.stubs().atOffset(ZoneOffset.UTC))
                .param("beforeOfRecords", ages.records().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            delete(numbers);
        }
        return Chunk.of(numbers, limit);
    }

    private void delete(List<Long> numbers) {
        of(numbers, "update request set withdrawn_by = null where withdrawn_by in (:numbers)");
        of(numbers, "update request set resubmits = null where resubmits in (:numbers)");
        of(
                numbers,
                "delete from attempt_try where attempt_number in (select number from attempt where request_number in (:numbers))");
        of(numbers, "delete from attempt where request_number in (:numbers)");
        of(numbers, "delete from permit where request_number in (:numbers)");
        of(numbers, "delete from decision where request_number in (:numbers)");
        of(numbers, "delete from outcome where request_number in (:numbers)");
        of(numbers, "delete from request where number in (:numbers)");
    }

    private void of(List<Long> numbers, String sql) {
        jdbc.sql(sql).param("numbers", numbers).update();
    }
}
