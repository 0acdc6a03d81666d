package dev.offramp.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.RequestKey;
import dev.offramp.run.Upload.State;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files become requests, each line once, whatever happens in between. */
@OnBothDatabases
class LoadingTests {

    private static final String HEADER = "customerId,subscriptionId,expect.quantity\n";

    private final HikariDataSource database;
    private final RunNode node;

    LoadingTests(TestDatabase kind) {
        database = kind.fresh();
        node = RunNode.over(database);
    }

    @AfterEach
    void close() {
        node.close();
        database.close();
    }

    @Test
    void makesARequestOfEachLine() {
        var run = node.load("one", file(1, 25));

        assertThat(run.upload().state()).isEqualTo(State.LOADED);
        assertThat(run.upload().message()).isEqualTo("25 lines: 25 new.");
        assertThat(node.linesOf(run)).isEqualTo(lines(2, 26));
        var first = node.ledger()
                .requests()
                .byKey(new RequestKey("file:" + RunNode.JOB, "one/cancel-subscription/" + subscription(1)))
                .orElseThrow()
                .admission();
        assertThat(first.requestedBy()).isEqualTo("jane");
        assertThat(first.cause()).isEqualTo("contract ended");
        assertThat(first.job()).isEqualTo(RunNode.JOB);
        assertThat(node.runs().requestsOf(run.number()).ready()).isEqualTo(25);
        assertThat(rows("upload_part")).as("bytes that are no longer needed").isZero();
    }

    @Test
    void answersTheSameFileWithoutAnotherUpload() {
        var file = file(1, 5);
        node.load("again", file);

        var again = node.hand("again", file);

        assertThat(again.upload().state()).isEqualTo(State.LOADED);
        assertThat(rows("upload")).isEqualTo(1);
    }

    @Test
    void addsNothingWhenTheSameLinesComeInAnotherForm() {
        var run = node.load("form", file(1, 25));
        var again = node.load(
                "form",
                HEADER.replace(',', ';').replace("\n", "\r\n")
                        + file(1, 25)
                                .substring(HEADER.length())
                                .replace(',', ';')
                                .replace("\n", "\r\n")
                                .toUpperCase(Locale.ROOT));

        assertThat(again.upload().message()).isEqualTo("25 lines: 25 known, 0 new.");
        assertThat(node.linesOf(run)).hasSize(25);
    }

    @Test
    void addsOnlyWhatIsNewInACorrectedFile() {
        node.load("corrected", file(1, 997));

        var corrected = node.load("corrected", file(1, 1000));

        assertThat(corrected.upload().message()).isEqualTo("1,000 lines: 997 known, 3 new.");
        assertThat(node.linesOf(corrected)).hasSize(1000);
    }

    @Test
    void refusesAChangedLineAndShowsBothVersions() {
        node.load("changed", file(1, 25));

        var changed = node.load("changed", file(1, 25).replace(subscription(7) + ",10", subscription(7) + ",12"));

        assertThat(changed.upload().message()).isEqualTo("25 lines: 24 known, 0 new, 1 changed (refused).");
        assertThat(node.rejects(changed))
                .contains(
                        subscription(7),
                        "came before (line 8 of run %d) with another content".formatted(changed.number()),
                        "expect.quantity is '10' in the ledger and '12' in the line",
                        ",8\n");
    }

    @Test
    void takesALineThatStandsTwiceInAFileOnce() {
        var run = node.load("twice", file(1, 15) + row(3, 10) + row(4, 11));

        assertThat(run.upload().message()).isEqualTo("17 lines: 1 known, 15 new, 1 changed (refused).");
    }

    @Test
    void leavesBadLinesOutAndGoesOn() {
        var run = node.load("bad", file(1, 40) + "x,y,z\n");

        assertThat(run.upload().message()).isEqualTo("41 lines: 40 new, 1 bad.");
        assertThat(node.rejects(run)).startsWith("customerId,subscriptionId,expect.quantity,rejected,line\nx,y,z,");
    }

    @Test
    void takesACorrectedRejectFileAsItIs() {
        var run = node.load("reject", file(1, 40) + "x," + subscription(41) + ",10\n");

        var corrected = node.load("reject", node.rejects(run).replaceFirst("\nx,", "\n" + customer(41) + ","));

        assertThat(corrected.upload().message()).isEqualTo("1 line: 1 new.");
    }

    @Test
    void showsASpreadsheetNoFormulaOfARejectedLineAndTakesItBackAsItWas() {
        var formula = "=HYPERLINK(\"http://evil.example\")";
        var file = "customerId,subscriptionId,reference\n"
                + "x,%s,\"%s\"\n".formatted(subscription(1), formula.replace("\"", "\"\""))
                + "%s,%s,plain\n".formatted(customer(2), subscription(2))
                + IntStream.range(3, 43)
                        .mapToObj(each -> "%s,%s,-%d\n".formatted(customer(each), subscription(each), each))
                        .collect(Collectors.joining());
        var run = node.load("formula", file);

        assertThat(node.rejects(run)).contains("\nx,%s,\"'=HYPERLINK(".formatted(subscription(1)));

        var corrected = node.load("formula", node.rejects(run).replaceFirst("\nx,", "\n" + customer(1) + ","));
        assertThat(corrected.upload().message()).isEqualTo("1 line: 1 new.");
        assertThat(node.jdbc()
                        .sql("select reference from request where customer_id = :customer")
                        .param("customer", customer(1))
                        .query(String.class)
                        .single())
                .isEqualTo(formula);
    }

