package dev.offramp.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.retention.TopicRecords.Kept;
import dev.offramp.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;

/** What the broker says about the topic decides for how long a stub stays, at least as long as it is configured. */
class ComebackTests {

    private static final Instant NOW = Instant.parse("2026-11-21T03:30:00Z");
    private static final Duration MAX_AGE = Duration.ofDays(30);
    private static final Instant AS_CONFIGURED = NOW.minus(Duration.ofDays(400));

    private final List<String> told = new ArrayList<>();

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(new Kept.AtMost(Duration.ofDays(7)), AS_CONFIGURED, ""),
                Arguments.of(new Kept.AtMost(Duration.ofDays(369)), AS_CONFIGURED, ""),
                Arguments.of(new Kept.AtMost(Duration.ofDays(370)), NOW.minus(Duration.ofDays(400)), "longer 370"),
                Arguments.of(new Kept.AtMost(Duration.ofDays(1000)), NOW.minus(Duration.ofDays(1030)), "longer 1000"),
                Arguments.of(new Kept.ForEver("retention.ms=-1"), null, "for ever retention.ms=-1"),
                Arguments.of(new Kept.NoTopic(), AS_CONFIGURED, ""),
                Arguments.of(new Kept.NotAllowed("no ACL"), AS_CONFIGURED, "not allowed no ACL"),
                Arguments.of(new Kept.Silent("timeout"), null, "silent timeout"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void goesByTheBrokersAnswer(Kept kept, Instant before, String tells) {
        var comeback = comeback(kept);

        assertThat(comeback.endedBefore(NOW, comeback.ask())).isEqualTo(Optional.ofNullable(before));
        assertThat(String.join(", ", told)).isEqualTo(tells);
    }

    @Test
    void saysOnceThatItMayNotAsk() {
        var comeback = comeback(new Kept.NotAllowed("no ACL"));

        comeback.ask();
        comeback.ask();

        assertThat(told).containsExactly("not allowed no ACL");
    }

    @Test
    void asksTheBrokerItself() throws Exception {
        var topic = TestKafka.uniqueName("retention");
        Map<String, Map<String, String>> settings = Map.of(
                topic + "-week", Map.of("retention.ms", "604800000", "segment.ms", "86400000"),
                topic + "-ever", Map.of("retention.ms", "-1"),
                topic + "-compact", Map.of("cleanup.policy", "compact"),
                topic + "-both", Map.of("cleanup.policy", "compact,delete", "retention.ms", "1", "segment.ms", "2"));
        Map<String, Object> broker = Map.of("bootstrap.servers", TestKafka.bootstrapServers());
        try (var admin = Admin.create(broker)) {
            admin.createTopics(settings.entrySet().stream()
                            .map(each -> new NewTopic(each.getKey(), 1, (short) 1).configs(each.getValue()))
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }

        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-week")).kept())
                .as("and as long as a segment is written to")
                .isEqualTo(new Kept.AtMost(Duration.ofDays(8)));
        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-ever")).kept())
                .isEqualTo(new Kept.ForEver("retention.ms=-1"));
        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-compact")).kept())
                .isEqualTo(new Kept.ForEver("cleanup.policy=compact"));
        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-both")).kept())
                .isEqualTo(new Kept.AtMost(Duration.ofMillis(3)));
        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-none")).kept())
                .isEqualTo(new Kept.NoTopic());
        assertThat(new KafkaTopicRecords(broker, List.of(topic + "-none", topic + "-week", topic + "-ever")).kept())
                .as("the longest of several")
                .isEqualTo(new Kept.ForEver(topic + "-ever: retention.ms=-1"));
    }

    private Comeback comeback(Kept kept) {
        var properties = new Binder(List.of()).bindOrCreate("offramp.retention", RetentionProperties.class);
        return new Comeback(() -> kept, properties, MAX_AGE, new RetentionJournal() {
            @Override
            public void topicKeepsLonger(Duration kept, RetentionProperties properties, Duration maxAge) {
                told.add("longer " + kept.toDays());
            }

            @Override
            public void topicKeepsForEver(String because) {
                told.add("for ever " + because);
            }

            @Override
            public void mayNotAskForTheTopic(String words, Duration believed) {
                told.add("not allowed " + words);
            }

            @Override
            public void topicIsSilent(String words) {
                told.add("silent " + words);
            }
        });
    }
}
