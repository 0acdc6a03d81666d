package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.operations.RunningService.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A file goes through the API as the command line sends it. */
class RunsApiTests {

    private static final String JOB = "cancel-subscriptions";

    private final RunningService service = RunningService.get();
    private final String name = "run-" + UUID.randomUUID();

    @Test
    void loadsAFileThatCameInTwoPieces() {
        var file = csv(3);
        var run = announce(file).body();
        assertThat(run.path("state").asString()).isEqualTo("receiving");
        var number = run.path("number").asLong();

        assertThat(put(number, 0, file.substring(0, 100))
                        .body()
                        .at("/file/received")
                        .asLong())
                .isEqualTo(100);
        assertThat(put(number, 100, file.substring(100)).status()).isEqualTo(200);

        var loaded = untilEnded(number);
        assertThat(loaded.path("state").asString()).isEqualTo("loaded");
        assertThat(loaded.path("message").asString()).isEqualTo("3 lines: 3 new.");
        assertThat(loaded.at("/lines/new").asLong()).isEqualTo(3);
        assertThat(loaded.at("/requests/open/ready").asLong()).isEqualTo(3);
    }

    @Test
    void saysWhereToGoOnWhenAPieceDoesNotFit() {
        var file = csv(3);
        var number = announce(file).body().path("number").asLong();
        put(number, 0, file.substring(0, 100));

        var again = put(number, 0, file.substring(0, 100));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().path("received").asLong()).isEqualTo(100);
        assertThat(announce(file).body().at("/file/received").asLong()).isEqualTo(100);
    }

    @Test
    void givesTheRejectedLinesWithReasonAndLine() {
        var file = csv(30) + "not-a-guid;x\n";
        var number = hand(file);

        var loaded = untilEnded(number);

        assertThat(loaded.path("message").asString()).isEqualTo("31 lines: 30 new, 1 bad.");
        assertThat(service.get("/api/v1/runs/" + number + "/rejected")
                        .response()
                        .body())
                .startsWith("customerId;subscriptionId;rejected;line\nnot-a-guid;x;")
                .contains("is not a GUID")
                .endsWith(";32\n");
    }

    @Test
    void refusesAFileWhoseHeaderItDoesNotKnow() {
        var loaded = untilEnded(hand("customerId,subscripionId\na,b\n"));

        assertThat(loaded.path("state").asString()).isEqualTo("refused");
        assertThat(loaded.path("message").asString())
                .contains("unknown column 'subscripionId'", "nearest known one is 'subscriptionId'");
    }

    @Test
    void asksForAReason() {
        assertThat(service.send("POST", "/api/v1/runs", "{\"job\":\"%s\",\"name\":\"x\"}".formatted(JOB))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void doesNotKnowEveryRun() {
        assertThat(service.get("/api/v1/runs/987654321").status()).isEqualTo(404);
    }

    @Test
    void listsRunsNewestFirst() {
        var number = announce(csv(1)).body().path("number").asLong();

        var page = service.get("/api/v1/runs?job=" + JOB + "&limit=1").body();

        assertThat(page.at("/runs/0/number").asLong()).isEqualTo(number);
        assertThat(page.path("next").asLong()).isEqualTo(number);
    }

    private long hand(String file) {
        var number = announce(file).body().path("number").asLong();
        assertThat(put(number, 0, file).status()).isEqualTo(200);
        return number;
    }

    private Answer announce(String file) {
        return service.send("POST", "/api/v1/runs", """
                {"job":"%s","name":"%s","plan":false,"reason":"a test",
                 "file":{"name":"x.csv","size":%d,"digest":"%s"}}
                """.formatted(JOB, name, file.length(), digest(file)));
    }

    private Answer put(long number, long offset, String piece) {
        return service.octets("/api/v1/runs/%d/content?offset=%d".formatted(number, offset), piece);
    }

    private JsonNode untilEnded(long number) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> service.get("/api/v1/runs/" + number).body(),
                        run -> !run.path("endedAt").isMissingNode());
    }

    private static String csv(int lines) {
        var file = new StringBuilder("customerId;subscriptionId\n");
        for (var line = 0; line < lines; line++) {
            file.append(UUID.randomUUID()).append(';').append(UUID.randomUUID()).append('\n');
        }
        return file.toString();
    }

    private static String digest(String file) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