    @Test
    void loadsNothingWhenTooManyLinesAreBad() {
        var run = node.load("share", file(1, 18) + "x,y,z\n".repeat(2));

        assertThat(run.upload().state()).isEqualTo(State.REFUSED);
        assertThat(run.upload().message()).contains("2 of 20 lines are bad", "5 %", "file.badLines");
        assertThat(rows("request")).isZero();
        assertThat(node.rejects(run)).contains("x,y,z");
        assertThat(node.loader().loadNext()).as("something left to load").isFalse();
    }

    @Test
    void loadsNothingWhenTooManyRequestsWouldBeOpen() {
        try (var small = RunNode.over(database, node.clock, "max-open=30")) {
            assertThat(small.load("first", file(1, 20)).upload().state()).isEqualTo(State.LOADED);

            var refused = small.load("second", file(21, 40));

            assertThat(refused.upload().state()).isEqualTo(State.REFUSED);
            assertThat(refused.upload().message())
                    .contains("offramp.intake.max-open", "20 new requests and 20 are open");
            assertThat(small.load("first", file(1, 20) + "\n").upload().message())
                    .isEqualTo("20 lines: 20 known, 0 new.");
        }
    }

    @Test
    void refusesAFileThatIsNotTheOneThatWasAnnounced() {
        var announced = RunNode.announcement("mixed", file(1, 3), false);
        var run = node.hand(announced, file(2, 4).getBytes(StandardCharsets.UTF_8));

        node.loader().loadNext();

        assertThat(node.read(run).upload().state()).isEqualTo(State.REFUSED);
        assertThat(node.read(run).upload().message()).contains("was announced", "Hand it over again");
    }

    @Test
    void keepsAPlanApartFromTheRealRun() {
        var file = file(1, 5);
        node.hand(RunNode.announcement("both", file, true), file.getBytes(StandardCharsets.UTF_8));
        node.loader().loadNext();

        var real = node.load("both", file);

        assertThat(real.upload().message()).isEqualTo("5 lines: 5 new.");
        assertThat(node.jdbc()
                        .sql("select count(*) from request where terms like '%\"planOnly\":true%'")
                        .query(Long.class)
                        .single())
                .isEqualTo(5);
    }

    @Test
    void letsAnotherFileWaitWhileOneIsBeingLoaded() {
        node.hand("busy", file(1, 3));

        assertThat(node.runs().announce(RunNode.announcement("busy", file(1, 4), false)))
                .isInstanceOf(Answer.InTheWay.class);
    }

    @Test
    void loadsTheRestWhenTheIdOfABadLineComesAfterTheCheck() {
        var expired = row(41, 10).strip() + "," + Admissions.START.minusSeconds(60) + "\n";
        var file = file(1, 40).replace("\n", ",\n").replaceFirst("quantity,", "quantity,notAfter") + expired;
        var seen = new AtomicInteger();
        node.beforeEachChunk(() -> {
            if (seen.incrementAndGet() == 6) {
                node.ledger()
                        .requests()
                        .admit(
                                List.of(Admissions.cancel()
                                        .from("file:" + RunNode.JOB)
                                        .as("meanwhile/cancel-subscription/" + subscription(41))
                                        .build()),
                                Admissions.START);
            }
        });

        var run = node.load("meanwhile", file);

        assertThat(run.upload().state()).as(run.upload().message()).isEqualTo(State.LOADED);
        assertThat(node.linesOf(run)).hasSize(40);
        assertThat(node.rejects(run)).containsOnlyOnce(subscription(41) + ",10");
    }

    @Test
    void goesOnAfterADeathInAnyChunk() {
        for (var chunk = 1; chunk <= 8; chunk++) {
            var run = node.hand("death-" + chunk, file(chunk * 100, chunk * 100 + 34));
            try (var mortal = RunNode.over(database, node.clock)) {
                dieIn(mortal, chunk);
                assertThatThrownBy(mortal.loader()::loadNext).hasStackTraceContaining("This node is dead.");
            }
            assertThat(node.loader().loadNext())
                    .as("taken before the lease has ended")
                    .isFalse();
            node.clock.pass(Duration.ofSeconds(11));
            assertThat(node.loader().loadNext()).isTrue();

            assertThat(node.read(run).upload().message())
                    .as("death in chunk %d", chunk)
                    .isEqualTo("35 lines: 35 new.");
            assertThat(node.linesOf(run)).isEqualTo(lines(2, 36));
        }
    }

