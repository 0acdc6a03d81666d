package dev.offramp.job;

import dev.offramp.job.JobDefinition.Approval;
import dev.offramp.job.JobDefinition.FileRules;
import dev.offramp.job.JobDefinition.Guards;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads all definitions and tells everything that is wrong with any of them at once. */
final class Definitions {

    /** The Spring Batch job that loads files, and the job of requests for which none is defined. */
    private static final Set<String> KEPT = Set.of("loading", "offboarding");

    private final DefinitionSchema schema = new DefinitionSchema();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Read> read = new ArrayList<>();

    private Definitions() {}

    /**
     * One file.
     *
     * @param place as the operator finds it
     * @param folder the name of the folder in which it lies
     */
    record Source(String place, String folder, String text) {}

    private record Read(JobDefinition definition, YamlTree tree) {}

    /** @throws WrongDefinitions when anything is wrong with any of them */
    static Jobs of(List<Source> sources) {
        return new Definitions().jobs(sources);
    }

    /**
     * Those in {@code <directory>/<job>/job.yaml}.
     *
     * @throws WrongDefinitions when anything is wrong with any of them
     */
    static Jobs in(Path directory) {
        var definitions = new Definitions();
        return definitions.jobs(definitions.sourcesIn(directory));
    }

    private Jobs jobs(List<Source> sources) {
        sources.forEach(this::take);
        checkTogether();
        if (!problems.isEmpty()) {
            throw new WrongDefinitions(problems);
        }
        return Jobs.of(read.stream().map(Read::definition).toList());
    }

