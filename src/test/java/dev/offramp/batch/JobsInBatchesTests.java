package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Guards;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches.Filter;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each job's requests go into batches of their own and are worked on by its definition. */
@OnBothDatabases
class JobsInBatchesTests {

    /** Everything begins at 08:15:30Z: this is shut then. */
    private static final RunWindow NIGHTS =
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), ZoneOffset.UTC);

    private static final Instant OPENS = Instant.parse("2026-11-20T20:00:00Z");

    private static final JobDefinition CANCELS = with(
            new Limits(3, 2, 1, 40, List.of()), with(new Guards(100), job("cancels", Operation.CANCEL_SUBSCRIPTION)));
    private static final JobDefinition NIGHTLY =
            with(NIGHTS, with(new Guards(2), job("nightly", Operation.CANCEL_SUBSCRIPTION, Way.FILE)));

    private final BatchNode node;

    JobsInBatchesTests(TestDatabase database) {
        node = BatchNode.over(
                Jobs.of(List.of(CANCELS, NIGHTLY)),
                database.fresh(),
                "offramp.batch.chunk-size=1",
                "offramp.batch.concurrency=1",
                "offramp.batch.max-running=3");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void makesABatchOfEachJobAndRunsItAsTheSpringBatchJobOfThatName() {
        node.admit(cancel("a").byJob("cancels"));
        node.admit(unlink("b"));

        assertThat(node.work()).isEqualTo(2);

        assertThat(batches()).extracting(Batch::job).containsExactlyInAnyOrder("cancels", "offboarding");
        assertThat(batches()).extracting(Batch::state).containsOnly(State.COMPLETED);
        for (var batch : batches()) {
            assertThat(node.execution(batch.number()).getJobInstance().getJobName())
                    .isEqualTo(batch.job());
        }
    }

    @Test
    void keepsTheSizesOfTheDefinition() {
        IntStream.range(0, 4).forEach(each -> node.admit(cancel("" + each).byJob("cancels")));

        assertThat(node.work()).isEqualTo(2);

        assertThat(batches()).extracting(Batch::requests).containsExactlyInAnyOrder(3, 1);
        var larger = batches().stream()
                .filter(each -> each.requests() == 3)
                .findFirst()
                .orElseThrow();
        assertThat(node.step(larger.number(), "process").getCommitCount())
                .as("chunks of 2")
                .isLessThanOrEqualTo(3);
        assertThat(node.pace().shares).containsOnly(new Pace.Share("cancels", 40));
    }

    @Test
    void servesEachJobInTurnWhereOneHasMoreThanThereIsRoom() {
        IntStream.range(0, 30).forEach(each -> node.admit(cancel("" + each).byJob("cancels")));
        Request other = node.admit(unlink("x"));

        node.work();

        assertThat(batches()).extracting(Batch::job).contains("offboarding");
        assertThat(node.told(other)).hasSizeGreaterThan(1);
    }

    @Test
    void restartsAFailedBatchOfADefinedJobOnlyAsItsDefinitionSays() {
        Request request = node.admit(cancel("a").byJob("cancels"));
        node.partnerCenter.whileCalled = _ -> {
            throw new IllegalStateException("made to fail");
        };

        node.work();
        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);
        assertThat(node.batch(1).restartAt()).as("restart-after is empty").isNull();

        node.partnerCenter.whileCalled = _ -> {};
        node.ledger().batches().askRestart(1, node.clock.instant());
        node.work();

        assertThat(node.execution(1).getJobInstance().getJobName()).isEqualTo("cancels");
        assertThat(node.repository().getJobExecutions(node.execution(1).getJobInstance()))
                .hasSize(2);
        assertThat(node.told(request)).hasSizeGreaterThan(2);
    }

    @Test
    void worksOnWhatAJobLeftThatIsNoLongerDefined() {
        node.ledger().batches().addJobs(List.of("formerly"));
        Request request = node.admit(cancel("a").byJob("formerly"));

        node.work();

        assertThat(node.batch(1).job()).isEqualTo("formerly");
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void putsOffWhatComesOutsideTheWindowAndGoesOnWhenItOpens() {
        Request request = node.admit(cancel("a").byJob("nightly"));

        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.lastOutcome(request).details().nextAttemptAt()).isEqualTo(OPENS);
        assertThat(node.lastOutcome(request).message())
                .isEqualTo("The job nightly works daily 20:00 to 06:00 Z; it goes on at 2026-11-20T20:00:00Z.");
        assertThat(node.read(request).dueAt()).isEqualTo(OPENS);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.partnerCenter.calls).isEmpty();

        node.clock.pass(Duration.between(node.clock.instant(), OPENS));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.OUTSIDE_RUN_WINDOW, Reason.DONE);
    }

    @Test
    void holdsWhatWouldMissItsLastChanceOutsideTheWindowAndGoesOnWhenAPersonSaysSo() {
        Instant lastChance = OPENS.minusSeconds(1);
        Request missing = node.admit(cancel("a").byJob("nightly").notAfter(lastChance));
        Request inTime = node.admit(cancel("b").byJob("nightly").notAfter(OPENS));

        node.work();

        assertThat(node.told(inTime)).endsWith(Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.told(missing)).containsExactly(Reason.ADMITTED, Reason.LAST_CHANCE);
        assertThat(node.lastOutcome(missing).details().decideBy()).isEqualTo(lastChance);
        assertThat(node.lastOutcome(missing).message())
                .isEqualTo(
                        "The job nightly works daily 20:00 to 06:00 Z; it goes on at 2026-11-20T20:00:00Z. By then its last chance (not-after, %s) is over."
                                .formatted(lastChance));
        assertThat(node.partnerCenter.calls).isEmpty();

        node.ledger()
                .requests()
                .settle(
                        node.read(missing),
                        Resolution.of(Reason.ADMITTED, Effect.NONE, "A person released it.", Details.NONE),
                        null,
                        node.clock.instant());
        node.work();

        assertThat(node.told(missing)).endsWith(Reason.LAST_CHANCE, Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void judgesInTimeWhatIsOnlyObserved() {
        Request observed = node.admit(
                cancel("a").byJob("nightly").notAfter(OPENS.minusSeconds(1)).observed());

        node.work();

        assertThat(node.told(observed)).endsWith(Reason.OBSERVE_MODE);
    }

    @Test
    void saysWhatWasMissedBehindTheWindow() {
        Request request = node.admit(cancel("a").byJob("nightly").notAfter(OPENS.plusSeconds(1)));
        node.work();
        node.clock.pass(Duration.between(node.clock.instant(), OPENS).plusSeconds(2));

        node.work();

        assertThat(node.told(request)).endsWith(Reason.OUTSIDE_RUN_WINDOW, Reason.EXPIRED);
        assertThat(node.lastOutcome(request).message())
                .endsWith(
                        "It was missed behind outside-run-window: The job nightly works daily 20:00 to 06:00 Z; it goes on at 2026-11-20T20:00:00Z.");
    }

    @Test
    void tellsOnceThatItIsOutsideTheWindowHoweverOftenItIs() {
        Request request = node.admit(cancel("a").byJob("nightly"));
        node.work();
        node.clock.pass(Duration.ofDays(1));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.read(request).dueAt()).isEqualTo(OPENS.plus(Duration.ofDays(1)));
    }

    @Test
    void putsOffTheRestWhenTheWindowClosesInTheMiddle() {
        node.clock.pass(
                Duration.between(node.clock.instant(), OPENS).plusHours(10).minusSeconds(2));
        Request first = node.admit(cancel("a").byJob("nightly"));
        Request second = node.admit(cancel("b").byJob("nightly"));
        node.partnerCenter.whileCalled = _ -> node.clock.pass(Duration.ofSeconds(3));

        node.work();
        node.partnerCenter.whileCalled = _ -> {};

        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(second)).endsWith(Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.partnerCenter.calls).hasSize(1);

        node.clock.pass(Duration.between(node.clock.instant(), node.read(second).dueAt()));
        node.work();
        assertThat(node.told(second)).endsWith(Reason.DONE);
    }

    @Test
    void holdsWhatTheGuardsHoldBeforeItPutsOffTheRest() {
        Request first = node.admit(cancel("a").byJob("nightly"));
        Request second = node.admit(cancel("b").byJob("nightly"));
        Request third = node.admit(cancel("c").byJob("nightly"));

        node.work();

        assertThat(node.told(first)).endsWith(Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.told(second)).endsWith(Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.told(third)).endsWith(Reason.BUDGET_EXCEEDED);
        assertThat(node.lastOutcome(third).message())
                .isEqualTo("The budget of the job nightly allows 2 customers in 24 h; 2 are used.");
    }

    @Test
    void readsAndJudgesAPlanAtAnyTime() {
        Request plan = node.admit(cancel("a").byJob("nightly").planOnly());

        node.work();

        assertThat(node.told(plan)).endsWith(Reason.PLAN_ONLY);
    }

    @Test
    void settlesOutsideTheWindowWhatWasSentInside() {
        node.clock.pass(Duration.between(node.clock.instant(), OPENS));
        Request request = node.admit(cancel("a").byJob("nightly"));
        node.partnerCenter.whileCalled = _ -> {
            throw new IllegalStateException("the reply is lost with us");
        };
        node.work();
        node.partnerCenter.whileCalled = _ -> {};
        node.clock.pass(Duration.ofHours(11));
        node.ledger().batches().askRestart(1, node.clock.instant());

        node.work();

        assertThat(node.told(request)).doesNotContain(Reason.OUTSIDE_RUN_WINDOW).contains(Reason.CONFIRMING);
    }

    private List<Batch> batches() {
        return node.ledger().batches().list(Filter.ALL, null, 100);
    }
}