    @Test
    void goesOnAfterADeathBehindAnyCommit() {
        try (var mortal = RunNode.over(database, node.clock)) {
            for (var commit = 1; ; commit++) {
                var run = node.hand("commit-" + commit, file(commit * 100, commit * 100 + 4));
                mortal.dieAfterCommits(commit);
                loadUntilDeath(mortal);
                if (!mortal.isDead()) {
                    assertThat(commit).as("commits of a load").isGreaterThan(8);
                    return;
                }
                node.clock.pass(Duration.ofSeconds(11));
                node.loader().loadNext();

                assertThat(node.read(run).upload().message())
                        .as("death behind commit %d", commit)
                        .isEqualTo("5 lines: 5 new.");
                assertThat(node.linesOf(run)).isEqualTo(lines(2, 6));
            }
        }
    }

    private static void loadUntilDeath(RunNode mortal) {
        try {
            mortal.loader().loadNext();
        } catch (RuntimeException e) {
            assertThat(mortal.isDead()).as("broke off for another reason: " + e).isTrue();
        }
    }

    private static void dieIn(RunNode mortal, int chunk) {
        var seen = new AtomicInteger();
        mortal.beforeEachChunk(() -> {
            if (seen.incrementAndGet() == chunk) {
                mortal.die();
            }
        });
    }

    @Test
    void triesAgainWhatBrokeOff() {
        var run = node.hand("broken", file(1, 35));
        var seen = new AtomicInteger();
        node.beforeEachChunk(() -> {
            if (seen.incrementAndGet() == 6) {
                throw new IllegalStateException("The disk is full.");
            }
        });
        node.loader().loadNext();
        assertThat(node.loader().loadNext()).as("tried again at once").isFalse();

        node.clock.pass(Duration.ofSeconds(2));
        node.loader().loadNext();

        assertThat(node.read(run).upload().message()).isEqualTo("35 lines: 35 new.");
    }

    @Test
    void saysAtLastThatItFailedAndGoesOnWhenTheFileIsHandedOverAgain() {
        var file = file(1, 35);
        var run = node.hand("failing", file);
        node.beforeEachChunk(() -> {
            throw new IllegalStateException("The disk is full.");
        });
        for (var attempt = 0; attempt < 4; attempt++) {
            node.loader().loadNext();
            node.clock.pass(Duration.ofMinutes(2));
        }
        assertThat(node.read(run).upload().state()).isEqualTo(State.FAILED);
        assertThat(node.read(run).upload().message()).contains("4 times", "The disk is full.");

        node.beforeEachChunk(() -> {});
        node.hand("failing", file);
        node.loader().loadNext();

        assertThat(node.read(run).upload().message()).isEqualTo("35 lines: 35 new.");
    }

    @Test
    void handsOverAtShutdownWithoutWaitingForTheLease() {
        var run = node.hand("drain", file(1, 35));
        try (var leaving = RunNode.over(database, node.clock)) {
            var seen = new AtomicInteger();
            leaving.beforeEachChunk(() -> {
                if (seen.incrementAndGet() == 6) {
                    leaving.loader().drain();
                }
            });
            leaving.loader().loadNext();
            assertThat(node.linesOf(run)).as("loaded before the hand-over").hasSize(20);
        }

        node.loader().loadNext();

        assertThat(node.linesOf(run)).isEqualTo(lines(2, 36));
        assertThat(node.read(run).upload().message()).isEqualTo("35 lines: 35 new.");
    }

    @Test
    void writesNothingMoreOnceAnotherNodeHasTakenOver() throws InterruptedException {
        var run = node.hand("slow", file(1, 35));
        var sleeping = new CountDownLatch(1);
        var wake = new CountDownLatch(1);
        try (var slow = RunNode.over(database, node.clock)) {
            var seen = new AtomicInteger();
            slow.beforeEachChunk(() -> {
                if (seen.incrementAndGet() == 6) {
                    sleeping.countDown();
                    await(wake);
                }
            });
            var thread = Thread.ofPlatform().start(() -> slow.loader().loadNext());
            await(sleeping);
            node.clock.pass(Duration.ofSeconds(11));
            var other = Thread.ofPlatform().start(() -> node.loader().loadNext());
            other.join(TimeUnit.SECONDS.toMillis(20));
            wake.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(20));
            other.join(TimeUnit.SECONDS.toMillis(20));
        }

        assertThat(node.read(run).upload().message()).isEqualTo("35 lines: 35 new.");
        assertThat(node.linesOf(run)).isEqualTo(lines(2, 36));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long rows(String table) {
        return node.jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    private static String file(int from, int to) {
        return HEADER
                + IntStream.rangeClosed(from, to)
                        .mapToObj(each -> row(each, 10))
                        .collect(Collectors.joining());
    }

    private static String row(int number, int quantity) {
        return "%s,%s,%d\n".formatted(customer(number), subscription(number), quantity);
    }

    private static String customer(int number) {
        return "00000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "00000000-0000-4000-9000-%012d".formatted(number);
    }

    private static List<Long> lines(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
