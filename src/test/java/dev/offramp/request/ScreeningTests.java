package dev.offramp.request;

import static dev.offramp.request.Events.CUSTOMER;
import static dev.offramp.request.Events.NOW;
import static dev.offramp.request.Events.PARTNER;
import static dev.offramp.request.Events.SUBSCRIPTION;
import static dev.offramp.request.Events.cancel;
import static dev.offramp.request.Events.unlink;
import static dev.offramp.request.Events.withdraw;
import static dev.offramp.testing.Definitions.NO_JOBS;
import static dev.offramp.testing.Definitions.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.request.IncomingRecord.Header;
import dev.offramp.request.Screening.Rules;
import dev.offramp.request.Screening.Screened;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScreeningTests {

    private static final MessageReader READER = new MessageReader(new MessageSchemas(), 256 * 1024);
    private static final Rules OBSERVE =
            new Rules(Mode.OBSERVE, PartnerTenantId.of(PARTNER), Duration.ofDays(30), true, Map.of(), NO_JOBS);
    private static final Rules LIVE = new Rules(
            Mode.LIVE,
            PartnerTenantId.of(PARTNER),
            Duration.ofDays(30),
            true,
            Map.of(
                    "/contoso/billing", Set.of(Operation.CANCEL_SUBSCRIPTION),
                    "/contoso/crm", Set.of(Operation.values())),
            NO_JOBS);

    @Test
    void refusesWhatCouldNeverBeBegunInsteadOfParkingItUntilThen() {
        var late = cancel("late").data(data -> data.put("notBefore", "2027-01-20T00:00:00Z"));

        assertThat(screen(LIVE, late.record())).isInstanceOfSatisfying(Screened.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID_MESSAGE.word());
            assertThat(refused.message()).contains("is not before notAfter");
            assertThat(refused.rejection()).isNotNull();
        });
    }

    // Admitted

    @Test
    void admitsAGoodRequestWithEverythingThatItSays() {
        var event = cancel("good")
                .with(each -> each.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .data(data -> {
                    data.put("partnerTenantId", PARTNER);
                    data.put("mode", "plan");
                    data.put("notBefore", "2026-11-21T01:00:00+01:00");
                    data.put("notAfter", "2026-11-26T23:00:00Z");
                    data.put("group", "terminations");
                    data.put("reference", "CRM-99123");
                    data.putObject("expect").put("offerId", "DZH318Z0BXWC").put("quantity", 25);
                });

        var admission = admitted(screen(LIVE, event.record()));

        assertThat(admission.key()).isEqualTo(new RequestKey("/contoso/billing", "good"));
        assertThat(admission.operation()).isEqualTo(Operation.CANCEL_SUBSCRIPTION);
        assertThat(admission.mode()).isEqualTo(Mode.LIVE);
        assertThat(admission.customerId()).isEqualTo(CustomerId.of(CUSTOMER));
        assertThat(admission.subscriptionId()).isEqualTo(SubscriptionId.of(SUBSCRIPTION));
        assertThat(admission.partnerTenantId()).isEqualTo(PartnerTenantId.of(PARTNER));
        assertThat(admission.terms().planOnly()).isTrue();
        assertThat(admission.terms().notBefore()).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(admission.terms().notAfter()).isEqualTo(Instant.parse("2026-11-26T23:00:00Z"));
        assertThat(admission.terms().expect()).isEqualTo(new Expectation("DZH318Z0BXWC", 25, null, null));
        assertThat(admission.group()).isEqualTo("terminations");
        assertThat(admission.reference()).isEqualTo("CRM-99123");
        assertThat(admission.requestedBy()).isEqualTo("jane.doe@contoso.example");
        assertThat(admission.cause()).isEqualTo("Contract 4711 terminated");
        assertThat(admission.correlationId()).isEqualTo("contract-4711");
        assertThat(admission.traceParent()).startsWith("00-4bf92f35");
        assertThat(admission.eventTime()).isEqualTo(Instant.parse("2026-11-20T08:15:30Z"));
    }

    @Test
    void fillsInWhatIsLeftOut() {
        var admission = admitted(screen(OBSERVE, cancel("least").record()));

        assertThat(admission.mode()).isEqualTo(Mode.OBSERVE);
        assertThat(admission.terms().planOnly()).isFalse();
        assertThat(admission.terms().notBefore()).isNull();
        assertThat(admission.terms().notAfter()).isEqualTo(Instant.parse("2026-12-20T08:15:30Z"));
        assertThat(admission.partnerTenantId()).isEqualTo(PartnerTenantId.of(PARTNER));
    }

    @Test
    void lowersGuidsBeforeItComparesThem() {
        var event = cancel("upper")
                .data(data -> data.put("customerId", CUSTOMER.toUpperCase(Locale.ROOT))
                        .put("subscriptionId", SUBSCRIPTION.toUpperCase(Locale.ROOT))
                        .put("partnerTenantId", PARTNER.toUpperCase(Locale.ROOT)));

        var admission = admitted(screen(LIVE, event.recordWithKey(CUSTOMER)));

        assertThat(admission.customerId().value()).isEqualTo(CUSTOMER);
        assertThat(admission.subscriptionId()).isEqualTo(SubscriptionId.of(SUBSCRIPTION));
    }

    @Test
    void takesAKeyInAnyCaseAndNoKey() {
        assertThat(screen(LIVE, cancel("a").recordWithKey(CUSTOMER.toUpperCase(Locale.ROOT))))
                .isInstanceOf(Screened.Admitted.class);
        assertThat(screen(LIVE, cancel("b").recordWithKey(""))).isInstanceOf(Screened.Admitted.class);
        assertThat(screen(LIVE, cancel("c").record())).isInstanceOf(Screened.Admitted.class);
    }

    @Test
    void readsTheBinaryFormLikeTheStructuredOne() {
        var structured = admitted(screen(LIVE, cancel("both").record()));
        var binary = admitted(screen(LIVE, cancel("both").binaryRecord()));

        assertThat(binary).isEqualTo(structured);
    }

    @Test
    void lendsAWithdrawAsLongAsARequestMayBeOld() {
        var screened = screen(LIVE, withdraw("w", "good").record());

        assertThat(screened).asInstanceOf(type(Screened.Withdrawing.class)).satisfies(withdrawing -> {
            assertThat(withdrawing.admission().withdrawsId()).isEqualTo("good");
            assertThat(withdrawing.forgetAt()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        });
    }

    // Refused

    static List<BadInput> badInputs() {
        return BadInput.all();
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void refusesWithAReasonAndASentence(BadInput bad) {
        var refused = refused(screen(OBSERVE, bad.record()));

        assertThat(refused.reason()).isEqualTo(bad.reason());
        assertThat(refused.message()).contains(bad.says());
        assertThat(Optional.ofNullable(refused.key()).map(RequestKey::id)).isEqualTo(Optional.ofNullable(bad.id()));
        if (bad.answered()) {
            var rejection = refused.rejection();
            Assertions.assertThat(rejection).isNotNull();
            assertThat(rejection.resolution().status()).isEqualTo(Status.REJECTED);
            assertThat(rejection.resolution().reason().word()).isEqualTo(bad.reason());
            assertThat(rejection.resolution().message()).isEqualTo(refused.message());
        } else {
            assertThat(refused.rejection()).isNull();
        }
    }

    @Test
    void namesAtMostThreeMistakesOfAMessage() {
        var event = cancel("many").data(data -> {
            data.removeAll();
            data.put("a", 1);
            data.put("b", 2);
        });

        assertThat(refused(screen(OBSERVE, event.record())).message())
                .contains("lacks the member")
                .endsWith("more.");
    }

    @Test
    void citesForeignTextShortAndOnOneLine() {
        var event = cancel("long").data(data -> data.put("subscriptionId", "x\n".repeat(200)));

        assertThat(refused(screen(OBSERVE, event.record())).message())
                .hasSizeLessThan(400)
                .doesNotContain("\n");
    }

    @Test
    void refusesAHeaderThatComesTwice() {
        var good = cancel("good");
        var headers = new java.util.ArrayList<>(good.binaryHeaders());
        headers.add(new Header("ce_id", Events.utf8("other")));
        var record = new IncomingRecord(good.record().place(), NOW, null, good.binaryValue(), headers);

        assertThat(refused(screen(OBSERVE, record)).message()).contains("'ce_id' occurs more than once");
    }

    @Test
    void refusesAListOfEventsInOneRecord() {
        var record = new IncomingRecord(
                cancel("x").record().place(),
                NOW,
                null,
                Events.utf8("[]"),
                List.of(new Header("content-type", Events.utf8("application/cloudevents-batch+json"))));

        assertThat(refused(screen(OBSERVE, record)).message()).contains("application/cloudevents-batch+json");
    }

    // Judged

    @Test
    void rejectsWhatIsTooOldByTheRecordsTimestamp() {
        var screened = screen(LIVE, cancel("old").recordOf(NOW.minus(Duration.ofDays(31))));

        assertRejected(screened, Reason.TOO_OLD);
    }

    @Test
    void admitsWhatIsExactlyAsOldAsItMayBe() {
        assertThat(screen(
                        LIVE,
                        cancel("old")
                                .data(data -> data.put("notAfter", "2026-12-01T00:00:00Z"))
                                .recordOf(NOW.minus(Duration.ofDays(30)))))
                .isInstanceOf(Screened.Admitted.class);
    }

    @Test
    void rejectsASourceThatIsNotRegistered() {
        var stranger = cancel("x").with(event -> event.put("source", "/elsewhere"));

        assertRejected(screen(LIVE, stranger.record()), Reason.UNKNOWN_SOURCE);
    }

    @Test
    void rejectsEverybodyInLiveModeWhileNobodyIsRegistered() {
        var nobody = new Rules(Mode.LIVE, PartnerTenantId.of(PARTNER), Duration.ofDays(30), true, Map.of(), NO_JOBS);

        assertRejected(screen(nobody, cancel("x").record()), Reason.UNKNOWN_SOURCE);
        assertThat(screen(OBSERVE, cancel("x").record())).isInstanceOf(Screened.Admitted.class);
    }

    @Test
    void rejectsWhatTheSourceMayNotAskFor() {
        assertRejected(screen(LIVE, unlink("u").record()), Reason.OPERATION_NOT_ALLOWED);
        assertThat(screen(
                        LIVE,
                        unlink("u")
                                .with(event -> event.put("source", "/contoso/crm"))
                                .record()))
                .isInstanceOf(Screened.Admitted.class);
    }

    @Test
    void letsEverySourceTakeItsOwnRequestBack() {
        assertThat(screen(LIVE, withdraw("w", "x").record())).isInstanceOf(Screened.Withdrawing.class);
    }

    @Test
    void rejectsAnotherPartnerTenantAndKeepsItsName() {
        var other = "00000000-0000-0000-0000-00000000000a";
        var screened = screen(
                LIVE,
                cancel("x").data(data -> data.put("partnerTenantId", other)).record());

        assertRejected(screened, Reason.WRONG_PARTNER_TENANT);
        assertThat(refused(screened).message()).contains(other, PARTNER);
    }

    @Test
    void rejectsWhatMayNotBeBegunAnyMore() {
        assertRejected(
                screen(
                        LIVE,
                        cancel("x")
                                .data(data -> data.put("notAfter", "2026-11-20T08:16:00Z"))
                                .record()),
                Reason.EXPIRED);
    }

    @Test
    void demandsThatAnUnlinkNamesItsCustomerUnlessThatIsSwitchedOff() {
        var nameless = unlink("u").data(data -> data.remove("expect"));
        var lenient =
                new Rules(Mode.OBSERVE, PartnerTenantId.of(PARTNER), Duration.ofDays(30), false, Map.of(), NO_JOBS);

        assertRejected(screen(OBSERVE, nameless.record()), Reason.INVALID_MESSAGE);
        assertThat(screen(lenient, nameless.record())).isInstanceOf(Screened.Admitted.class);
    }

    // Known

    @Test
    void tellsAgainWhatWasSaidBeforeHoweverOldOrForbiddenItIsNow() {
        var event =
                cancel("again").with(each -> each.put("source", "/elsewhere").put("time", "2020-01-01T00:00:00Z"));

        assertThat(screenKnown(LIVE, event.record(), digest(event)))
                .isEqualTo(new Screened.Repeated(new RequestKey("/elsewhere", "again")));
    }

    @Test
    void tellsAgainWhatWasRejectedBefore() {
        var faulty = cancel("again").data(data -> data.put("planonly", true));

        assertThat(screenKnown(LIVE, faulty.record(), digest(faulty))).isInstanceOf(Screened.Repeated.class);
    }

    @Test
    void refusesAReusedIdWithoutAnOutcomeAndNamesTheFirstBody() {
        var first = digest(cancel("again"));
        var other = cancel("again").data(data -> data.put("subscriptionId", "00000000-0000-0000-0000-000000000001"));

        var refused = refused(screenKnown(LIVE, other.record(), first));

        assertThat(refused.reason()).isEqualTo("id-reused-with-other-body");
        assertThat(refused.firstDigest()).isEqualTo(first);
        assertThat(refused.message()).contains(first, "send this one under a new id");
        assertThat(refused.rejection()).isNull();
    }

    @Test
    void refusesAReusedIdAlsoWhenTheNewBodyIsFaulty() {
        var faulty = cancel("again").data(data -> data.put("planonly", true));

        var refused = refused(screenKnown(LIVE, faulty.record(), digest(cancel("again"))));

        assertThat(refused.reason()).isEqualTo("id-reused-with-other-body");
        assertThat(refused.rejection()).isNull();
    }

    @Test
    void givesARequestToTheJobThatTakesItsOperationFromTheTopic() {
        var jobs = with(
                job("cancels", Operation.CANCEL_SUBSCRIPTION, Way.TOPIC),
                job("nightly-cancels", Operation.CANCEL_SUBSCRIPTION, Way.FILE));

        assertThat(admitted(screen(jobs, cancel("c").record())).job()).isEqualTo("cancels");
        assertThat(admitted(screen(jobs, unlink("u").record())).job()).isEqualTo(Admission.OTHER_JOB);
        assertThat(screen(jobs, withdraw("w", "c").record()))
                .isInstanceOfSatisfying(
                        Screened.Withdrawing.class,
                        withdrawing -> assertThat(withdrawing.admission().job()).isEqualTo(Admission.OTHER_JOB));
    }

    @Test
    void rejectsAnOperationThatJobsTakeFromFilesOnly() {
        var jobs = with(job("nightly-cancels", Operation.CANCEL_SUBSCRIPTION, Way.FILE));

        var screened = screen(jobs, cancel("c").record());

        assertRejected(screened, Reason.OPERATION_NOT_ALLOWED);
        assertThat(refused(screened).message()).contains("takes cancel-subscription from the topic, only from files");
    }

    @Test
    void keepsTheSourcesOfFilesForFiles() {
        var stranger = cancel("c").with(event -> event.put("source", "file:cancels"));

        var screened = screen(OBSERVE, stranger.record());

        assertRejected(screened, Reason.UNKNOWN_SOURCE);
        assertThat(refused(screened).message()).contains("is kept for runs of files");
        assertThat(admitted(screen(
                                new Rules(
                                        Mode.LIVE,
                                        PartnerTenantId.of(PARTNER),
                                        Duration.ofDays(30),
                                        true,
                                        Map.of("file:cancels", Set.of(Operation.CANCEL_SUBSCRIPTION)),
                                        NO_JOBS),
                                stranger.record()))
                        .key()
                        .source())
                .isEqualTo("file:cancels");
    }

    @Test
    void refusesInTheNameOfNobodyWhatStandsOnAnotherTopicThanItsSources() {
        var topics = new SourceTopics("offramp.requests", Map.of("/contoso/billing", "offramp.requests.billing"));
        var screening = new Screening(LIVE, topics);
        var faulty = cancel("c").data(data -> data.put("planonly", true));

        for (var record : List.of(
                cancel("c").record(), faulty.record(), withdraw("w", "c").record())) {
            var refused = refused(
                    screening.screen(READER.read(record), new Place("offramp.requests", 0, 7), Optional.empty(), NOW));

            assertThat(refused.reason()).isEqualTo("wrong-topic");
            assertThat(refused.message())
                    .contains("has a topic of its own", "Send the request to offramp.requests.billing");
            assertThat(refused.rejection()).as("its id stays unused").isNull();
        }
        var strange = refused(screening.screen(
                READER.read(cancel("c").with(Events::fromElsewhere).record()),
                new Place("offramp.requests.billing", 0, 7),
                Optional.empty(),
                NOW));
        assertThat(strange.reason()).isEqualTo("wrong-topic");
        assertThat(strange.message()).contains("is that of the source '/contoso/billing' alone", "'/contoso/crm'");
    }

    @Test
    void admitsASourceFromItsOwnTopicAndByHandAndKnowsItAgainAnywhere() {
        var topics = new SourceTopics("offramp.requests", Map.of("/contoso/billing", "offramp.requests.billing"));
        var screening = new Screening(OBSERVE, topics);
        var reading = READER.read(cancel("c").record());

        for (var place : Arrays.asList(new Place("offramp.requests.billing", 0, 7), null)) {
            assertThat(screening.screen(reading, place, Optional.empty(), NOW)).isInstanceOf(Screened.Admitted.class);
        }
        assertThat(screening.screen(
                        reading, new Place("offramp.requests", 0, 7), Optional.of(digest(cancel("c"))), NOW))
                .isInstanceOf(Screened.Repeated.class);
    }

    private static Rules with(JobDefinition... jobs) {
        return new Rules(
                Mode.OBSERVE, PartnerTenantId.of(PARTNER), Duration.ofDays(30), true, Map.of(), Jobs.of(List.of(jobs)));
    }

    private static Screened screen(Rules rules, IncomingRecord record) {
        return new Screening(rules).screen(READER.read(record), record.place(), Optional.empty(), NOW);
    }

    private static Screened screenKnown(Rules rules, IncomingRecord record, String first) {
        return new Screening(rules).screen(READER.read(record), record.place(), Optional.of(first), NOW);
    }

    private static String digest(Events event) {
        return switch (READER.read(event.record())) {
            case Reading.Message(Reading.Asked asked) -> asked.digest();
            case Reading.Fault fault -> fault.digest();
        };
    }

    private static Admission admitted(Screened screened) {
        assertThat(screened).isInstanceOf(Screened.Admitted.class);
        return ((Screened.Admitted) screened).admission();
    }

    private static Screened.Refused refused(Screened screened) {
        assertThat(screened).isInstanceOf(Screened.Refused.class);
        return (Screened.Refused) screened;
    }

    private static void assertRejected(Screened screened, Reason reason) {
        var refused = refused(screened);
        assertThat(refused.reason()).isEqualTo(reason.word());
        var rejection = refused.rejection();
        Assertions.assertThat(rejection).isNotNull();
        assertThat(rejection.resolution().reason()).isEqualTo(reason);
        assertThat(rejection.resolution().message())
                .isEqualTo(refused.message())
                .endsWith(".");
    }
}
