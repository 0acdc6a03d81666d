package dev.offramp.request;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class TopicsCreationTests {

    @Test
    void goesOnUntilTheTopicsAreThere() {
        var tries = new AtomicInteger();
        var creation = new TopicsCreation(
                () -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new KafkaException("The test's broker is not up yet");
                    }
                    return tries.get() == 3;
                },
                () -> false,
                Duration.ofMillis(1));

        creation.start();

        await().atMost(Duration.ofSeconds(30)).until(() -> tries.get() == 3);
        creation.stop();
    }
}
