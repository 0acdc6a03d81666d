package dev.offramp.retention;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Step;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The details of final requests. What stays: key, digest, target, and the final outcome with its sentence. What reading
 * showed before a suspension stays, too: a later reactivation restores it.
 */
final class RequestDetails implements Sweep {

    /** Terms that ask for nothing: they are read like any others. */
    private static final String NO_TERMS = """
            {"planOnly":false,"notAfter":"1970-01-01T00:00:00Z","ifWindowClosed":"REJECT","onActiveSubscriptions":"FAIL",\
            "onActiveAzureSubscriptions":"FAIL","expect":{}}""";

    private static final String NO_DETAILS = """
            {"blockers":[],"heldBackBy":[],"steps":[]}""";

    private final JdbcClient jdbc;

    RequestDetails(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "request-details";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var numbers = jdbc.sql("""
                        select r.number
                        from request r
                        where r.details_deleted_at is null
                          and r.settled_at is not null and r.settled_at < :before
                          and not exists (
                              select 1
                              from outcome o
                              join outcome_to_send s on s.outcome_number = o.number
                              where o.request_number = r.number)
                        order by r.settled_at, r.number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Long.class)
                .list();
        if (!numbers.isEmpty()) {
            delete(numbers, ages);
        }
        return Chunk.of(numbers, limit);
    }

    private void delete(List<Long> numbers, Ages ages) {
        of(numbers, "delete from decision where request_number in (:numbers)");
        jdbc.sql("""
                        delete from attempt_try
                        where attempt_number in (
                                  select a.number from attempt a
                                  where a.request_number in (:numbers)
                                    and a.step <> :suspend and a.step not like :suspendInAChain)
                           or attempt_number in (select a.number from attempt a where a.request_number in (:numbers))
                              and before_image is null
                        """)
                .param("numbers", numbers)
                .param("suspend", Change.SUSPEND.word())
                .param("suspendInAChain", Change.SUSPEND.word() + Step.SEPARATOR + "%")
                .update();
        of(numbers, """
                delete from attempt
                where request_number in (:numbers)
                  and not exists (select 1 from attempt_try t where t.attempt_number = attempt.number)
                """);
        of(
                numbers,
                "update attempt_try set words = null, detail = null where attempt_number in (select number from attempt where request_number in (:numbers))");
        jdbc.sql("delete from permit where request_number in (:numbers) and reserved_at < :before")
                .param("numbers", numbers)
                .param("before", ages.details().atOffset(ZoneOffset.UTC))
                .update();
        of(numbers, "delete from outcome where request_number in (:numbers) and final_of is null");
        jdbc.sql("update outcome set details = :none where request_number in (:numbers)")
                .param("none", NO_DETAILS)
                .param("numbers", numbers)
                .update();
        jdbc.sql("""
                        update request
                        set terms = :noTerms, requested_by = '', cause = '', released_for = null, sight = null, details_deleted_at = :now,
                            batch_number = null, item_number = null, last_batch = null
                        where number in (:numbers)
                        """)
                .param("noTerms", NO_TERMS)
                .param("now", ages.now().atOffset(ZoneOffset.UTC))
                .param("numbers", numbers)
                .update();
    }

    private void of(List<Long> numbers, String sql) {
        jdbc.sql(sql).param("numbers", numbers).update();
    }
}
