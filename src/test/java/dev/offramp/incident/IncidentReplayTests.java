package dev.offramp.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.offboarding.Operation;
import dev.offramp.platform.DatabaseClock;
import dev.offramp.simulator.Call;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The incident of April 2022, replayed by each way in: a list of 883 targets that must stay, carried out in earnest with the
 * guards as they are by default. Five of each operation are touched, everything else is held by name, and what is rejected
 * then is never carried out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class IncidentReplayTests {

    /** What the profile allows in a day without a person. */
    private static final int ALLOWED = 5;

    /** Until the budgets have forgotten what was touched. */
    private static final Duration DAY = Duration.ofHours(25);

    /** Many times what is promised, which is ten seconds: the machine of a build is busy. */
    private static final Duration ENOUGH = Duration.ofMinutes(3);

    private final PartnerCenterSimulator partnerCenter =
            PartnerCenterSimulator.start(WrongList.partnerCenter(Way.values().length), 0);
    private final RunningOfframp.Builder installation = RunningOfframp.against(partnerCenter)
            .on(TestDatabase.POSTGRESQL)
            .onFreshTopics()
            // What the demo has otherwise is set as it is by default.
            .with("offramp.safety.budget.customers.cancel-subscription", "5");

    private RunningOfframp offramp;

    @TempDir
    private Path folder;

    /** How the list comes in. */
    enum Way {
        KAFKA(WrongList.WHOLE),
        FILE(WrongList.WHOLE),
        REST(WrongList.WHOLE),
        /** Each is a command of its own: a part of the list. */
        COMMAND_LINE(90),
        /** The service ends and starts again while the list comes in. */
        RESTART(WrongList.WHOLE),
        /** Somebody in a hurry releases all that is held. */
        RELEASE(WrongList.WHOLE);

        private final int length;

        Way(int length) {
            this.length = length;
        }
    }

    @BeforeAll
    void start() {
        offramp = installation.start();
    }

    @AfterAll
    void stop() {
        offramp.close();
        partnerCenter.close();
    }

    /** One after the other: each is a day of the same service. */
    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.SAME_THREAD)
    void touchesFiveAndHoldsTheRestByName(Way way) throws Exception {
        var lists = Stream.of(Operation.CANCEL_SUBSCRIPTION, Operation.REMOVE_RESELLER_RELATIONSHIP)
                .map(each -> new WrongList(
                        each,
                        "wrong-list-" + way.name().toLowerCase(Locale.ROOT),
                        way.ordinal() * WrongList.WHOLE,
                        way.length))
                .toList();
        int held = way.length - ALLOWED;
        int before = partnerCenter.calls().size();

        for (var list : lists) {
            bringIn(list, way);
        }
        long sent = System.nanoTime();
        for (var list : lists) {
            await().atMost(ENOUGH).until(() -> heldOf(list) == held);
        }
        System.out.printf(
                Locale.ROOT,
                "Incident by %s: %d requests held %.1f s after the last one came in%n",
                way,
                held * lists.size(),
                (System.nanoTime() - sent) / 1e9);
        for (var list : lists) {
            await().atMost(ENOUGH).until(() -> open(list) == held);
            assertThat(heldByName(list)).hasSize(held).isSubsetOf(list.customers());
        }
        assertThat(callsSince(before))
                .allSatisfy((_, calls) -> assertThat(calls).isEqualTo(ALLOWED));

        if (way == Way.RELEASE) {
            releasesNothingAlone(lists, held);
        }
        for (var list : lists) {
            assertThat(command(
                            "held",
                            "reject",
                            "--group",
                            list.group(),
                            "--operation",
                            list.operation().word(),
                            "--expect",
                            String.valueOf(held),
                            "--reason",
                            "the wrong list"))
                    .anyMatch(line -> line.contains("Rejected: %d.".formatted(held)));
        }
        // The budget of the next day, which is also that of the next way in.
        clock().turn(DAY);
        for (var list : lists) {
            assertThat(open(list)).isZero();
        }
        assertThat(callsSince(before))
                .allSatisfy((_, calls) -> assertThat(calls).isEqualTo(ALLOWED));
    }

    private void releasesNothingAlone(List<WrongList> lists, int held) {
        for (var list : lists) {
            var refused = offramp.command(List.of(
                    "held",
                    "release",
                    "--group",
                    list.group(),
                    "--operation",
                    list.operation().word(),
                    "--expect",
                    String.valueOf(held),
                    "--reason",
                    "it is late"));
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.lines()).anyMatch(line -> line.contains("take two persons"));
            assertThat(heldOf(list)).isEqualTo(held);
        }
    }

    private void bringIn(WrongList list, Way way) throws IOException, InterruptedException, ExecutionException {
        switch (way) {
            case KAFKA, RELEASE -> offramp.send(list.messages());
            case FILE -> {
                var file = Files.writeString(folder.resolve("list.csv"), list.file());
                command("run", list.job(), "--name", list.group() + list.job(), "--file", file.toString(), "--detach");
            }
            case REST -> {
                var http = HttpClient.newHttpClient();
                together(list.messages().stream()
                        .<Callable<?>>map(each -> () -> post(http, each.toString()))
                        .toList());
            }
            case COMMAND_LINE ->
                together(list.commands().stream()
                        .<Callable<?>>map(each -> () -> offramp.command(each))
                        .toList());
            case RESTART -> {
                offramp.send(list.messages());
                await().atMost(ENOUGH).until(() -> admitted(list) > 0);
                offramp.close();
                offramp = installation.start();
                clock().turn(DAY.multipliedBy(way.ordinal()));
            }
        }
    }

    /** Some at a time, as several programs would. */
    private static void together(Collection<Callable<?>> calls) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(4)) {
            var done = new ArrayList<Future<?>>();
            calls.forEach(each -> done.add(threads.submit(each)));
            for (var each : done) {
                each.get();
            }
        }
    }

    private int post(HttpClient http, String message) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(offramp.address() + "/api/v1/requests"))
                .header("Authorization", "Bearer " + offramp.token())
                .header("Content-Type", "application/cloudevents+json")
                .POST(BodyPublishers.ofString(message))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
    }

    private List<String> command(String... words) {
        var ran = offramp.command(List.of(words));
        return ran.lines();
    }

    /** Destructive calls by operation. */
    private Map<String, Long> callsSince(int before) {
        var calls = new TreeMap<String, Long>();
        partnerCenter.calls().stream()
                .skip(before)
                .map(Call::operation)
                .forEach(each -> calls.merge(each.toString(), 1L, Long::sum));
        return calls;
    }

    private long heldOf(WrongList list) {
        return count(list, "status = 'held'");
    }

    private long admitted(WrongList list) {
        return count(list, "true");
    }

    private long open(WrongList list) {
        return count(list, "settled_at is null");
    }

    private long count(WrongList list, String which) {
        return jdbc().sql("""
                        select count(*)
                          from request
                         where group_name = :group
                           and operation = :operation
                           and %s
                        """.formatted(which))
                .param("group", list.group())
                .param("operation", list.operation().word())
                .query(Long.class)
                .single();
    }

    /** The customers of all that are held, as an operator lists them. */
    private Set<String> heldByName(WrongList list) {
        var listed = String.join(
                "\n",
                command(
                        "request",
                        "list",
                        "--group",
                        list.group(),
                        "--operation",
                        list.operation().word(),
                        "--status",
                        "held",
                        "--all",
                        "--output",
                        "json"));
        return list.customers().stream().filter(listed::contains).collect(Collectors.toSet());
    }

    private DatabaseClock clock() {
        return offramp.context().getBean(DatabaseClock.class);
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(offramp.context().getBean(DataSource.class));
    }
}