    private List<Source> sourcesIn(Path directory) {
        var sources = new ArrayList<Source>();
        try (var folders = Files.list(directory)) {
            // A mounted ConfigMap keeps its contents in folders whose names begin with a dot.
            for (var folder : folders.filter(Files::isDirectory)
                    .filter(each -> !each.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList()) {
                textOf(folder.resolve("job.yaml"))
                        .map(text -> new Source(
                                folder.resolve("job.yaml").toString(),
                                folder.getFileName().toString(),
                                text))
                        .ifPresent(sources::add);
            }
            if (sources.isEmpty() && problems.isEmpty()) {
                problems.add(new Problem(
                        directory.toString(),
                        1,
                        "There is no <job>/job.yaml in this directory (offramp.jobs.directory)."));
            }
        } catch (IOException e) {
            problems.add(new Problem(
                    directory.toString(),
                    1,
                    "This directory (offramp.jobs.directory) cannot be read: %s.".formatted(e.getMessage())));
        }
        return sources;
    }

    private Optional<String> textOf(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file.toString(), 1, "The file is not written in UTF-8."));
        } catch (IOException e) {
            problems.add(new Problem(
                    file.toString(),
                    1,
                    "The file cannot be read (%s).".formatted(e.getClass().getSimpleName())));
        }
        return Optional.empty();
    }

    private void take(Source source) {
        var tree = YamlTree.of(source.place(), source.text().replaceFirst("^\uFEFF", ""));
        problems.addAll(tree.problems());
        var root = tree.root();
        if (root == null) {
            return;
        }
        int before = problems.size();
        problems.addAll(schema.problems(tree, root));
        checkWhatNoSchemaSays(source, tree, root);
        if (problems.size() == before && tree.problems().isEmpty()) {
            read.add(new Read(definition(root), tree));
        }
    }

    private void checkWhatNoSchemaSays(Source source, YamlTree tree, JsonNode root) {
        var name = root.path("job");
        if (name.isString() && !name.stringValue().equals(source.folder())) {
            problems.add(tree.problem(
                    "/job",
                    "The job is called '%s', but its folder '%s'; give both one name."
                            .formatted(name.stringValue(), source.folder())));
        }
        if (name.isString() && KEPT.contains(name.stringValue())) {
            problems.add(tree.problem(
                    "/job",
                    "The name '%s' is kept for the service's own work; give job and folder another one."
                            .formatted(name.stringValue())));
        }
        checkZone(tree, root, "/window/time-zone");
        checkZone(tree, root, "/schedule/time-zone");
        checkText(root, "/schedule/cron")
                .flatMap(Cron::complaint)
                .ifPresent(complaint -> problems.add(tree.problem("/schedule/cron", complaint)));
        checkPlaceholders(tree, root, "/schedule/file");
        checkPlaceholders(tree, root, "/schedule/run");
        checkText(root, "/schedule/run")
                .filter(run -> !run.contains(Schedule.DATE))
                .ifPresent(run -> problems.add(tree.problem(
                        "/schedule/run",
                        "'%s' is the same every day, so that the next firing would only add to the run of the first; put {date} into it."
                                .formatted(run))));
        var takesFiles = root.path("takes")
                .valueStream()
                .anyMatch(each -> each.asString("").equals(Way.FILE.word()));
        for (var member : List.of("schedule", "file")) {
            if (root.path("takes").isArray() && !takesFiles && root.has(member)) {
                problems.add(tree.problem(
                        "/" + member,
                        "'%s' is about files, which the job does not take; add file to takes, or leave it out."
                                .formatted(member)));
            }
        }
    }

    private void checkZone(YamlTree tree, JsonNode root, String pointer) {
        checkText(root, pointer)
                .filter(zone -> !isZone(zone))
                .ifPresent(zone -> problems.add(tree.problem(
                        pointer, "There is no time zone '%s'; write one like Europe/Berlin or UTC.".formatted(zone))));
    }

    private static boolean isZone(String zone) {
        try {
            ZoneId.of(zone);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void checkPlaceholders(YamlTree tree, JsonNode root, String pointer) {
        checkText(root, pointer)
                .map(text -> text.replace(Schedule.DATE, ""))
                .filter(rest -> rest.contains("{") || rest.contains("}"))
                .ifPresent(_ -> problems.add(tree.problem(
                        pointer,
                        "'%s' holds a placeholder that is not known; {date}, the day of the firing, is the only one."
                                .formatted(root.at(pointer).stringValue()))));
    }

    private static Optional<String> checkText(JsonNode root, String pointer) {
        var node = root.at(pointer);
        return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    /** What takes two definitions to be wrong. */
    private void checkTogether() {
        Map<String, Read> byName = new java.util.HashMap<>();
        Map<Operation, Read> byOperation = new EnumMap<>(Operation.class);
        for (var each : read) {
            var job = each.definition();
            var namesake = byName.putIfAbsent(job.name(), each);
            if (namesake != null) {
                problems.add(each.tree().problem("/job", "The job %s is defined twice.".formatted(job.name())));
            }
            if (job.takes().contains(Way.TOPIC)) {
                var first = byOperation.putIfAbsent(job.operation(), each);
                if (first != null) {
                    problems.add(each.tree()
                            .problem(
                                    "/takes",
                                    "%s takes %s from the topic already; only one job may, so leave topic out of one of them."
                                            .formatted(
                                                    first.definition().name(),
                                                    job.operation().word())));
                }
            }
        }
    }

    private static JobDefinition definition(JsonNode root) {
        var window = root.path("window");
        var schedule = root.path("schedule");
        return new JobDefinition(
                root.path("job").stringValue(),
                root.path("description").stringValue(),
                Operation.named(root.path("operation").stringValue()),
                words(root.path("takes")).stream()
                        .map(word -> Way.valueOf(word.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet()),
                root.path("reversible").booleanValue(),
                Approval.valueOf(
                        root.path("approval").asString(Approval.RELEASE.word()).toUpperCase(Locale.ROOT)),
                new Limits(
                        number(root.path("batch-size")),
                        number(root.path("chunk-size")),
                        number(root.path("concurrency")),
                        percent(root.path("pace-share"), Limits.USUAL.paceShare()),
                        root.has("retry")
                                ? words(root.at("/retry/restart-after")).stream()
                                        .map(Definitions::duration)
                                        .toList()
                                : null),
                new Guards(
                        limit(root.at("/guards/customers")),
                        limit(root.at("/guards/calls")),
                        limit(root.at("/guards/per-run/customers")),
                        limit(root.at("/guards/per-run/calls")),
                        canary(root.at("/guards/canary"))),
                window.isMissingNode() ? null : window(window),
                schedule.isMissingNode() ? null : schedule(schedule),
                new FileRules(percent(root.at("/file/bad-lines"), FileRules.USUAL.badLines())));
    }

    private static JobDefinition.@Nullable Canary canary(JsonNode canary) {
        return canary.isMissingNode()
                ? null
                : new JobDefinition.Canary(
                        canary.path("customers").intValue(),
                        canary.has("settle") ? duration(canary.path("settle").stringValue()) : null);
    }

    private static RunWindow window(JsonNode window) {
        return new RunWindow(
                words(window.path("days")).stream()
                        .map(word -> DayOfWeek.valueOf(word.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet()),
                LocalTime.parse(window.path("from").stringValue()),
                LocalTime.parse(window.path("until").stringValue()),
                ZoneId.of(window.path("time-zone").stringValue()));
    }

    private static Schedule schedule(JsonNode schedule) {
        return new Schedule(
                schedule.path("cron").stringValue(),
                ZoneId.of(schedule.path("time-zone").stringValue()),
                schedule.path("file").stringValue(),
                schedule.path("run").stringValue());
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private static @Nullable Integer number(JsonNode node) {
        return node.isMissingNode() ? null : node.intValue();
    }

    private static @Nullable Limit limit(JsonNode node) {
        return node.isMissingNode() ? null : Limit.of(node.asString());
    }

    private static int percent(JsonNode node, int usual) {
        return node.isMissingNode()
                ? usual
                : Integer.parseInt(node.stringValue().replace("%", ""));
    }

    private static Duration duration(String written) {
        long count = Long.parseLong(written.substring(0, written.length() - 1));
        return switch (written.charAt(written.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
