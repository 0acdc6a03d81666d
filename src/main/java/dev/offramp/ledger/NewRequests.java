package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Reason;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** Writes requests that are new, with their customers and what is told of them first. */
final class NewRequests {

    static final Resolution ADMITTED =
            Resolution.of(Reason.ADMITTED, Effect.NONE, "The request was admitted.", Details.NONE);

    private final Database database;
    private final CustomerRows customers;
    private final OutcomeRows outcomes;

    NewRequests(Database database, CustomerRows customers, OutcomeRows outcomes) {
        this.database = database;
        this.customers = customers;
        this.outcomes = outcomes;
    }

    /** Writes customers, requests, their first outcomes, and that these are to be sent; gives their numbers. */
    List<Long> add(List<Admission> admissions, Resolution resolution, Instant now) {
        customers.addMissing(admissions.stream().map(Admission::customerId).toList());
        var numbers = insert(admissions, resolution, now);
        outcomes.addFirst(numbers, resolution, now);
        return numbers;
    }

    private List<Long> insert(List<Admission> admissions, Resolution resolution, Instant now) {
        var keys = new GeneratedKeyHolder();
        database.many()
                .batchUpdate(
                        """
                        insert into request
                            (source, id, digest, operation, partner_tenant_id, customer_id, subscription_id,
                             order_id, order_line_item, withdraws_id, terms, mode, group_name, reference, requested_by, cause, correlation_id,
                             trace_parent, event_time, admitted_at, topic, partition_no, offset_no,
                             run_number, line_number, job, resubmits, plan_number, status, reason, effect, message, version, sequence, due_at,
                             deferrals, not_done_reads, changed_at, settled_at, last_chance_at, last_chance_of)
                        values
                            (:source, :id, :digest, :operation, :partnerTenantId, :customerId, :subscriptionId,
                             :orderId, :orderLineItem, :withdrawsId, :terms, :mode, :group, :reference, :requestedBy, :cause, :correlationId,
                             :traceParent, :eventTime, :now, :topic, :partition, :offset,
                             :run, :line, :job, :resubmits, :plan, :status, :reason, :effect, :message, 1, 1, :dueAt,
                             0, 0, :now, :settledAt, :lastChanceAt, :lastChanceOf)
                        """,
                        admissions.stream()
                                .map(each -> request(each, resolution, now))
                                .toArray(SqlParameterSource[]::new),
                        keys,
                        new String[] {"number"});
        return keys.getKeyList().stream()
                .map(key -> ((Number) key.values().iterator().next()).longValue())
                .toList();
    }

    private static SqlParameterSource request(Admission admission, Resolution resolution, Instant now) {
        boolean isFinal = resolution.status().isFinal();
        var notBefore = admission.terms().notBefore();
        var subscription = admission.subscriptionId();
        var order = admission.order();
        var place = admission.place();
        var line = admission.line();
        return new MapSqlParameterSource()
                .addValue("source", admission.key().source())
                .addValue("id", admission.key().id())
                .addValue("digest", admission.digest())
                .addValue("operation", admission.operation().word())
                .addValue("partnerTenantId", admission.partnerTenantId().value())
                .addValue("customerId", admission.customerId().value())
                .addValue("subscriptionId", subscription == null ? null : subscription.value(), Types.VARCHAR)
                .addValue("orderId", order == null ? null : order.order(), Types.VARCHAR)
                .addValue("orderLineItem", order == null ? null : order.line(), Types.INTEGER)
                .addValue("withdrawsId", admission.withdrawsId(), Types.VARCHAR)
                .addValue("terms", Json.write(admission.terms()))
                .addValue("mode", admission.mode().word())
                .addValue("group", admission.group(), Types.VARCHAR)
                .addValue("reference", admission.reference(), Types.VARCHAR)
                .addValue("requestedBy", admission.requestedBy())
                .addValue("cause", admission.cause())
                .addValue("correlationId", admission.correlationId(), Types.VARCHAR)
                .addValue("traceParent", admission.traceParent(), Types.VARCHAR)
                .addValue("eventTime", Parameters.time(admission.eventTime()))
                .addValue("now", Parameters.time(now))
                .addValue("topic", place == null ? null : place.topic(), Types.VARCHAR)
                .addValue("partition", place == null ? null : place.partition(), Types.INTEGER)
                .addValue("offset", place == null ? null : place.offset(), Types.BIGINT)
                .addValue("run", line == null ? null : line.run(), Types.BIGINT)
                .addValue("line", line == null ? null : line.number(), Types.BIGINT)
                .addValue("job", admission.job())
                .addValue("resubmits", admission.resubmits(), Types.BIGINT)
                .addValue("plan", admission.plan(), Types.BIGINT)
                .addValue("status", resolution.status().word())
                .addValue("reason", resolution.reason().word())
                .addValue("effect", resolution.effect().word())
                .addValue("message", resolution.message())
                .addValue(
                        "dueAt",
                        isFinal
                                ? null
                                : Parameters.time(notBefore == null || notBefore.isBefore(now) ? now : notBefore),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue(
                        "lastChanceAt",
                        isFinal ? null : Parameters.time(admission.terms().notAfter()),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("lastChanceOf", isFinal ? null : LastChance.End.NOT_AFTER.word(), Types.VARCHAR)
                .addValue("settledAt", isFinal ? Parameters.time(now) : null, Types.TIMESTAMP_WITH_TIMEZONE);
    }
}
