package dev.offramp.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Tells of which requests a call may be under way or its effect not settled yet. */
final class OnTheWire {

    private final Database database;

    OnTheWire(Database database) {
        this.database = database;
    }

    boolean includes(Request request) {
        return among(List.of(request.number())).contains(request.number());
    }

    /**
     * Those of the given requests of which a try is unanswered or accepted, or done without that the request's state
     * says so: not settled yet, or still being confirmed.
     */
    Set<Long> among(Collection<Long> numbers) {
        if (numbers.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(database.jdbc()
                .sql("""
                select distinct a.request_number
                from attempt a
                join attempt_try t on t.attempt_number = a.number
                join request r on r.number = a.request_number
                where a.request_number in (:numbers)
                  and (t.finding is null and (t.reply is null or t.reply in ('lost', 'accepted'))
                      or (t.finding = 'done' or t.reply = 'done' and t.finding is null)
                          and (r.effect in ('none', 'unknown')
                              or r.reason in ('confirming', 'in-doubt')
                              or coalesce(t.found_at, t.replied_at) >= r.changed_at))
                """)
                .param("numbers", numbers)
                .query(Long.class)
                .list());
    }
}
