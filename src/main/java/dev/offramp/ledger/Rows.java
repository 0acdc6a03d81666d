package dev.offramp.ledger;

import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Attempts.TryId;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Numbered;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How rows are read. */
final class Rows {

    private Rows() {}

    static Request request(ResultSet row, int index) throws SQLException {
        return new Request(
                row.getLong("number"),
                admission(row),
                time(row, "admitted_at"),
                Status.named(text(row, "status")),
                Reason.named(text(row, "reason")),
                Effect.named(text(row, "effect")),
                text(row, "message"),
                row.getLong("version"),
                row.getInt("sequence"),
                timeOrNull(row, "due_at"),
                longOrNull(row, "waits_for"),
                longOrNull(row, "batch_number"),
                intOrNull(row, "item_number"),
                longOrNull(row, "last_batch"),
                longOrNull(row, "withdrawn_by"),
                row.getInt("deferrals"),
                row.getInt("not_done_reads"),
                timeOrNull(row, "doubt_since"),
                timeOrNull(row, "settled_at"),
                releases(text(row, "released"), row.getString("released_for")));
    }

    /** @param words with a blank between them */
    private static Releases releases(String words, @Nullable String sentences) {
        return words.isEmpty()
                ? Releases.NONE
                : Releases.from(
                        Stream.of(words.split(" ")).collect(Collectors.toMap(Reason::named, found(sentences)::of)));
    }

    private static Found found(@Nullable String sentences) {
        return sentences == null ? Found.NOTHING : Json.read(sentences, Found.class);
    }

    /**
     * What guards had found when a person released a request from them.
     *
     * @param sentences by the word of the reason
     */
    record Found(Map<String, String> sentences) {

        static final Found NOTHING = new Found(Map.of());

        String of(String word) {
            return sentences.getOrDefault(word, "");
        }
    }

    private static Admission admission(ResultSet row) throws SQLException {
        var subscription = row.getString("subscription_id");
        var order = row.getString("order_id");
        var topic = row.getString("topic");
        var run = longOrNull(row, "run_number");
        return new Admission(
                new RequestKey(text(row, "source"), text(row, "id")),
                text(row, "digest"),
                Operation.named(text(row, "operation")),
                PartnerTenantId.of(text(row, "partner_tenant_id")),
                CustomerId.of(text(row, "customer_id")),
                subscription == null ? null : SubscriptionId.of(subscription),
                order == null ? null : new OrderTarget(order, intOrNull(row, "order_line_item")),
                row.getString("withdraws_id"),
                Json.read(text(row, "terms"), Terms.class),
                Mode.named(text(row, "mode")),
                row.getString("group_name"),
                row.getString("reference"),
                text(row, "requested_by"),
                text(row, "cause"),
                row.getString("correlation_id"),
                row.getString("trace_parent"),
                time(row, "event_time"),
                topic == null ? null : new Admission.Place(topic, row.getInt("partition_no"), row.getLong("offset_no")),
                run == null ? null : new Admission.Line(run, row.getLong("line_number")),
                text(row, "job"),
                longOrNull(row, "resubmits"),
                longOrNull(row, "plan_number"));
    }

    /** An outcome's own columns carry {@code o_} before their names, beside those of its request. */
    static Outcome outcome(ResultSet row, int index) throws SQLException {
        return new Outcome(
                row.getLong("o_number"),
                request(row, index),
                row.getInt("o_sequence"),
                Reason.named(text(row, "o_reason")),
                Effect.named(text(row, "o_effect")),
                text(row, "o_message"),
                Json.read(text(row, "o_details"), Details.class),
                longOrNull(row, "o_batch_number"),
                time(row, "o_created_at"),
                row.getLong("o_ticket"));
    }

    static Batch batch(ResultSet row, int index) throws SQLException {
        var stopReason = row.getString("stop_reason");
        return new Batch(
                row.getLong("number"),
                text(row, "job"),
                text(row, "label"),
                Batch.State.named(text(row, "state")),
                time(row, "created_at"),
                timeOrNull(row, "ended_at"),
                row.getString("owner"),
                row.getLong("lease_number"),
                timeOrNull(row, "lease_until"),
                stopReason == null ? null : Batch.StopReason.named(stopReason),
                row.getString("stop_detail"),
                row.getInt("failures"),
                timeOrNull(row, "restart_at"),
                row.getString("stop_asked"),
                longOrNull(row, "execution_id"),
                row.getInt("requests"),
                row.getInt("customers"),
                row.getString("summary"));
    }

    static Try attemptTry(ResultSet row, int index) throws SQLException {
        var reply = row.getString("reply");
        var finding = row.getString("finding");
        return new Try(
                new TryId(row.getLong("attempt_number"), row.getInt("try_number")),
                text(row, "step"),
                UUID.fromString(text(row, "ms_request_id")),
                UUID.fromString(text(row, "ms_correlation_id")),
                time(row, "gated_at"),
                text(row, "node"),
                row.getLong("batch_number"),
                row.getString("before_image"),
                reply == null
                        ? null
                        : new RecordedReply(
                                Parameters.named(ReplyKind.class, reply),
                                row.getInt("http_status"),
                                row.getString("code"),
                                row.getString("words"),
                                row.getString("detail")),
                timeOrNull(row, "replied_at"),
                finding == null ? null : Parameters.named(Finding.class, finding),
                timeOrNull(row, "found_at"),
                row.getString("found_by"));
    }

    static Numbered refusal(ResultSet row, int index) throws SQLException {
        return new Numbered(
                row.getLong("number"),
                new Refusal(
                        new Admission.Place(text(row, "topic"), row.getInt("partition_no"), row.getLong("offset_no")),
                        text(row, "reason"),
                        text(row, "message"),
                        row.getString("source"),
                        row.getString("id"),
                        row.getBytes("record_key"),
                        row.getBytes("record_value"),
                        row.getInt("record_length"),
                        text(row, "digest"),
                        row.getString("first_digest")),
                time(row, "refused_at"));
    }

    static Audit.Written audit(ResultSet row, int index) throws SQLException {
        return new Audit.Written(
                row.getLong("number"),
                time(row, "at"),
                new Audit.Entry(
                        text(row, "who"),
                        text(row, "what"),
                        text(row, "target"),
                        text(row, "cause"),
                        text(row, "details")));
    }

    /** A text that is never null in its column. */
    static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(timeOrNull(row, column), column);
    }

    static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        var value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
        var value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
