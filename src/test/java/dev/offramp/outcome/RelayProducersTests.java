package dev.offramp.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class RelayProducersTests {

    @Test
    void tellThatTheBrokerIsAwayAndDoNotThrowIt() {
        var producers = new OutcomeConfiguration.RelayProducers(OutcomeConfiguration.settings(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1"), Duration.ofSeconds(1)));
        try {
            var answer = producers.sender().send(new ProducerRecord<>("offramp.outcomes", new byte[] {1}));

            assertThat(answer).isCompletedExceptionally();
            assertThat(answer.exceptionNow()).isInstanceOf(TimeoutException.class);
        } finally {
            producers.destroy();
        }
    }
}
