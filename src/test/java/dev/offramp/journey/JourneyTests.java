package dev.offramp.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.ToldOutcome;
import dev.offramp.testing.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** From the request topic to the outcome topic: real broker, real database, the whole service, a simulated Partner Center. */
class JourneyTests {

    /** With H2 in memory. */
    @Nested
    @ParameterizedClass
    @MethodSource("dev.offramp.testing.Worlds#ofThisBuildOneByOne")
    class OnH2 extends Journey {

        OnH2() {
            super(TestDatabase.H2);
        }
    }

    /** With PostgreSQL as a process of its own. */
    @Nested
    @ParameterizedClass
    @MethodSource("dev.offramp.testing.Worlds#mostUnlike")
    class OnPostgresql extends Journey {

        OnPostgresql() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    /** What holds whatever the database. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Journey {

        private static final JsonMapper JSON = JsonMapper.builder().build();
        private static final Duration ENOUGH = Duration.ofSeconds(30);

        private final TestDatabase database;

        @Parameter
        World world;

        private PartnerCenterSimulator partnerCenter;
        private RunningOfframp offramp;

        /** Whether what is accepted for later takes longer than a run waits for it. */
        private boolean acceptsForLater;

        Journey(TestDatabase database) {
            this.database = database;
        }

        @BeforeParameterizedClassInvocation
        void start(World world) {
            var scenario = world.appliedTo(Scenario.builder().propagationDelay(Duration.ofMillis(300)));
            for (int number = 1; number <= 9; number++) {
                var each = number;
                scenario.customer(
                        "Customer " + each,
                        customer -> customer.id(customer(each))
                                .newCommerceLicence(licence ->
                                        licence.id(subscription(each)).cancellableUntil("+3d")));
            }
            scenario.customer("Quiet", customer -> customer.id(customer(99)).domain("quiet.example"));
            partnerCenter = PartnerCenterSimulator.start(scenario.build(), 0);
            acceptsForLater = world.has("acceptedTakes", "12s");
            offramp = RunningOfframp.against(partnerCenter)
                    .on(database)
                    .onFreshTopics()
                    // The settle time has to be longer than Partner Center takes; the demo's is as short as its
                    // answers.
                    .with("offramp.batch.doubt.settle-cancel", acceptsForLater ? "15s" : "1s")
                    .start();
        }

        @AfterParameterizedClassInvocation
        void stop() {
            offramp.close();
            partnerCenter.close();
        }

        @Test
        void tellsThatACancelIsAcceptedAndThenThatItIsDone() {
            offramp.send(List.of(cancel("one", 1)));

            assertThat(toldUntilFinal("one"))
                    .extracting(ToldOutcome::words)
                    .containsExactlyElementsOf(
                            acceptsForLater && wasAnsweredWith202(1)
                                    ? List.of(
                                            "accepted: admitted",
                                            "deferred: accepted-by-partner-center",
                                            "succeeded: done")
                                    : List.of("accepted: admitted", "succeeded: done"));
            assertThat(toldUntilFinal("one").getLast().data().path("effect").asString())
                    .isEqualTo("cancelled");
            assertThat(callsFor(1)).isEqualTo(1);
        }

        @Test
        void tellsThatAnUnlinkIsDoneWhenAReadShowsIt() {
            offramp.send(List.of(unlink("gone", 99, "quiet.example")));

            var told = toldUntilFinal("gone");
            assertThat(told)
                    .extracting(ToldOutcome::words)
                    .startsWith("accepted: admitted", "deferred: confirming")
                    .endsWith("succeeded: done");
            assertThat(told.getLast().data().path("confirmedBy").asString()).isEqualTo("read-back");
        }

        @Test
        void tellsTheStateAgainUnderTheSameIdAndCallsNobodyWhenAskedTwice() {
            var request = cancel("twice", 2);
            offramp.send(List.of(request));
            var first = toldUntilFinal("twice").getLast();
            int reads = partnerCenter.reads().size();

            offramp.send(List.of(request));

            assertThat(offramp.outcomes().await(ENOUGH, all -> timesTold(all, first.id()) == 2))
                    .as("the last outcome is told again")
                    .isTrue();
            assertThat(callsFor(2)).isEqualTo(1);
            assertThat(partnerCenter.reads()).hasSize(reads);
        }

        @Test
        void refusesTheSameIdWithAnotherBodyAndKeepsToTheFirst() {
            offramp.send(List.of(cancel("same-id", 3)));
            toldUntilFinal("same-id");

            offramp.send(List.of(cancel("same-id", 4)));
            offramp.send(List.of(cancel("after-same-id", 5)));

            toldUntilFinal("after-same-id");
            assertThat(callsFor(4)).isZero();
            assertThat(offramp.outcomes().of("same-id").getLast().words()).isEqualTo("succeeded: done");
        }

