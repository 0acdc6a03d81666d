package dev.offramp.outcome;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Numbered;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Blocker;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OutcomeMessagesTests {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private final OutcomeMessages messages =
            new OutcomeMessages("offramp.outcomes", "offramp.requests.refused", "/offramp/emea", 10_000);

    @ParameterizedTest
    @EnumSource(Reason.class)
    void keepsTheSchemaForEveryReason(Reason reason) {
        var outcome = outcome(
                cancel().build(), 2, reason, reason == Reason.DONE ? Effect.CANCELLED : Effect.NONE, Details.NONE);

        assertThat(violations(messages.of(outcome))).isEmpty();
    }

    @Test
    void tellsEverythingThatIsKnown() {
        var details = Details.with()
                .advice("Look again.")
                .blockers(List.of(
                        new Blocker("reservation", "r-1", "Reserved VM", START, "Wait."),
                        new Blocker("subscription", "s-1", "Microsoft 365", null, "Cancel it.")))
                .effectiveAt(START)
                .nextAttemptAt(START)
                .nextWindowAt(START)
                .decideBy(START)
                .endsOn(START)
                .refund(new Details.Refund("full", START, 25))
                .before("{\"status\":\"active\"}")
                .after("not quite JSON")
                .confirmedBy("read-back")
                .partnerCenter(new Details.PartnerCenterAnswer(200, "2011", "words", "request", "correlation"))
                .decidedBy("ops")
                .heldBackBy(List.of("budget-exceeded"))
                .build();
        var admission = cancel().as("id-1").inGroup("terminations").build();

        var record = messages.of(outcome(admission, 3, Reason.DONE, Effect.CANCELLED, details));

        assertThat(violations(record)).isEmpty();
        assertThat(record.topic()).isEqualTo("offramp.outcomes");
        assertThat(text(record.key())).isEqualTo(customer("contoso").value());
        var event = event(record);
        assertThat(event.path("id").asString()).isEqualTo("/contoso/billing id-1#3");
        assertThat(event.path("source").asString()).isEqualTo("/offramp/emea");
        assertThat(event.path("causationid").asString()).isEqualTo("id-1");
        assertThat(event.path("time").asString()).isEqualTo(START.toString());
        var data = event.path("data");
        assertThat(data.at("/request/group").asString()).isEqualTo("terminations");
        assertThat(data.path("final").asBoolean()).isTrue();
        assertThat(data.path("blockers")).hasSize(2);
        assertThat(data.at("/before/status").asString()).isEqualTo("active");
        assertThat(data.path("after").asString()).isEqualTo("not quite JSON");
        assertThat(data.at("/refund/quantity").asInt()).isEqualTo(25);
        assertThat(data.at("/partnerCenter/msRequestId").asString()).isEqualTo("request");
        assertThat(data.path("batch").asString()).isEqualTo("B-17");
        assertThat(data.path("heldBackBy").get(0).asString()).isEqualTo("budget-exceeded");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        var data = event(messages.of(outcome(cancel().build(), 1, Reason.ADMITTED, Effect.NONE, Details.NONE)))
                .path("data");

        assertThat(data.propertyNames())
                .doesNotContain("advice", "refund", "before", "after", "partnerCenter", "heldBackBy", "nextWindowAt");
    }

    @Test
    void namesTheOrderWhereNoSubscriptionWasNamed() {
        var line = cancel().ofOrder(customer("contoso"), "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1", 0)
                .build();
        var record = messages.of(outcome(line, 2, Reason.DONE, Effect.CANCELLED, Details.NONE));

        assertThat(violations(record)).isEmpty();
        var data = event(record).path("data");
        assertThat(data.path("orderId").asString()).isEqualTo("2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1");
        assertThat(data.path("orderLineItem").asInt(-1)).isZero();
        assertThat(data.has("subscriptionId")).isFalse();
    }

    @Test
    void saysWhatAWithdrawTakesBack() {
        var record = messages.of(outcome(withdraw("id-1").build(), 2, Reason.DONE, Effect.NONE, Details.NONE));

        assertThat(violations(record)).isEmpty();
        assertThat(event(record).at("/data/withdraws").asString()).isEqualTo("id-1");
    }

    @Test
    void saysWhichRequestItAsksForAgain() {
        var record = messages.of(
                outcome(cancel().as("id-1~2").resubmitting(17).build(), 1, Reason.ADMITTED, Effect.NONE, Details.NONE));

        assertThat(violations(record)).isEmpty();
        assertThat(event(record).at("/data/request/resubmits").asString()).isEqualTo("id-1");
    }

    @Test
    void goesWithoutTheResourcesWhenItWouldBeTooLarge() {
        var details = Details.with()
                .before("{\"x\":\"" + "x".repeat(20_000) + "\"}")
                .advice("Look again.")
                .build();

        var record = messages.of(outcome(cancel().build(), 2, Reason.DONE, Effect.CANCELLED, details));

        assertThat(record.value()).hasSizeLessThan(10_000);
        assertThat(violations(record)).isEmpty();
        assertThat(event(record).at("/data/omitted").toString()).isEqualTo("[\"before\",\"after\"]");
        assertThat(event(record).at("/data/advice").asString()).isEqualTo("Look again.");
    }

    @Test
    void handsARefusedRecordOnAsItCame() {
        var refusal = new Refusal(
                new Place("offramp.requests", 3, 4711),
                "id-reused-with-other-body",
                "The id came before – send a new one.",
                "/contoso/billing",
                "id-1",
                new byte[] {1, 2},
                new byte[] {3, -1},
                900,
                "abc",
                "def");

        var record = messages.of(new Numbered(7, refusal, START));

        assertThat(record.topic()).isEqualTo("offramp.requests.refused");
        assertThat(record.key()).containsExactly(1, 2);
        assertThat(record.value()).containsExactly(3, -1);
        assertThat(header(record, "offramp-reason")).isEqualTo("id-reused-with-other-body");
        assertThat(header(record, "offramp-message")).isEqualTo("The id came before – send a new one.");
        assertThat(header(record, "offramp-topic")).isEqualTo("offramp.requests");
        assertThat(header(record, "offramp-partition")).isEqualTo("3");
        assertThat(header(record, "offramp-offset")).isEqualTo("4711");
        assertThat(header(record, "offramp-length")).isEqualTo("900");
        assertThat(header(record, "offramp-digest")).isEqualTo("abc");
        assertThat(header(record, "offramp-first-digest")).isEqualTo("def");
        assertThat(header(record, "offramp-source")).isEqualTo("/contoso/billing");
        assertThat(header(record, "offramp-id")).isEqualTo("id-1");
    }

    private static Outcome outcome(Admission admission, int sequence, Reason reason, Effect effect, Details details) {
        var request = new Request(
                7,
                admission,
                START,
                reason.status(),
                reason,
                effect,
                "It is so.",
                2,
                sequence,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                Releases.NONE);
        return new Outcome(1, request, sequence, reason, effect, "It is so.", details, 17L, START, 0);
    }

    private static List<String> violations(ProducerRecord<byte[], byte[]> record) {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(MAPPER.readTree(Path.of("schemas/outcome/v1/schema.json")));
        return schema.validate(event(record)).stream().map(Object::toString).toList();
    }

    private static JsonNode event(ProducerRecord<byte[], byte[]> record) {
        return MAPPER.readTree(record.value());
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
