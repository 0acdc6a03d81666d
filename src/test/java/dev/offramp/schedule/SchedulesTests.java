package dev.offramp.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.Schedule;
import dev.offramp.offboarding.Operation;
import dev.offramp.schedule.FileRuns.Begun;
import dev.offramp.schedule.ScheduleProperties.By;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Each schedule is fired once for each time that it is due, whatever nodes are up, and with the day's file. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class SchedulesTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant EVENING = Instant.parse("2026-11-20T20:00:00Z");
    private static final Instant TWO_IN_THE_MORNING = Instant.parse("2026-11-21T01:00:00Z");

    private final DataSource dataSource;
    private final SettableClock clock = new SettableClock();
    private final List<String> begun = new ArrayList<>();
    private boolean away;
    private boolean inTheWay;

    @TempDir
    private Path home;

    SchedulesTests(TestDatabase database) {
        dataSource = database.fresh();
    }

    @BeforeEach
    void itIsEvening() {
        clock.set(EVENING);
    }

    @Test
    void theDaysFileBecomesTheDaysRun() throws IOException {
        file("2026-11-21");
        var node = node("0 2 * * *");

        at(TWO_IN_THE_MORNING.minusSeconds(1), node);
        assertThat(begun).as("before it is due").isEmpty();
        at(TWO_IN_THE_MORNING, node);

        assertThat(begun).containsExactly("cancel-subscriptions nightly-2026-11-21 cancel-2026-11-21.csv");
        assertThat(last().run()).isEqualTo("nightly-2026-11-21");
        assertThat(last().dueAt()).isEqualTo(TWO_IN_THE_MORNING);
    }

    @Test
    void severalNodesFireItOnce() throws IOException {
        file("2026-11-21");
        var one = node("0 2 * * *");
        var other = node("0 2 * * *");

        at(TWO_IN_THE_MORNING, one, other, one, other);

        assertThat(begun).hasSize(1);
    }

    @Test
    void withoutAFileNothingIsRunAndTheNextDayFiresAgain() throws IOException {
        var node = node("0 2 * * *");

        at(TWO_IN_THE_MORNING, node);
        assertThat(begun).isEmpty();
        assertThat(last().run()).isNull();
        assertThat(last().message()).contains("There was no file").contains("cancel-2026-11-21.csv");

        file("2026-11-22");
        at(TWO_IN_THE_MORNING.plus(Duration.ofDays(1)), node);
        assertThat(begun).containsExactly("cancel-subscriptions nightly-2026-11-22 cancel-2026-11-22.csv");
    }

    @Test
    void whatWasMissedWhileNoNodeWasUpIsMadeUpForEachWithItsOwnDay() throws IOException {
        file("2026-11-21");
        file("2026-11-23");
        node("0 2 * * *");

        clock.set(TWO_IN_THE_MORNING.plus(Duration.ofDays(2)).plusSeconds(3600));
        var later = node("0 2 * * *");
        later.runAnyDueExecutions();
        later.runAnyDueExecutions();
        later.runAnyDueExecutions();
        later.runAnyDueExecutions();

        assertThat(begun)
                .containsExactly(
                        "cancel-subscriptions nightly-2026-11-21 cancel-2026-11-21.csv",
                        "cancel-subscriptions nightly-2026-11-23 cancel-2026-11-23.csv");
    }

    @Test
    void afterAWeekAFileIsLeftToAPerson() throws IOException {
        file("2026-11-21");
        node("0 2 * * *");

        at(TWO_IN_THE_MORNING.plus(Duration.ofDays(8)), node("0 2 * * *"));

        assertThat(begun).isEmpty();
        assertThat(last().message()).contains("No node was up").contains("bin/offramp run cancel-subscriptions");
    }

    @Test
    void aFiringThatFailedIsTriedAgainForTheSameDay() throws IOException {
        file("2026-11-21");
        var node = node("59 23 * * *");
        file("2026-11-20");

        away = true;
        at(Instant.parse("2026-11-20T22:59:00Z"), node);
        assertThat(begun).isEmpty();
        away = false;
        at(Instant.parse("2026-11-20T23:00:00Z"), node);

        assertThat(begun)
                .as("the day is that for which it was due")
                .containsExactly("cancel-subscriptions nightly-2026-11-20 cancel-2026-11-20.csv");
    }

    @Test
    void aFileThatAnotherOneIsInTheWayOfIsTriedEveryMinuteUntilItIsTaken() throws IOException {
        file("2026-11-21");
        var node = node("0 2 * * *");

        inTheWay = true;
        at(TWO_IN_THE_MORNING, node);
        at(TWO_IN_THE_MORNING.plusSeconds(59), node);
        at(TWO_IN_THE_MORNING.plusSeconds(60), node);
        assertThat(begun).isEmpty();
        assertThat(last().run()).isNull();
        assertThat(last().message()).isEqualTo("Another file is being loaded. It is tried again every minute.");
        inTheWay = false;
        at(TWO_IN_THE_MORNING.plusSeconds(119), node);
        assertThat(begun).as("before the minute is over").isEmpty();
        at(TWO_IN_THE_MORNING.plusSeconds(120), node);
        at(TWO_IN_THE_MORNING.plusSeconds(180), node);

        assertThat(begun).as("once").containsExactly("cancel-subscriptions nightly-2026-11-21 cancel-2026-11-21.csv");
        assertThat(last().run()).isEqualTo("nightly-2026-11-21");
    }

    @Test
    void aFiringWhoseNodeDiedIsMadeUpForWithItsOwnDay() throws IOException {
        file("2026-11-20");
        file("2026-11-21");
        var dueAt = Instant.parse("2026-11-20T22:59:00Z");
        var node = node("59 23 * * *");
        JdbcClient.create(dataSource).sql("""
                update scheduled_tasks
                set picked = true, picked_by = 'a node that was killed', last_heartbeat = execution_time
                """).update();

        clock.set(dueAt.plus(Duration.ofHours(2)));
        node.runDeadExecutionDetection();
        node.runAnyDueExecutions();

        assertThat(begun).containsExactly("cancel-subscriptions nightly-2026-11-20 cancel-2026-11-20.csv");
        assertThat(last().dueAt()).isEqualTo(dueAt);
    }

    @Test
    void aChangedScheduleTakesThePlaceOfTheOldOne() throws IOException {
        file("2026-11-21");
        node("0 2 * * *");
        var changed = node("0 3 * * *");

        at(TWO_IN_THE_MORNING, changed);
        assertThat(begun).as("the old one is due").isEmpty();
        at(TWO_IN_THE_MORNING.plus(Duration.ofHours(1)), changed);

        assertThat(begun).hasSize(1);
    }

    private void at(Instant time, ManualScheduler... nodes) {
        clock.set(time);
        for (ManualScheduler each : nodes) {
            each.runAnyDueExecutions();
        }
    }

    private ManualScheduler node(String cron) {
        var firing = new Firing(home, this::begin, firings(), clock::now);
        return TestHelper.createManualScheduler(dataSource, List.of())
                .clock(clock)
                .startTasks(Schedules.tasks(jobs(cron), firing))
                .start();
    }

    private Firings.Fired last() {
        return firings().last("cancel-subscriptions").orElseThrow();
    }

    private Firings firings() {
        return new JdbcFirings(
                JdbcClient.create(dataSource), new TransactionTemplate(new JdbcTransactionManager(dataSource)));
    }

    private Begun begin(String job, String name, Path file, String by, String cause) throws IOException {
        if (away) {
            throw new IOException("The disk is away");
        }
        if (inTheWay) {
            return new Begun.InTheWay("Another file is being loaded.");
        }
        begun.add("%s %s %s".formatted(job, name, file.getFileName()));
        return new Begun.Settled("It is being loaded.");
    }

    private void file(String day) throws IOException {
        Files.writeString(home.resolve("cancel-%s.csv".formatted(day)), "customerId,subscriptionId\n");
    }

    private static Jobs jobs(String cron) {
        return Jobs.of(List.of(new JobDefinition(
                "cancel-subscriptions",
                "Cancels subscriptions.",
                Operation.CANCEL_SUBSCRIPTION,
                Set.of(JobDefinition.Way.FILE),
                false,
                JobDefinition.Limits.USUAL,
                JobDefinition.Guards.USUAL,
                null,
                new Schedule(cron, BERLIN, "cancel-{date}.csv", "nightly-{date}"),
                JobDefinition.FileRules.USUAL)));
    }

    @Test
    void saysWhenItIsDueNextOnlyWhereTheServiceFires() {
        var jobs = jobs("0 2 * * *");

        assertThat(new Schedules(jobs, By.SERVICE, firings(), clock::now).all())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.nextAt()).isEqualTo(TWO_IN_THE_MORNING);
                    assertThat(each.last()).isNull();
                });
        assertThat(new Schedules(jobs, By.CRONJOB, firings(), clock::now).all())
                .singleElement()
                .satisfies(each -> assertThat(each.nextAt()).isNull());
    }
}