        @Test
        void carriesOutTheGoodRecordsNextToABadOne() {
            var misspelt = cancel("misspelt", 6);
            misspelt.withObject("/data").put("planonly", true);

            offramp.sendRecord(customer(7), "this is no JSON".getBytes(StandardCharsets.UTF_8));
            offramp.sendRecord(customer(7), null);
            offramp.send(List.of(misspelt, cancel("good", 7)));

            assertThat(toldUntilFinal("good").getLast().words()).isEqualTo("succeeded: done");
            assertThat(toldUntilFinal("misspelt"))
                    .extracting(ToldOutcome::words)
                    .containsExactly("rejected: invalid-message");
            assertThat(callsFor(6)).isZero();
        }

        @Test
        void takesBackWhatHasNotBeenCarriedOutYet() {
            var tomorrow = cancel("tomorrow", 8);
            tomorrow.withObject("/data")
                    .put("notBefore", Instant.now().plus(Duration.ofDays(1)).toString());
            offramp.send(List.of(tomorrow));
            assertThat(offramp.outcomes()
                            .await(
                                    ENOUGH,
                                    all -> !ToldOutcome.of("tomorrow", all).isEmpty()))
                    .isTrue();

            offramp.send(List.of(withdraw("take-back", 8, "tomorrow")));

            assertThat(toldUntilFinal("tomorrow").getLast().words()).isEqualTo("withdrawn: by-source");
            assertThat(toldUntilFinal("take-back").getLast().words()).isEqualTo("succeeded: done");
            assertThat(callsFor(8)).isZero();
        }

        @Test
        void readsWhatBecameOfACallWithoutAnAnswer() {
            partnerCenter.add(Fault.on("cancel").ofSubscription(subscription(9)).cutsOffAfterTheEffect());

            offramp.send(List.of(cancel("no-answer", 9)));

            var told = toldUntilFinal("no-answer").getLast();
            assertThat(told.words()).isEqualTo("succeeded: done");
            assertThat(told.data().path("confirmedBy").asString()).isEqualTo("read-back");
            assertThat(callsFor(9)).isEqualTo(1);
        }

        private List<ToldOutcome> toldUntilFinal(String request) {
            assertThat(offramp.outcomes()
                            .await(
                                    ENOUGH,
                                    all -> ToldOutcome.of(request, all).stream().anyMatch(ToldOutcome::isFinal)))
                    .as("a final outcome of %s is told", request)
                    .isTrue();
            return offramp.outcomes().of(request);
        }

        private static long timesTold(List<ToldOutcome> all, String outcome) {
            return all.stream().filter(each -> each.id().equals(outcome)).count();
        }

        private long callsFor(int number) {
            return partnerCenter.calls().stream()
                    .filter(each -> each.customer().equals(customer(number)))
                    .count();
        }

        private boolean wasAnsweredWith202(int number) {
            return partnerCenter.calls().stream()
                    .filter(each -> each.customer().equals(customer(number)))
                    .anyMatch(each -> Integer.valueOf(202).equals(each.status()));
        }

        private static String customer(int number) {
            return "c0000000-0000-4000-8000-%012d".formatted(number);
        }

        private static String subscription(int number) {
            return "50000000-0000-4000-8000-%012d".formatted(number);
        }

        private static ObjectNode cancel(String id, int number) {
            var event = event("cancel-subscription", "/contoso/billing", id, number);
            event.withObject("/data").put("subscriptionId", subscription(number));
            return event;
        }

        private static ObjectNode unlink(String id, int number, String domain) {
            var event = event("remove-reseller-relationship", "/contoso/contracts", id, number);
            event.withObject("/data/expect").put("customerDomain", domain);
            return event;
        }

        private static ObjectNode withdraw(String id, int number, String request) {
            var event = event("withdraw", "/contoso/billing", id, number);
            event.withObject("/data").put("requestId", request);
            return event;
        }

        private static ObjectNode event(String operation, String source, String id, int number) {
            var event = JSON.createObjectNode()
                    .put("specversion", "1.0")
                    .put("type", "dev.offramp." + operation + ".v1")
                    .put("source", source)
                    .put("id", id)
                    .put("time", Instant.now().toString());
            event.putObject("data")
                    .put("customerId", customer(number))
                    .put("requestedBy", "jane.doe@contoso.example")
                    .put("reason", "A test");
            return event;
        }
    }
}
