package dev.offramp.demo;

import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.testing.ExamplePlay;
import dev.offramp.testing.JobExample;
import dev.offramp.testing.RunningOfframp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Broker, Partner Center, database and service of the demo, all in this process; only the log and the log-in are files. */
final class Installation implements AutoCloseable {

    private final EmbeddedKafkaKraftBroker broker;
    private final PartnerCenterSimulator partnerCenter;
    private final RunningOfframp offramp;
    private final Path home;
    private final YourTurn yourTurn;

    private Installation(
            EmbeddedKafkaKraftBroker broker, PartnerCenterSimulator partnerCenter, RunningOfframp offramp, Path home) {
        this.broker = broker;
        this.partnerCenter = partnerCenter;
        this.offramp = offramp;
        this.home = home;
        yourTurn = new YourTurn(offramp);
    }

    /**
     * Starts everything; what an earlier demo left in the folder's home is removed.
     *
     * @param properties configuration of the service beyond the demo's own
     */
    static Installation start(Path folder, Map<String, String> properties) {
        var home = folder.resolve("home");
        delete(home);
        var broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperty("auto.create.topics.enable", "false");
        broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
        broker.afterPropertiesSet();
        var partnerCenter = ExamplePlay.partnerCenterOf(JobExample.all(), neighbours());
        var offramp = RunningOfframp.against(partnerCenter)
                .with("spring.kafka.bootstrap-servers", broker.getBrokersAsString())
                .with("spring.datasource.url", database())
                .with("offramp.topics.requests", "offramp.requests")
                .with("offramp.topics.outcomes", "offramp.outcomes")
                .with("offramp.home", home)
                // One alone, one with a chain, two of a file, five of the wrong list.
                .with("offramp.safety.budget.customers.remove-reseller-relationship", "9")
                .with(properties)
                .start();
        return new Installation(broker, partnerCenter, offramp, home);
    }

    /** A new one for each installation: what another Partner Center gave would not work at this one. */
    private static String database() {
        return "jdbc:h2:mem:demo-%s;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE".formatted(UUID.randomUUID());
    }

    /** Customers of whom nobody asks anything. */
    private static JsonNode neighbours() {
        var neighbours = JsonMapper.builder().build().readTree("""
                        [{ "companyName": "Neighbour {n}", "domain": "neighbour-{n}.example", "count": 4,
                           "subscriptions": [{ "kind": "new-commerce", "created": "-100d" }] }]
                        """);
        YourTurn.customers().forEach(((ArrayNode) neighbours)::add);
        return neighbours;
    }

    void introduce(Screen screen) {
        screen.line("");
        screen.entry("Kafka", broker.getBrokersAsString() + ", topics offramp.requests and offramp.outcomes");
        screen.entry(
                "Partner Center",
                "%s, simulated, with %d customers"
                        .formatted(
                                partnerCenter.baseUri(),
                                partnerCenter.scenario().customerCount()));
        screen.entry("Offramp", offramp.address() + ", live against the simulator only, database in memory");
        screen.entry("Scaled down", "all times; the caps are 100 cancellations and 9 unlinks a day");
    }

    Story story(Screen screen, Story.Deadline deadline) {
        return new Story(screen, offramp, home.toString(), deadline);
    }

    /** Makes a batch fail and leaves it for whoever reads along. */
    void leaveWork(Screen screen) {
        yourTurn.begin(screen);
    }

    RunningOfframp offramp() {
        return offramp;
    }

    /** Commands for another terminal, ready to be typed. */
    void whereToLook(Screen screen) {
        screen.title("It keeps running. Look around from another terminal; Ctrl-C here ends it.");
        screen.line("");
        if (!jarIsBuilt()) {
            command(screen, "once, so that bin/offramp has something to run", "./mvnw -q package -DskipTests");
        }
        command(screen, "which batch has failed", "bin/offramp batch list --state failed --home " + home);
        command(screen, "why", "bin/offramp batch show B-… --home " + home);
        command(
                screen,
                "Partner Center answers again: on with it",
                "bin/offramp batch restart B-… --reason \"Partner Center answers again\" --home " + home);
        command(screen, "who waits for a person", "bin/offramp held list --home " + home);
        command(screen, "stop everything", "bin/offramp brake pull --reason \"trying it\" --home " + home);
        command(
                screen,
                "every outcome",
                "bin/console-consumer --topic offramp.outcomes --from-beginning --bootstrap-server "
                        + broker.getBrokersAsString());
        command(
                screen,
                "every destructive call, as Partner Center saw it",
                "curl -s %s/simulator/calls".formatted(partnerCenter.baseUri()));
        command(screen, "the service's log", "less target/demo/demo.log");
        screen.line("     The requests of the story, and what each must be told: jobs/");
        screen.line("");
    }

    private static void command(Screen screen, String what, String command) {
        screen.mark(Screen.Mark.NOTE, what);
        screen.line("          " + command);
    }

    private static boolean jarIsBuilt() {
        try (var jars = Files.newDirectoryStream(Path.of("target"), "offramp-*.jar")) {
            return jars.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        offramp.close();
        partnerCenter.close();
        broker.destroy();
    }
}
