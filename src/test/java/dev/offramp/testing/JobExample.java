package dev.offramp.testing;

import dev.offramp.offboarding.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One example of a job, as its folder {@code jobs/<job>/examples/<case>} tells it; {@code jobs/README.md} has the format. */
public final class JobExample {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern NUMBER = Pattern.compile("\\{(n+)}");

    private final Path folder;

    private JobExample(Path folder) {
        this.folder = folder;
    }

    /** @param name such as {@code cancel-subscriptions/done} */
    public static JobExample named(String name) {
        var parts = name.split("/");
        return new JobExample(jobs().resolve(parts[0]).resolve("examples").resolve(parts[1]));
    }

    /** Every example of every job. */
    public static List<JobExample> all() {
        return folders(jobs())
                .flatMap(job -> folders(job.resolve("examples")))
                .map(JobExample::new)
                .toList();
    }

    private static Path jobs() {
        return Path.of("jobs");
    }

    private static Stream<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return Stream.empty();
        }
        try (var children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What happens when everything that goes on by itself has come to rest. */
    public sealed interface Step {

        /** Partner Center has no fault any more. */
        record PartnerCenterRecovers() implements Step {}

        /** Somebody runs {@code bin/offramp} with these words; {@code {batch}} is the batch in which a request is stalled. */
        record Command(List<String> words) implements Step {}
    }

    public String name() {
        return folder.getName(folder.getNameCount() - 3) + "/" + folder.getFileName();
    }

    /**
     * Files that bring the requests, instead of the topic.
     *
     * @param job the job that they are loaded for
     * @param name the run's name
     * @param files one after the other, all under the same name
     */
    public record FileRun(String job, String name, List<Path> files) {}

    /** The files that bring the requests; empty when they come by the topic. */
    public Optional<FileRun> run() {
        if (!Files.exists(folder.resolve("run.json"))) {
            return Optional.empty();
        }
        var run = json("run.json");
        return Optional.of(new FileRun(
                folder.getName(folder.getNameCount() - 3).toString(),
                run.path("name").asString(),
                run.path("files")
                        .valueStream()
                        .map(each -> folder.resolve(each.asString()))
                        .toList()));
    }

    /** The requests that go to the topic, with the times that count from now; none when a file brings them. */
    public List<JsonNode> requests(Instant now) {
        if (run().isPresent()) {
            return List.of();
        }
        var text = text("requests.json")
                .replace("{now}", now.truncatedTo(ChronoUnit.MILLIS).toString())
                .replace(
                        "{tomorrow}",
                        now.plus(Duration.ofDays(1))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
        return expanded(JSON.readTree(text), "request");
    }

    /** What Partner Center holds and how it answers, in the simulator's format. */
    public JsonNode partnerCenter() {
        return json("partner-center.json");
    }

    /** For each request, by its id, the outcomes that must be told in this order; the last one stays. */
    public Map<String, List<JsonNode>> expected() {
        var expected = new LinkedHashMap<String, List<JsonNode>>();
        for (JsonNode each : expanded(json("outcomes.json"), "outcome")) {
            var id = each.path("request").path("id").asString();
            expected.computeIfAbsent(id, _ -> new ArrayList<>()).add(each);
        }
        return expected;
    }

    public List<Step> then() {
        if (!Files.exists(folder.resolve("then.json"))) {
            return List.of();
        }
        var steps = new ArrayList<Step>();
        for (JsonNode each : json("then.json")) {
            if (each.has("offramp")) {
                steps.add(new Step.Command(each.path("offramp")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList()));
            } else if (each.path("partnerCenter").asString("").equals("recovers")) {
                steps.add(new Step.PartnerCenterRecovers());
            } else {
                throw new IllegalArgumentException(name() + "/then.json has a step that is not known: " + each);
            }
        }
        return steps;
    }

    /** Properties of the service that the example is about; it then needs a service of its own. */
    public Map<String, String> configuration() {
        var configuration = new LinkedHashMap<String, String>();
        if (Files.exists(folder.resolve("configuration.json"))) {
            json("configuration.json")
                    .properties()
                    .forEach(each ->
                            configuration.put(each.getKey(), each.getValue().asString()));
        }
        return configuration;
    }

    /** Whether every request stands where nothing but a person, or a step of {@code then.json}, moves it on. */
    public boolean isAtRest(List<ToldOutcome> told) {
        return allRequests(told, (_, last) -> last.isFinal() || waitsForSomebody(last));
    }

    /** Whether no request will be told of any more: it is final, or ends where the example ends, or unexpectedly waits. */
    public boolean isOver(List<ToldOutcome> told) {
        return allRequests(
                told,
                (expected, last) -> last.isFinal()
                        || fits(expected.getLast(), last.data())
                        || waitsForSomebody(last) && expected.stream().noneMatch(each -> fits(each, last.data())));
    }

    private static boolean waitsForSomebody(ToldOutcome last) {
        return last.status() == Status.HELD || last.status() == Status.STALLED;
    }

    private boolean allRequests(List<ToldOutcome> told, BiPredicate<List<JsonNode>, ToldOutcome> wished) {
        var last = new LinkedHashMap<String, ToldOutcome>();
        for (ToldOutcome each : told) {
            last.merge(each.request(), each, (one, other) -> other.sequence() >= one.sequence() ? other : one);
        }
        return expected().entrySet().stream()
                .allMatch(each ->
                        last.containsKey(each.getKey()) && wished.test(each.getValue(), last.get(each.getKey())));
    }

    /** Every request that was not told as the example says, a line each: id, expected, actual. */
    public List<String> differences(List<ToldOutcome> told) {
        var differences = new ArrayList<String>();
        expected().forEach((id, expected) -> {
            var actual = ToldOutcome.of(id, told);
            if (!inOrder(expected, actual)) {
                differences.add("%s: expected %s, actual %s".formatted(id, words(expected), wordsOf(actual)));
            }
        });
        return List.copyOf(differences);
    }

    private static boolean inOrder(List<JsonNode> expected, List<ToldOutcome> actual) {
        if (actual.isEmpty() || !fits(expected.getLast(), actual.getLast().data())) {
            return false;
        }
        int next = 0;
        for (ToldOutcome each : actual) {
            if (next < expected.size() && fits(expected.get(next), each.data())) {
                next++;
            }
        }
        return next == expected.size();
    }

    /** Whether everything that is expected is there with the same value; what is not named may be anything. */
    static boolean fits(JsonNode expected, JsonNode actual) {
        if (expected.isObject()) {
            return expected.properties().stream().allMatch(each -> fits(each.getValue(), actual.path(each.getKey())));
        }
        if (expected.isArray()) {
            return expected.size() == actual.size()
                    && IntStream.range(0, expected.size()).allMatch(each -> fits(expected.get(each), actual.get(each)));
        }
        return expected.equals(actual);
    }

    private static String words(List<JsonNode> expected) {
        return String.join(
                " → ",
                expected.stream()
                        .map(each -> each.path("status").asString() + ": "
                                + each.path("reason").asString() + " ("
                                + each.path("effect").asString() + ")")
                        .toList());
    }

    private static String wordsOf(List<ToldOutcome> actual) {
        return actual.isEmpty()
                ? "nothing"
                : String.join(
                        " → ",
                        actual.stream()
                                .map(each -> each.words() + " ("
                                        + each.data().path("effect").asString() + ")")
                                .toList());
    }

    /** {@code {"count": 3, "from": 1, "without": [2], "<member>": …}} stands for several, alike but for {n}, {nn}, {nnn}. */
    private static List<JsonNode> expanded(JsonNode list, String member) {
        var all = new ArrayList<JsonNode>();
        for (JsonNode each : list) {
            if (!each.has("count")) {
                all.add(each);
                continue;
            }
            int from = each.path("from").asInt(1);
            Predicate<Integer> left =
                    number -> each.path("without").valueStream().noneMatch(one -> one.asInt() == number);
            IntStream.range(from, from + each.path("count").asInt())
                    .boxed()
                    .filter(left)
                    .forEach(number ->
                            all.add(JSON.readTree(numbered(each.path(member).toString(), number))));
        }
        return all;
    }

    private static String numbered(String text, int number) {
        return NUMBER.matcher(text).replaceAll(found -> ("%0" + found.group(1).length() + "d").formatted(number));
    }

    private JsonNode json(String file) {
        return JSON.readTree(text(file));
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
