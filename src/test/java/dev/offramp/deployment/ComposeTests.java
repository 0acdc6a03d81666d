package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;

/** The compose file fits together, and fits the service. */
class ComposeTests {

    private final JsonNode services = Yaml.read(Path.of("compose.yaml")).path("services");
    private final JsonNode service = services.path("offramp");

    @Test
    void namesOnlyWhatItHas() {
        var volumes = Yaml.read(Path.of("compose.yaml")).path("volumes");

        assertThat(names(services)).containsExactlyInAnyOrder("kafka", "postgresql", "offramp", "simulator");
        for (JsonNode each : services) {
            assertThat(names(services)).containsAll(names(each.path("depends_on")));
            assertThat(names(volumes))
                    .containsAll(texts(each.path("volumes")).stream()
                            .map(volume -> volume.split(":")[0])
                            .toList());
        }
    }

    @Test
    void waitsForWhatIsHealthy() {
        for (JsonNode each : service.path("depends_on")) {
            assertThat(each.path("condition").asText()).isEqualTo("service_healthy");
        }
        for (String each : List.of("kafka", "postgresql", "simulator")) {
            assertThat(services.path(each).path("healthcheck").path("test").isArray())
                    .as(each)
                    .isTrue();
        }
        assertThat(service.has("healthcheck")).as("the image has its own").isFalse();
    }

    @Test
    void putsTheSimulatorOnTheServicesLoopback() {
        var simulator = services.path("simulator");

        assertThat(simulator.path("network_mode").asText()).isEqualTo("service:offramp");
        assertThat(texts(simulator.path("command"))).containsExactly("simulator", "--port", "9380");
        assertThat(service.at("/environment/OFFRAMP_PARTNER_CENTER_BASE_URL").asText())
                .isEqualTo("http://127.0.0.1:9380");
        assertThat(service.at("/environment/OFFRAMP_PARTNER_CENTER_AUTHORITY").asText())
                .isEqualTo("http://127.0.0.1:9380");
        assertThat(service.at("/environment/OFFRAMP_ENVIRONMENT").asText()).isEqualTo("sandbox");
    }

    @Test
    void configuresTheServiceWithKeysThatItKnows() throws IOException {
        var known = Pattern.compile("(?m)^\\| `(offramp\\.[^`]+)` \\|")
                .matcher(Files.readString(Path.of("docs", "configuration.md")))
                .results()
                .map(each -> each.group(1).replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
                .toList();

        assertThat(names(service.path("environment")).stream().filter(each -> each.startsWith("OFFRAMP_")))
                .hasSizeGreaterThan(5)
                .allSatisfy(each ->
                        assertThat(known).as(each).anyMatch(key -> each.equals(key) || each.startsWith(key + "_")));
    }

    @Test
    void takesTheSameKafkaAsTheClient() {
        assertThat(services.path("kafka").path("image").asText())
                .isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    }

    @Test
    void leavesTimeForTheDrain() {
        var drain = Yaml.read(Path.of("src", "main", "resources", "application.yaml"))
                .at("/spring/lifecycle/timeout-per-shutdown-phase")
                .asText();

        assertThat(DurationStyle.detectAndParse(
                        service.path("stop_grace_period").asText()))
                .isGreaterThanOrEqualTo(DurationStyle.detectAndParse(drain).plusSeconds(15));
    }

    @Test
    void answersOnThisMachineOnly() {
        for (JsonNode each : services) {
            assertThat(texts(each.path("ports"))).allMatch(port -> port.startsWith("127.0.0.1:"));
        }
    }

    @Test
    void letsEverySecretBeReplaced() {
        for (JsonNode each : services) {
            assertThat(each.path("environment").properties())
                    .filteredOn(variable -> variable.getKey().matches(".*(PASSWORD|SECRET|TOKEN).*"))
                    .allSatisfy(variable -> assertThat(variable.getValue().asText())
                            .as(variable.getKey())
                            .matches("\\$\\{[A-Z_]+:-[a-z-]+}"));
        }
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(each -> each.getKey()).toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
