package dev.offramp.reconcile;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the calls from the ledger's tries. */
final class JdbcCalls implements Calls {

    private final JdbcClient jdbc;

    JdbcCalls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Called> between(Instant from, Instant until) {
        return jdbc
                .sql("""
                select r.number, r.customer_id, r.subscription_id, a.step, t.gated_at, t.ms_correlation_id, t.reply, t.finding
                from attempt_try t
                join attempt a on a.number = t.attempt_number
                join request r on r.number = a.request_number
                where t.gated_at >= :from
                  and t.gated_at < :until
                  and (t.reply is null or t.reply in ('done', 'accepted', 'lost') or t.finding = 'done')
                order by t.gated_at, t.attempt_number, t.try_number
                """)
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("until", until.atOffset(ZoneOffset.UTC))
                .query(JdbcCalls::called)
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Called> called(ResultSet row, int index) throws SQLException {
        var subscription = row.getString("subscription_id");
        var reply = row.getString("reply");
        boolean accepted = "done".equals(reply) || "accepted".equals(reply) || "done".equals(row.getString("finding"));
        var step = Step.of(text(row, "step"), subscription == null ? null : SubscriptionId.of(subscription));
        if (step.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Called(
                new Done(
                        row.getObject("gated_at", OffsetDateTime.class).toInstant(),
                        effect(step.get()),
                        CustomerId.of(text(row, "customer_id")),
                        resource(step.get()),
                        text(row, "ms_correlation_id"),
                        row.getLong("number")),
                // No document says under which operation the end of an Azure subscription is recorded.
                accepted && !(step.get() instanceof Step.CancelAzureSubscription)));
    }

    private static Effect effect(Step step) {
        return switch (step) {
            case Step.ChangeSubscription _, Step.CancelAzureSubscription _ -> Effect.SUBSCRIPTION_UPDATED;
            case Step.CancelOrder _ -> Effect.ORDER_UPDATED;
            case Step.RemoveRelationship _ -> Effect.RELATIONSHIP_REMOVED;
        };
    }

    private static @Nullable String resource(Step step) {
        return switch (step) {
            case Step.ChangeSubscription(SubscriptionId subscription, var _, var _) -> subscription.value();
            case Step.CancelOrder(String order, var _) -> order.toLowerCase(Locale.ROOT);
            case Step.CancelAzureSubscription(var _, String entitlement) -> entitlement.toLowerCase(Locale.ROOT);
            case Step.RemoveRelationship _ -> null;
        };
    }

    @Override
    public boolean knewRequestsBefore(Instant time) {
        return jdbc.sql("select count(*) from (select 1 as one from request where admitted_at < :time limit 1) found")
                        .param("time", time.atOffset(ZoneOffset.UTC))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }
}
