package dev.offramp.ledger;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** Attempts and tries in the database. */
final class JdbcAttempts implements Attempts {

    private static final String TRIES = """
            select a.step, t.*
            from attempt a
            join attempt_try t on t.attempt_number = a.number
            where a.request_number = :request
            """;

    private final Database database;

    JdbcAttempts(Database database) {
        this.database = database;
    }

    @Override
    public List<Try> of(long request) {
        return database.jdbc()
                .sql(TRIES + "order by t.gated_at, t.attempt_number, t.try_number")
                .param("request", request)
                .query(Rows::attemptTry)
                .list();
    }

    @Override
    public Optional<Try> latest(long request, String step) {
        return database.jdbc()
                .sql(TRIES + """
                and a.step = :step
                order by t.try_number desc
                limit 1
                """)
                .param("request", request)
                .param("step", step)
                .query(Rows::attemptTry)
                .optional();
    }

    @Override
    public Try write(NewTry next, Instant now) {
        return database.transactions().execute(status -> {
            var attempt = attemptOf(next.request(), next.step()).orElseGet(() -> newAttempt(next, now));
            int number = database.jdbc()
                            .sql("select coalesce(max(try_number), 0) from attempt_try where attempt_number = :attempt")
                            .param("attempt", attempt)
                            .query(Integer.class)
                            .single()
                    + 1;
            database.jdbc()
                    .sql("""
                    insert into attempt_try
                        (attempt_number, try_number, ms_request_id, ms_correlation_id, gated_at, facts_read_at, node,
                         batch_number, lease_number, before_image)
                    values
                        (:attempt, :number, :msRequestId, :msCorrelationId, :now, :factsReadAt, :node,
                         :batch, :lease, :beforeImage)
                    """)
                    .param("attempt", attempt)
                    .param("number", number)
                    .param("msRequestId", next.msRequestId().toString())
                    .param("msCorrelationId", next.msCorrelationId().toString())
                    .param("now", Parameters.time(now))
                    .param("factsReadAt", Parameters.time(next.factsReadAt()))
                    .param("node", next.node())
                    .param("batch", next.fence().batch())
                    .param("lease", next.fence().leaseNumber())
                    .param("beforeImage", next.beforeImage())
                    .update();
            return latest(next.request(), next.step()).orElseThrow();
        });
    }

    private Optional<Long> attemptOf(long request, String step) {
        return database.jdbc()
                .sql("select number from attempt where request_number = :request and step = :step")
                .param("request", request)
                .param("step", step)
                .query(Long.class)
                .optional();
    }

    private long newAttempt(NewTry next, Instant now) {
        var key = new GeneratedKeyHolder();
        database.jdbc()
                .sql("insert into attempt (request_number, step, created_at) values (:request, :step, :now)")
                .param("request", next.request())
                .param("step", next.step())
                .param("now", Parameters.time(now))
                .update(key, "number");
        return Objects.requireNonNull(key.getKeyAs(Long.class));
    }

    @Override
    public boolean reply(TryId id, RecordedReply reply, Instant now) {
        return database.write(database.jdbc()
                        .sql("""
                        update attempt_try
                        set reply = :reply, http_status = :httpStatus, code = :code, words = :words, detail = :detail,
                            replied_at = :now,
                            finding = case when :reply in ('done', 'accepted') and finding = 'not-done'
                                then null else finding end,
                            found_by = case when :reply in ('done', 'accepted') and finding = 'not-done'
                                then null else found_by end
                        where attempt_number = :attempt and try_number = :number
                          and reply is null
                        """)
                        .param("reply", Parameters.word(reply.kind()))
                        .param("httpStatus", reply.httpStatus())
                        .param("code", reply.code())
                        .param("words", reply.words())
                        .param("detail", reply.detail())
                        .param("now", Parameters.time(now))
                        .param("attempt", id.attempt())
                        .param("number", id.number()))
                == 1;
    }

    @Override
    public void found(TryId id, Finding finding, Instant now) {
        // That it was done or accepted is never taken back: a later read may be served by a replica that lags behind.
        database.write(database.jdbc()
                .sql("""
                update attempt_try
                set finding = :finding, found_at = :now, found_by = null
                where attempt_number = :attempt and try_number = :number
                  and (finding is null or finding = 'not-done')
                  and (:finding = 'done' or reply is null or reply not in ('done', 'accepted'))
                """)
                .param("finding", Parameters.word(finding))
                .param("now", Parameters.time(now))
                .param("attempt", id.attempt())
                .param("number", id.number()));
    }

    @Override
    public boolean decide(TryId id, Finding finding, String who, Instant now) {
        return database.write(database.jdbc()
                        .sql("""
                        update attempt_try
                        set finding = :finding, found_at = :now, found_by = :who
                        where attempt_number = :attempt and try_number = :number
                          and finding is null
                          and (reply is null or reply = 'lost'
                              or :finding = 'done' and reply in ('done', 'accepted'))
                        """)
                        .param("finding", Parameters.word(finding))
                        .param("who", who)
                        .param("now", Parameters.time(now))
                        .param("attempt", id.attempt())
                        .param("number", id.number()))
                == 1;
    }

    @Override
    public Optional<String> beforeLastSuspend(CustomerId customer, SubscriptionId subscription) {
        return database.jdbc()
                .sql("""
                select t.before_image
                from request r
                join attempt a on a.request_number = r.number
                join attempt_try t on t.attempt_number = a.number
                where r.customer_id = :customer
                  and (a.step = :chained or a.step = :own and r.subscription_id = :subscription)
                  and (t.reply in ('done', 'accepted') or t.finding = 'done')
                  and t.before_image is not null
                order by t.gated_at desc
                limit 1
                """)
                .param("customer", customer.value())
                .param("chained", new Step.ChangeSubscription(subscription, Change.SUSPEND, false).word())
                .param("own", Change.SUSPEND.word())
                .param("subscription", subscription.value())
                .query(String.class)
                .optional();
    }

    @Override
    public List<DoneChange> doneSince(CustomerId customer, Instant since) {
        return database.jdbc()
                .sql("""
                select a.step, r.subscription_id, coalesce(t.replied_at, t.found_at) done_at
                from request r
                join attempt a on a.request_number = r.number
                join attempt_try t on t.attempt_number = a.number
                where r.customer_id = :customer
                  and (r.settled_at is null or r.settled_at >= :since)
                  and t.gated_at >= :since
                  and (t.reply = 'done' or t.finding = 'done')
                order by t.gated_at, a.number, t.try_number
                """)
                .param("customer", customer.value())
                .param("since", Parameters.time(since))
                .query((row, _) -> {
                    var subscription = row.getString("subscription_id");
                    return new DoneChange(
                            Rows.text(row, "step"),
                            subscription == null ? null : SubscriptionId.of(subscription),
                            Rows.time(row, "done_at"));
                })
                .list();
    }
}
