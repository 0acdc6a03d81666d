package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulatorCommandTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsItsAddressAndRunsUntilItIsStopped() throws Exception {
        Thread running = Thread.ofVirtual().start(() -> run("--port", "0"));
        try {
            Pattern address = Pattern.compile("on (http://127\\.0\\.0\\.1:\\d+) .*25 customers");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> address.matcher(out.toString()).find());
            Matcher found = address.matcher(out.toString());
            assertThat(found.find()).isTrue();
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> about = http.send(
                        HttpRequest.newBuilder(URI.create(found.group(1) + "/simulator"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(about.body()).contains("built in");
            }
        } finally {
            running.interrupt();
            running.join(Duration.ofSeconds(10));
        }
        assertThat(running.isAlive()).isFalse();
    }

    @Test
    void saysWhereAScenarioIsWrongAndEndsWith2(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("wrong.json"), """
                {"customers": [{"companyName": "Contoso", "domain": "contoso.example", "statsu": 1}]}""");

        assertThat(run("--port", "0", "--scenario", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("wrong.json")
                .contains("/customers/0")
                .contains("statsu");
    }

    @Test
    void saysThatAScenarioIsMissingAndEndsWith2() {
        assertThat(run("--scenario", "nowhere.json")).isEqualTo(2);
        assertThat(err.toString()).contains("nowhere.json").contains("does not exist");
    }

    @Test
    void saysThatThePortIsTakenAndEndsWith1() {
        try (PartnerCenterSimulator other = PartnerCenterSimulator.start(Scenario.builtIn(), 0)) {
            assertThat(run("--port", Integer.toString(other.port()))).isEqualTo(1);
            assertThat(err.toString()).contains("Port " + other.port());
        }
    }

    @Test
    void explainsItself() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--port").contains("9380").contains("--scenario");
    }

    private int run(String... arguments) {
        return new CommandLine(new SimulatorCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
