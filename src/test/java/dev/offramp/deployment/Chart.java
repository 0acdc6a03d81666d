package dev.offramp.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The chart {@code helm/offramp} with one scenario's values, linted and rendered by Helm itself. */
final class Chart {

    static final Path FOLDER = Path.of("helm", "offramp");

    /** The oldest that Chart.yaml allows. */
    private static final String OLDEST_KUBERNETES = "1.30.0";

    private final Path scenario;
    private final Map<String, Object> more = new LinkedHashMap<>();
    private String release = "offramp";

    private Chart(Path scenario) {
        this.scenario = scenario;
    }

    /** One of the files in {@code scenarios}, by its name without ending. */
    static Chart of(String scenario) {
        return new Chart(FOLDER.resolve("scenarios").resolve(scenario + ".yaml"));
    }

    /** One more value, as {@code --set} takes it. */
    Chart with(String key, Object value) {
        more.put(key, value);
        return this;
    }

    Chart released(String name) {
        release = name;
        return this;
    }

    /** What {@code helm template} writes; what Helm says when it refuses is thrown. */
    Manifests render() {
        var command = new Helm(FOLDER)
                .template()
                .withName(release)
                .withNamespace("billing")
                .withKubeVersion(OLDEST_KUBERNETES)
                .withValuesFile(scenario.toAbsolutePath());
        more.forEach(command::set);
        return Manifests.read(command.call());
    }

    /** Helm lints a chart with its own values only: the scenario's are laid over them in a copy. */
    LintResult lint(Path folder) {
        try (var files = Files.walk(FOLDER)) {
            for (Path each : files.toList()) {
                Path copy = folder.resolve(FOLDER.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(each, copy);
                }
            }
            var values = (ObjectNode) Yaml.read(FOLDER.resolve("values.yaml"));
            overlay(values, (ObjectNode) Yaml.read(scenario));
            Files.writeString(folder.resolve("values.yaml"), Yaml.write(values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Helm(folder).lint().strict().call();
    }

    private static void overlay(ObjectNode under, ObjectNode over) {
        for (Map.Entry<String, JsonNode> each : over.properties()) {
            if (under.get(each.getKey()) instanceof ObjectNode deeper && each.getValue() instanceof ObjectNode said) {
                overlay(deeper, said);
            } else {
                under.set(each.getKey(), each.getValue());
            }
        }
    }
}
