package dev.offramp.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.operations.command.OfframpCommand;
import dev.offramp.operations.command.Surroundings;
import dev.offramp.simulator.Call;
import dev.offramp.simulator.CallChecker;
import dev.offramp.testing.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file, the command that hands it in, and the service that carries it out: both are killed again and again. */
@Execution(ExecutionMode.CONCURRENT)
class FileRunCrashTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int ROWS = 200;
    /** The file's rows in chunks of 20. */
    private static final int CHUNKS = 10;

    @TempDir
    private Path quiet;

    @TempDir
    private Path killed;

    @Test
    void endsAsIfNobodyHadBeenKilledWhenClientAndServiceAreKilledAtRandomPoints() {
        long seed = Long.getLong("crash.seed", 20261121);
        System.out.println("FileRunCrashTests: -Dcrash.seed=" + seed);

        var wanted = uninterrupted();
        var become = killedAtRandomPoints(new Random(seed));

        assertThat(become).as("-Dcrash.seed=" + seed).isEqualTo(wanted);
        assertThat(become.requests()).hasSize(ROWS);
        assertThat(become.calls())
                .hasSize(ROWS)
                .allSatisfy((_, calls) -> assertThat(calls).isOne());
    }

    private End uninterrupted() {
        try (var installation = Installation.in(quiet, ROWS);
                var service = installation.startService(Point.NOWHERE)) {
            untilUp(service);
            try (var client = run(installation)) {
                assertThat(client.exitCode()).as(client.newestLines()).isZero();
            }
            return end(installation, quiet);
        }
    }

    private End killedAtRandomPoints(Random random) {
        var installation = Installation.in(killed, ROWS);
        var service = installation.startService(Point.PIECE_TAKEN);
        untilUp(service);
        var client = run(installation);
        try (installation) {
            // What the client sent is durable and it was not told: both die.
            kill("service and client", service, Point.PIECE_TAKEN, 1);
            client.kill();

            // The service goes on with the file by itself.
            var checked = 1 + random.nextInt(CHUNKS);
            service = installation.startService(Point.CHUNK_CHECKED, checked);
            kill("service", service, Point.CHUNK_CHECKED, checked);
            var loaded = 1 + random.nextInt(CHUNKS);
            service = installation.startService(Point.CHUNK_LOADED, loaded);
            kill("service", service, Point.CHUNK_LOADED, loaded);

            service = installation.startService(Point.NOWHERE);
            untilUp(service);
            client = run(installation);
            untilCalls(installation, service, random.nextInt(ROWS / 3));
            System.out.println("Kill of the client at %s calls".formatted(calls(installation)));
            client.kill();
            client = run(installation);
            untilAttached(client);

            untilCalls(installation, service, ROWS / 3 + random.nextInt(ROWS / 3));
            System.out.println("Kill of the service at %s calls".formatted(calls(installation)));
            service.kill();
            service = installation.startService(Point.NOWHERE);

            assertThat(client.exitCode()).as(client.newestLines()).isZero();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                try (var again = run(installation)) {
                    assertThat(again.exitCode()).as(again.newestLines()).isZero();
                }
                return isOver(killed);
            });
            assertThat(CallChecker.repeatedAfterEffect(installation.simulator().calls()))
                    .isEmpty();
            return end(installation, killed);
        } finally {
            client.close();
            service.close();
        }
    }

    private static void kill(String what, Program service, Point point, int visit) {
        await().atMost(Duration.ofSeconds(90))
                .failFast(service::mustLive)
                .until(() -> service.said(HaltingOfframp.sign(point)));
        System.out.println("Kill of the %s at %s, visit %d".formatted(what, point, visit));
        service.kill();
    }

    private static int calls(Installation installation) {
        return installation.simulator().calls().size();
    }

    private static Program run(Installation installation) {
        return installation.startCommand(
                "run",
                "cancel-subscriptions",
                "--name",
                "terminations",
                "--file",
                installation.file().toString());
    }

    private static void untilUp(Program service) {
        await().atMost(Duration.ofSeconds(90))
                .failFast(service::mustLive)
                .until(() -> service.said(" is up in live mode"));
    }

    private static void untilAttached(Program client) {
        await().atMost(Duration.ofSeconds(90)).failFast(client::mustLive).until(() -> client.said("Run "));
    }

    private static void untilCalls(Installation installation, Program service, int calls) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(5))
                .failFast(service::mustLive)
                .untilAsserted(() -> assertThat(installation.simulator().calls())
                        .as(service.newestLines())
                        .hasSizeGreaterThanOrEqualTo(calls));
    }

    private static boolean isOver(Path home) {
        return ask(home, "runs", "list")
                .path("runs")
                .path(0)
                .path("requests")
                .path("open")
                .valueStream()
                .allMatch(each -> each.asLong() == 0);
    }

    private static End end(Installation installation, Path home) {
        var requests = new TreeMap<String, String>();
        ask(home, "request", "list", "--all")
                .path("requests")
                .forEach(each -> requests.put(
                        each.path("subscriptionId").asString(),
                        "%s %s %s"
                                .formatted(
                                        each.path("status").asString(),
                                        each.path("reason").asString(),
                                        each.path("effect").asString())));
        Map<String, Long> calls = installation.simulator().calls().stream()
                .filter(Call::changed)
                .collect(Collectors.groupingBy(Call::target, TreeMap::new, Collectors.counting()));
        return new End(requests, calls);
    }

    private static JsonNode ask(Path home, String... words) {
        var out = new StringWriter();
        var line = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()))
                .setOut(new PrintWriter(out, true));
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.toString(), "--output", "json"));
        assertThat(line.execute(all.toArray(String[]::new))).isZero();
        return JSON.readTree(out.toString());
    }

    /**
     * What is left when everything is over.
     *
     * @param requests what became of each, by subscription
     * @param calls how many calls changed something, by what they changed
     */
    private record End(Map<String, String> requests, Map<String, Long> calls) {}
}
