package dev.offramp.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The file of the embedded database cannot grow any more, for real, while a file is handed over. */
@DisabledOnOs(OS.WINDOWS)
class FullDiskTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ENOUGH = Duration.ofSeconds(90);
    private static final byte[] PIECE = random(4_000_000);
    /** Far more than there can be of free room inside the database. */
    private static final int PIECES = 20;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path home;

    @Test
    void answersWithASentenceKeepsNoHalfAndGoesOnWithoutARestartWhenThereIsRoom() throws Exception {
        var scenario = Scenario.builder();
        for (int number = 1; number <= 2; number++) {
            var each = number;
            scenario.customer(
                    "Customer " + each,
                    customer -> customer.id(customer(each))
                            .newCommerceLicence(
                                    licence -> licence.id(subscription(each)).cancellableUntil("+3d")));
        }
        try (var partnerCenter = PartnerCenterSimulator.start(scenario.build(), 0);
                var offramp = start(partnerCenter)) {
            await().atMost(ENOUGH).failFast(offramp::mustLive).until(() -> offramp.said("is up in live mode"));
            assertThat(send("before", 1).statusCode()).isEqualTo(200);
            untilDone("before");
            var run = number(ask(announcement()));

            limit(offramp, Files.size(home.resolve("ledger.mv.db")) + 200_000);
            int lines = offramp.lines().size();
            int kept = 0;
            var last = ask(piece(run, kept));
            while (last.statusCode() == 200) {
                last = ask(piece(run, ++kept));
            }
            assertThat(last.statusCode()).as(last.body()).isEqualTo(503);
            assertThat(last.body()).contains("cannot be written").doesNotContain("\tat ");
            assertThat(kept).as("pieces that found room").isLessThan(PIECES);

            limit(offramp, -1);
            await("it goes on by itself")
                    .atMost(ENOUGH)
                    .until(() -> send("after", 2).statusCode() == 200);
            untilDone("after");
            assertThat(offramp.lines().size() - lines).as("lines of the log").isLessThan(2000);
            long received = received(ask(to("/runs/" + run).GET()));
            // The answer to one that was kept may have been lost with the database.
            assertThat(received).as("bytes of whole pieces").isIn(bytes(kept), bytes(kept + 1));
            assertThat(ask(piece(run, received / PIECE.length)).statusCode()).isEqualTo(200);

            assertThat(partnerCenter.calls())
                    .extracting(each -> each.customer())
                    .containsExactly(customer(1), customer(2));
            untilDone("before");
        }
    }

    private Program start(PartnerCenterSimulator partnerCenter) {
        return Program.start(
                OfframpOnAFullDisk.class,
                List.of(),
                List.of(
                        "--spring.profiles.active=demo",
                        // Nobody listens there: what comes by hand needs no Kafka.
                        "--spring.kafka.bootstrap-servers=127.0.0.1:1",
                        "--server.port=0",
                        "--offramp.home=" + home,
                        "--offramp.partner-center.base-url=" + partnerCenter.baseUri(),
                        "--offramp.partner-center.authority=" + partnerCenter.baseUri(),
                        "--offramp.partner-center.tenant-id="
                                + partnerCenter.scenario().partnerTenantId(),
                        "--offramp.partner-center.refresh-token=" + partnerCenter.refreshToken(),
                        "--offramp.partner-center.client-id=6c2f1a5e-0d3b-4e57-9a88-2f4b7d9e1c30",
                        "--offramp.partner-center.client-secret=secret",
                        "--offramp.encryption-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="));
    }

    private static void limit(Program offramp, long bytes) {
        offramp.tell(String.valueOf(bytes));
        await().atMost(ENOUGH).failFast(offramp::mustLive).until(() -> offramp.said("Files may have " + bytes + " "));
    }

    private HttpRequest.Builder to(String path) throws IOException {
        var login = JSON.readTree(Files.readAllBytes(home.resolve("login")));
        return HttpRequest.newBuilder(URI.create(login.path("server").stringValue() + "/api/v1" + path))
                .header("Authorization", "Bearer " + login.path("token").stringValue());
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder announcement() throws IOException {
        var announced = JSON.createObjectNode()
                .put("job", "cancel-subscriptions")
                .put("name", "full")
                .put("reason", "A test");
        announced
                .putObject("file")
                .put("name", "full.csv")
                .put("size", (long) PIECES * PIECE.length)
                .put("digest", "0".repeat(64));
        return to("/runs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(announced.toString()));
    }

    private static long bytes(int pieces) {
        return (long) pieces * PIECE.length;
    }

    private HttpRequest.Builder piece(long run, long kept) throws IOException {
        return to("/runs/" + run + "/content?offset=" + kept * PIECE.length)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(PIECE));
    }

    private HttpResponse<String> send(String id, int number) throws IOException, InterruptedException {
        var event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp.cancel-subscription.v1")
                .put("source", "/contoso/billing")
                .put("id", id)
                .put("time", Instant.now().toString());
        event.putObject("data")
                .put("customerId", customer(number))
                .put("subscriptionId", subscription(number))
                .put("requestedBy", "jane.doe@contoso.example")
                .put("reason", "A test");
        return ask(to("/requests")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event.toString())));
    }

    private void untilDone(String id) {
        await().atMost(ENOUGH).untilAsserted(() -> {
            var answer = ask(to("/requests?id=" + id).GET());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body())
                            .path("requests")
                            .path(0)
                            .path("reason")
                            .asString(""))
                    .isEqualTo("done");
        });
    }

    private static long number(HttpResponse<String> run) {
        assertThat(run.statusCode()).as(run.body()).isEqualTo(200);
        return JSON.readTree(run.body()).path("number").longValue();
    }

    private static long received(HttpResponse<String> run) {
        JsonNode read = JSON.readTree(run.body());
        return read.path("file").path("received").longValue();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static String customer(int number) {
        return "c0000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "50000000-0000-4000-8000-%012d".formatted(number);
    }
}
