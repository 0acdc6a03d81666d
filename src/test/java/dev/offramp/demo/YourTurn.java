package dev.offramp.demo;

import dev.offramp.ledger.Batch;
import dev.offramp.simulator.Fault;
import dev.offramp.testing.RunningOfframp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** After the story: a batch that has failed, left for whoever reads along to find, to understand and to restart. */
final class YourTurn {

    static final int REQUESTS = 3;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ENOUGH = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(120);

    private final RunningOfframp offramp;

    YourTurn(RunningOfframp offramp) {
        this.offramp = offramp;
    }

    /** The customers that it is about. */
    static List<JsonNode> customers() {
        return IntStream.rangeClosed(1, REQUESTS)
                .mapToObj(number -> JSON.readTree("""
                        { "id": "c0000000-0000-4000-8000-0000000009%1$02d", "companyName": "Your Turn %1$d",
                          "domain": "your-turn-%1$d.example",
                          "subscriptions": [{ "kind": "new-commerce", "id": "50000000-0000-4000-8000-0000000009%1$02d",
                                              "created": "-3d", "cancellableUntil": "+2d" }] }
                        """.formatted(number)))
                .toList();
    }

    /** Lets one of three cancellations be unreadable until the batch has failed; then Partner Center works again. */
    void begin(Screen screen) {
        screen.headline(7, "Your turn");
        screen.says(
                "Three cancellations in one batch, one of which cannot be read. The batch fails; then Partner Center"
                        + " recovers. Find the batch, see why it failed, and restart it.");
        offramp.simulator()
                .add(Fault.on("read-subscription")
                        .ofSubscription("50000000-0000-4000-8000-000000000902")
                        .always()
                        .answers(500, "800003", "Unexpected service error."));
        offramp.send(
                IntStream.rangeClosed(1, REQUESTS).mapToObj(YourTurn::request).toList());
        screen.waiting("a batch that fails", ENOUGH, () -> {
            var failed = offramp.command(List.of("batch", "list", "--state", Batch.State.FAILED.word()));
            offramp.outcomes().await(LOOK, _ -> false);
            return String.join("", failed.lines()).contains("B-");
        });
        offramp.simulator().clearFaults();
    }

    private static JsonNode request(int number) {
        return JSON.readTree("""
                { "specversion": "1.0", "type": "dev.offramp.cancel-subscription.v1", "source": "/contoso/billing",
                  "id": "%2$s", "time": "%3$s", "datacontenttype": "application/json",
                  "data": { "customerId": "c0000000-0000-4000-8000-0000000009%1$02d",
                            "subscriptionId": "50000000-0000-4000-8000-0000000009%1$02d",
                            "requestedBy": "jane.doe@contoso.example", "reason": "Contract 90%1$02d terminated" } }
                """.formatted(number, id(number), Instant.now()));
    }

    static String id(int number) {
        return "your-turn-%02d".formatted(number);
    }
}
