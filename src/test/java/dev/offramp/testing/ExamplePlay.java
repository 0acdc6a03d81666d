package dev.offramp.testing;

import dev.offramp.offboarding.Status;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.JobExample.FileRun;
import dev.offramp.testing.JobExample.Step;
import dev.offramp.testing.RunningOfframp.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Plays one example of a job on a running service, act by act. */
public final class ExamplePlay {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JobExample example;
    private final RunningOfframp offramp;

    public ExamplePlay(JobExample example, RunningOfframp offramp) {
        this.example = example;
        this.offramp = offramp;
    }

    /** One Partner Center that holds the customers of all examples; their bursts and faults begin with each play. */
    public static PartnerCenterSimulator partnerCenterOf(Collection<JobExample> examples, JsonNode moreCustomers) {
        return partnerCenterOf(examples, moreCustomers, World.USUAL);
    }

    /** The same in another world. */
    public static PartnerCenterSimulator partnerCenterOf(
            Collection<JobExample> examples, JsonNode moreCustomers, World world) {
        var scenario = JSON.createObjectNode();
        scenario.put("name", "examples");
        world.applyTo(scenario.putObject("settings").put("propagationDelay", "500ms"));
        ArrayNode customers = scenario.putArray("customers");
        examples.forEach(
                each -> customers.addAll((ArrayNode) each.partnerCenter().path("customers")));
        moreCustomers.forEach(customers::add);
        return PartnerCenterSimulator.start(Scenario.parse(scenario.toString()), 0);
    }

    /** Everything from the first fault to the last outcome; what differs is empty when all went as the example says. */
    public List<String> play(Duration atMost) {
        begin();
        send();
        var told = offramp.outcomes();
        if (!example.then().isEmpty()) {
            told.await(atMost, example::isAtRest);
            for (Step step : example.then()) {
                var ran = take(step);
                if (ran.exitCode() != 0) {
                    return List.of("%s: %s ended with %d: %s".formatted(example, step, ran.exitCode(), ran.lines()));
                }
            }
        }
        told.await(atMost, example::isOver);
        return example.differences(told.all());
    }

    /** From now on Partner Center answers as the example says. */
    public void begin() {
        var partnerCenter = example.partnerCenter();
        tell("faults", partnerCenter.path("faults"));
        tell("bursts", partnerCenter.path("bursts"));
    }

    /** All requests of the example at once, by the topic or as a file. */
    public void send() {
        offramp.send(example.requests(Instant.now()));
        example.run().ifPresent(this::load);
    }

    private void load(FileRun run) {
        for (Path file : run.files()) {
            var ran = load(run, file);
            if (ran.exitCode() != 0) {
                throw new IllegalStateException(
                        "%s: the run ended with %d: %s".formatted(example, ran.exitCode(), ran.lines()));
            }
        }
    }

    /** Loads one file, and waits until nothing of it is worked on any more. */
    public Ran load(FileRun run, Path file) {
        return offramp.command(words(run, file));
    }

    /** The command that loads one file. */
    public static List<String> words(FileRun run, Path file) {
        return List.of("run", run.job(), "--name", run.name(), "--file", file.toString());
    }

    /** Takes one of the example's own steps; a command may end with another exit code than 0. */
    public Ran take(Step step) {
        return switch (step) {
            case Step.PartnerCenterRecovers _ -> {
                offramp.simulator().clearFaults();
                yield new Ran(0, List.of());
            }
            case Step.Command command -> offramp.command(words(command));
        };
    }

    /** The words of a command, with the number of the batch that it means. */
    public List<String> words(Step.Command command) {
        return command.words().stream()
                .map(each -> each.equals("{batch}") ? stalledBatch() : each)
                .toList();
    }

    /** There is no batch B-0: where none is stalled, the command says so. */
    private String stalledBatch() {
        return offramp.outcomes().all().stream()
                .filter(each -> each.status() == Status.STALLED)
                .filter(each -> example.expected().containsKey(each.request()))
                .flatMap(each -> each.batch().stream())
                .findFirst()
                .orElse("B-0");
    }

    private void tell(String what, JsonNode rules) {
        if (rules.isEmpty()) {
            return;
        }
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(offramp.simulator().baseUri().resolve("/simulator/" + what))
                            .POST(BodyPublishers.ofString(rules.toString()))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IllegalStateException("The simulator does not take the " + what + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while telling the simulator", e);
        }
    }
}
