package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.ManyWorlds.Place;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Brake;
import dev.offramp.simulator.Call;
import dev.offramp.simulator.CustomerBuilder;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.ScenarioBuilder;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Stops, restarts, lost answers and requests of several steps, with the real client in every world. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartsInWorldsTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final NodeInWorlds nodes = new NodeInWorlds(TestDatabase.POSTGRESQL);
    private final BatchNode node = nodes.node;
    private ManyWorlds worlds = ManyWorlds.NONE;

    @AfterAll
    void close() {
        nodes.close();
    }

    /** Whatever a test was about: no target was called again after an effect, and nothing was a bug. */
    @AfterEach
    void neverTwice() {
        nodes.router.letBe();
        assertThat(worlds.differences(List.of(), Place::repeated)).isEmpty();
    }

    // Restarts

    @Test
    void restartsWithTheStalledRequestAndCallsForNoOther() {
        List<String> names = names(8);
        begin((scenario, place) -> {
            names.forEach(name -> NodeInWorlds.holding(scenario, place, name));
            scenario.fault(Fault.on("read-subscription")
                    .ofSubscription(place.subscription("3").value())
                    .always()
                    .answers(500));
        });
        Map<Place, Request> stalled = nodes.askToCancel("3");
        List<Map<Place, Request>> others = names.stream()
                .filter(name -> !name.equals("3"))
                .map(nodes::askToCancel)
                .toList();
        nodes.work();
        lookUntil(all(others, Request::isFinal));

        assertSame("stalled: retries-exhausted", stalled);
        assertThat(node.batch(batchOf(stalled)).state()).isEqualTo(State.FAILED);
        others.forEach(each -> assertSame("succeeded: done", each));

        worlds.places().forEach(place -> place.simulator().clearFaults());
        Map<Place, Integer> before = new LinkedHashMap<>();
        worlds.places().forEach(place -> before.put(place, readsOfOthers(place)));
        nodes.pass(Duration.ofMinutes(31));
        nodes.work();
        nodes.goOnUntilOver(stalled.values());

        assertSame("succeeded: done", stalled);
        assertThat(worlds.differences(before::get, this::readsOfOthers))
                .as("nobody else is read again")
                .isEmpty();
        assertThat(worlds.differences(
                        List.of("cancel"),
                        place -> names.stream()
                                .map(place::calls)
                                .distinct()
                                .reduce((one, other) -> List.of("different"))
                                .orElseThrow()))
                .isEmpty();
    }

    private int readsOfOthers(Place place) {
        String stalled = place.customer("3").value();
        return (int) place.simulator().reads().stream()
                .filter(each -> each.customer() != null && !each.customer().equals(stalled))
                .count();
    }

    @Test
    void stopsAtTheBrakeAndCarriesOutTheRestAfterIt() {
        List<String> names = names(4);
        begin((scenario, place) -> names.forEach(name -> NodeInWorlds.holding(scenario, place, name)));
        List<Map<Place, Request>> asked = names.stream().map(nodes::askToCancel).toList();
        nodes.router.whileCalled = _ -> node.pull(Brake.Scope.ALL, "");
        nodes.work();

        assertThat(node.batch(batchOf(asked.getLast())).stopReason()).isEqualTo(StopReason.BRAKE);
        assertThat(node.work()).as("nothing is started while the brake is on").isZero();

        nodes.router.letBe();
        node.release(Brake.Scope.ALL, "");
        nodes.work();
        lookUntil(all(asked, Request::isFinal));

        asked.forEach(each -> assertSame("succeeded: done", each));
        assertThat(worlds.differences(4, place -> place.simulator().calls().size()))
                .isEmpty();
    }

    @Test
    void recoversTheExecutionOfAnOwnerThatDied() {
        begin((scenario, place) -> NodeInWorlds.holding(scenario, place, "a"));
        Map<Place, Request> asked = nodes.askToCancel("a");
        var claimed = node.ledger()
                .batches()
                .claim(
                        new Claim(
                                "dead",
                                Admission.OTHER_JOB,
                                Duration.ofSeconds(10),
                                500,
                                50,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        node.clock.instant())
                .orElseThrow();
        var parameters = new JobParametersBuilder()
                .addLong(BatchJobs.BATCH, claimed.number())
                .toJobParameters();
        var instance = node.repository().createJobInstance(Admission.OTHER_JOB, parameters);
        var started = node.repository().createJobExecution(instance, parameters, new ExecutionContext());
        started.setStatus(BatchStatus.STARTED);
        node.repository().update(started);

        assertThat(node.work()).as("the lease is still the other's").isZero();
        nodes.pass(Duration.ofSeconds(11));
        nodes.work();
        nodes.goOnUntilOver(asked.values());

        assertSame("succeeded: done", asked);
    }

    /** The process dies between the effect and its reply: the next one reads what became of it. */
    @Test
    void callsNotAgainWhatTookEffectBeforeTheProcessDied() {
        begin((scenario, place) -> {
            NodeInWorlds.holding(scenario, place, "a");
            place.holds(scenario, "b", held -> held);
        });
        Map<Place, Request> cancels = nodes.askToCancel("a");
        Map<Place, Request> unlinks = nodes.askToUnlink("b");
        nodes.router.whileAnswered = _ -> {
            throw new IllegalStateException("the process is dying");
        };
        nodes.work();
        nodes.router.letBe();
        try (var next = nodes.another()) {
            ManyWorlds.goOn(next, both(cancels, unlinks), Request::isFinal, STEPS);
        }

        assertSame("succeeded: done", cancels);
        assertSame("succeeded: done", unlinks);
        assertThat(worlds.differences(List.of("cancel"), place -> place.calls("a")))
                .isEmpty();
        assertThat(worlds.differences(List.of("unlink"), place -> place.calls("b")))
                .isEmpty();
    }

    /** It dies before the effect: only after two late reads is the call made again, under the same id. */
    @Test
    void repeatsUnderTheSameIdWhatNeverArrived() {
        begin((scenario, place) -> {
            NodeInWorlds.holding(scenario, place, "a");
            scenario.fault(Fault.on("cancel")
                    .ofSubscription(place.subscription("a").value())
                    .cutsOffBeforeTheEffect());
        });
        Map<Place, Request> asked = nodes.askToCancel("a");
        nodes.work();
        nodes.pass(Duration.ofMinutes(4));
        nodes.work();

        assertThat(worlds.differences(List.of("cancel"), place -> place.calls("a")))
                .as("one late read is not enough")
                .isEmpty();
        nodes.goOnUntilOver(asked.values());

        assertSame("succeeded: done", asked);
        assertThat(worlds.differences(List.of("cancel", "cancel"), place -> place.calls("a")))
                .isEmpty();
        assertThat(worlds.differences(
                        1L,
                        place -> place.simulator().calls().stream()
                                .map(Call::requestId)
                                .distinct()
                                .count()))
                .as("nobody answered, so it is one request to the other side")
                .isEmpty();
    }

    @Test
    void callsNotAgainWhenTheReplyComesFromAProcessThatWasThoughtDead() {
        begin((scenario, place) -> NodeInWorlds.holding(scenario, place, "a"));
        Map<Place, Request> asked = nodes.askToCancel("a");
        Set<Permit> frozen = ConcurrentHashMap.newKeySet();
        nodes.router.whileAnswered = permit -> {
            frozen.add(permit);
            throw new IllegalStateException("the process freezes");
        };
        nodes.work();
        nodes.router.letBe();
        Attempts attempts = node.ledger().attempts();
        asked.values().forEach(request -> {
            Try unanswered = attempts.of(request.number()).getFirst();
            attempts.reply(
                    unanswered.id(), new RecordedReply(ReplyKind.DONE, 200, null, null, "{}"), node.clock.instant());
        });
        nodes.goOnUntilOver(asked.values());

        assertThat(frozen).hasSize(worlds.places().size());
        assertSame("succeeded: done", asked);
        assertThat(worlds.differences(List.of("cancel"), place -> place.calls("a")))
                .isEmpty();
    }

    @Test
    void settlesWhatWasSentAlsoAfterTheSwitchToObserve() {
        begin((scenario, place) -> {
            place.holds(scenario, "a", held -> held);
            NodeInWorlds.holding(scenario, place, "b");
        });
        Map<Place, Request> sent = nodes.askToUnlink("a");
        nodes.work();
        Map<Place, Request> unsent = nodes.askToCancel("b");
        try (var observing = nodes.another("offramp.mode=observe")) {
            ManyWorlds.goOn(observing, List.copyOf(sent.values()), Request::isFinal, STEPS);
        }

        assertSame("succeeded: done", sent);
        assertSame("accepted: admitted", unsent);
        assertThat(worlds.differences(1, place -> place.simulator().calls().size()))
                .isEmpty();
        nodes.work();
        nodes.goOnUntilOver(unsent.values());
        assertSame("succeeded: done", unsent);
    }

    // Requests of several steps

    @Test
    void cancelsWhatStandsInTheWayAndThenUnlinksOverEveryDeath() {
        for (int dies = 1; dies <= 3; dies++) {
            begin((scenario, place) -> chain(scenario, place, "a"));
            Map<Place, Request> asked = askForChain("a");
            Map<Object, Integer> calls = new ConcurrentHashMap<>();
            int at = dies;
            nodes.router.whileAnswered = permit -> {
                if (calls.merge(permit.customerId(), 1, Integer::sum) == at) {
                    throw new IllegalStateException("the process is dying");
                }
            };
            nodes.work();
            nodes.router.letBe();
            nodes.goOnUntilOver(asked.values());

            assertSame("succeeded: done", asked);
            assertThat(worlds.differences(List.of("cancel", "cancel", "unlink"), place -> place.calls("a")))
                    .as("dies at call %d", at)
                    .isEmpty();
            assertThat(worlds.differences(List.of(), Place::repeated)).isEmpty();
        }
    }

    @Test
    void touchesNothingOfAChainWhenAReservationStandsInTheWay() {
        begin((scenario, place) -> {
            place.holds(scenario, "a", held -> twoLicences(held, place, "a").reservation("reservedinstance"));
        });
        Map<Place, Request> asked = askForChain("a");
        nodes.work();
        nodes.goOnUntilOver(asked.values());

        assertSame("rejected: reservations", asked);
        assertThat(worlds.differences(List.of(), place -> place.calls("a"))).isEmpty();
    }

    @Test
    void stopsAtTheBrakeBetweenTwoStepsAndGoesOnAfterIt() {
        begin((scenario, place) -> chain(scenario, place, "a"));
        Map<Place, Request> asked = askForChain("a");
        nodes.router.whileCalled = _ -> node.pull(Brake.Scope.ALL, "");
        nodes.work();
        assertThat(worlds.places())
                .allSatisfy(place -> assertThat(place.calls("a")).hasSizeLessThan(2));

        nodes.router.letBe();
        node.release(Brake.Scope.ALL, "");
        nodes.goOnUntilOver(asked.values());

        assertSame("succeeded: done", asked);
        assertThat(worlds.differences(List.of("cancel", "cancel", "unlink"), place -> place.calls("a")))
                .isEmpty();
    }

    @Test
    void letsASubscriptionRunOutWhoseWindowIsClosed() {
        begin((scenario, place) -> place.holds(
                scenario,
                "a",
                held -> held.newCommerceLicence(s ->
                        s.id(place.subscription("a").value()).created("-275d").ends("+90d"))));
        Map<Place, Request> asked = nodes.ask(place -> Admissions.cancel()
                .of(place.customer("a"), place.subscription("a"))
                .ifWindowClosed(IfWindowClosed.TURN_OFF_AUTO_RENEW));
        nodes.work();
        settle(asked, "deferred: ends-at-term");

        assertSame("deferred: ends-at-term", asked);
        nodes.pass(Duration.ofDays(125));
        nodes.goOnUntilOver(asked.values());

        assertSame("succeeded: ended-at-term", asked);
        assertThat(worlds.places())
                .allSatisfy(place -> assertThat(place.calls("a"))
                        .as(place.toString())
                        .contains("turn-off-auto-renew")
                        .doesNotContain("suspend", "unlink"));
    }

    /** A world in which the date of the window does not move with the renewal never lets anybody see it open. */
    @Test
    void waitsForTheNextWindowAndCancelsInIt() {
        begin((scenario, place) -> place.holds(
                scenario,
                "a",
                held -> held.newCommerceLicence(s ->
                        s.id(place.subscription("a").value()).created("-275d").ends("+90d"))));
        Map<Place, Request> asked = nodes.ask(place -> Admissions.cancel()
                .of(place.customer("a"), place.subscription("a"))
                .ifWindowClosed(IfWindowClosed.WAIT));
        nodes.work();
        settle(asked, "deferred: waiting-for-window");
        assertSame("deferred: waiting-for-window", asked);
        assertThat(worlds.differences(
                        place -> cancelsInVain(place) ? List.of("cancel") : List.of(), place -> place.calls("a")))
                .isEmpty();

        nodes.pass(Duration.ofDays(92));
        nodes.work();
        nodes.goOnUntilOver(asked.values());

        assertThat(worlds.differences(
                        place -> keepsTheDate(place) ? "deferred: waiting-for-window" : "succeeded: done",
                        nodes.ends(asked)))
                .isEmpty();
    }

    /** Nothing in the resource says that the window is closed, so the server is asked, who knows. */
    private static boolean cancelsInVain(Place place) {
        return !place.world.has("cancellationDate", "shown");
    }

    private static boolean keepsTheDate(Place place) {
        return place.world.has("cancellationDate", "shown") && place.world.has("cancellationDateAfterRenewal", "kept");
    }

    @Test
    void restoresAutoRenewalWithAReactivationAsItWasBeforeOurOwnSuspend() {
        begin((scenario, place) -> NodeInWorlds.holding(scenario, place, "a"));
        Map<Place, Request> suspends = nodes.askTo(Operation.SUSPEND_SUBSCRIPTION, "a");
        nodes.work();
        nodes.goOnUntilOver(suspends.values());
        assertSame("succeeded: done", suspends);

        Map<Place, Request> reactivates = nodes.askTo(Operation.REACTIVATE_SUBSCRIPTION, "a");
        nodes.work();
        nodes.goOnUntilOver(reactivates.values());

        assertSame("succeeded: done", reactivates);
        assertThat(worlds.differences(
                        List.of("suspend", "reactivate", "turn-on-auto-renew"), place -> place.calls("a")))
                .isEmpty();
        assertThat(worlds.differences(List.of("active"), place -> place.statuses("a")))
                .isEmpty();
    }

    @Test
    void holdsFurtherUnlinksOfASourceWhoseCustomersAreNotOurs() {
        List<String> names = names(4);
        begin((scenario, place) -> {
            names.forEach(name -> place.holds(scenario, name, held -> held.notOurs()));
            place.holds(scenario, "ours", held -> held);
        });
        for (String name : names) {
            Map<Place, Request> foreign = nodes.askToUnlink(name);
            nodes.work();
            assertSame("rejected: not-our-customer", foreign);
        }
        Map<Place, Request> held = nodes.askToUnlink("ours");
        nodes.work();

        assertSame("held: confirmation-needed", held);
        assertThat(worlds.differences(0, place -> place.simulator().calls().size()))
                .isEmpty();
        held.values().forEach(each -> node.withdraw(each.key().id()));
    }

    // Sign-ins

    @Test
    void cancelsAsTheUserWhatTheApplicationAloneMayNotCancel() {
        begin((scenario, place) -> {
            NodeInWorlds.holding(scenario, place, "a");
            scenario.where("onlyForUsers", List.of("cancel"));
        });
        Map<Place, Request> asked = nodes.askToCancel("a");
        nodes.work();
        nodes.goOnUntilOver(asked.values());

        assertSame("succeeded: done", asked);
        assertThat(worlds.differences(
                        List.of("false 403/900329", "true"),
                        place -> place.simulator().calls().stream()
                                .map(each -> each.changed() ? "true" : "false " + each.status() + "/" + each.code())
                                .toList()))
                .as("refused once, and then made once")
                .isEmpty();
    }

    @Test
    void stopsOnlyWhatNeedsTheUserWhoIsNotSignedIn() {
        begin((scenario, place) -> {
            NodeInWorlds.holding(scenario, place, "a");
            NodeInWorlds.holding(scenario, place, "b");
            scenario.where("onlyForUsers", List.of("cancel"));
        });
        worlds.places().forEach(place -> place.simulator().revokeRefreshTokens());
        Map<Place, Request> cancels = nodes.askToCancel("a");
        Map<Place, Request> suspends = nodes.askTo(Operation.SUSPEND_SUBSCRIPTION, "b");
        nodes.work();
        lookUntil(all(List.of(suspends), Request::isFinal));

        assertSame("deferred: busy", cancels);
        assertSame("succeeded: done", suspends);
        cancels.values().forEach(each -> node.withdraw(each.key().id()));
        nodes.work();
    }

    private void begin(BiConsumer<ScenarioBuilder, Place> sentence) {
        worlds = nodes.begin(sentence);
    }

    private Map<Place, Request> askForChain(String name) {
        return nodes.ask(place -> NodeInWorlds.unlink(place, name).onActiveSubscriptions(OnActiveSubscriptions.CANCEL));
    }

    private static void chain(ScenarioBuilder scenario, Place place, String name) {
        place.holds(scenario, name, held -> twoLicences(held, place, name));
    }

    private static CustomerBuilder twoLicences(CustomerBuilder held, Place place, String name) {
        return held.newCommerceLicence(
                        s -> s.id(place.subscription(name + "-1").value()).created("-1d"))
                .newCommerceLicence(
                        s -> s.id(place.subscription(name + "-2").value()).created("-1d"));
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private long batchOf(Map<Place, Request> asked) {
        return asked.values().stream()
                .map(node::read)
                .map(each -> each.batch() == null ? each.lastBatch() : each.batch())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    private static List<Request> both(Map<Place, Request> one, Map<Place, Request> other) {
        List<Request> both = new ArrayList<>(one.values());
        both.addAll(other.values());
        return both;
    }

    private static Predicate<BatchNode> all(List<Map<Place, Request>> asked, Predicate<Request> are) {
        return node -> asked.stream()
                .flatMap(each -> each.values().stream())
                .map(node::read)
                .allMatch(are);
    }

    private void lookUntil(Predicate<BatchNode> reached) {
        for (int looks = 0; looks < 12 && !reached.test(node); looks++) {
            nodes.pass(Duration.ofSeconds(100));
            nodes.work();
        }
    }

    private void settle(Map<Place, Request> asked, String end) {
        lookUntil(_ -> worlds.differences(end, nodes.ends(asked)).isEmpty());
    }

    private void assertSame(String end, Map<Place, Request> asked) {
        assertThat(worlds.differences(end, nodes.ends(asked))).isEmpty();
    }

    private static final Duration[] STEPS = {
        MINUTE.dividedBy(3),
        MINUTE.multipliedBy(2),
        MINUTE.multipliedBy(4),
        MINUTE.multipliedBy(5),
        MINUTE.multipliedBy(10),
        MINUTE.multipliedBy(20),
        MINUTE.multipliedBy(40),
        MINUTE.multipliedBy(60)
    };
}
