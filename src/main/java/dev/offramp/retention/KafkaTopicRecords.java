package dev.offramp.retention;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the broker how the topics are configured. */
final class KafkaTopicRecords implements TopicRecords {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, Object> settings;
    private final List<ConfigResource> topics;

    KafkaTopicRecords(Map<String, Object> settings, List<String> topics) {
        this.settings = new HashMap<>(settings);
        this.settings.put("request.timeout.ms", Math.toIntExact(PATIENCE.toMillis() / 2));
        this.settings.put("default.api.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
        this.topics = topics.stream()
                .map(each -> new ConfigResource(ConfigResource.Type.TOPIC, each))
                .toList();
    }

    /** Of the topic that keeps its records longest; where one does not say it, of none. */
    @Override
    public Kept kept() {
        try {
            var admin = Admin.create(settings);
            try {
                var asked = admin.describeConfigs(topics).values();
                return topics.stream()
                        .map(each -> kept(Objects.requireNonNull(asked.get(each)), each.name()))
                        .reduce(new Kept.NoTopic(), KafkaTopicRecords::longer);
            } finally {
                admin.close(Duration.ofSeconds(1));
            }
        } catch (KafkaException e) {
            return new Kept.Silent(words(e));
        }
    }

    private Kept kept(KafkaFuture<Config> asked, String topic) {
        try {
            var kept = kept(asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            return kept instanceof Kept.ForEver(var because) && topics.size() > 1
                    ? new Kept.ForEver(topic + ": " + because)
                    : kept;
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return switch (cause) {
                case AuthorizationException _ -> new Kept.NotAllowed(words(cause));
                case UnknownTopicOrPartitionException _ -> new Kept.NoTopic();
                default -> new Kept.Silent(words(cause));
            };
        } catch (TimeoutException | KafkaException e) {
            return new Kept.Silent(words(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Kept.Silent("Interrupted while it was asked.");
        }
    }

    static Kept longer(Kept one, Kept other) {
        if (one instanceof Kept.AtMost(var first) && other instanceof Kept.AtMost(var second)) {
            return first.compareTo(second) >= 0 ? one : other;
        }
        return weight(one) >= weight(other) ? one : other;
    }

    /** A time that is known counts before one that must be believed: it may be the longer one. */
    private static int weight(Kept kept) {
        return switch (kept) {
            case Kept.Silent _ -> 4;
            case Kept.ForEver _ -> 3;
            case Kept.AtMost _ -> 2;
            case Kept.NotAllowed _ -> 1;
            case Kept.NoTopic _ -> 0;
        };
    }

    /** The last record of a segment keeps all of it: a record may stay as long again as a segment is written to. */
    private static Kept kept(Config config) {
        var policies = Arrays.asList(value(config, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .split("\\s*,\\s*"));
        if (!policies.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            return new Kept.ForEver(TopicConfig.CLEANUP_POLICY_CONFIG + "=" + String.join(",", policies));
        }
        // What a broker of another make does not say is taken for the worst, but for the segments that it may not have.
        long retention = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "-1"));
        if (retention < 0) {
            return new Kept.ForEver(TopicConfig.RETENTION_MS_CONFIG + "=" + retention);
        }
        long segment = Long.parseLong(value(config, TopicConfig.SEGMENT_MS_CONFIG, "0"));
        return segment > Long.MAX_VALUE / 2 - 1 || retention > Long.MAX_VALUE / 2 - 1
                ? new Kept.ForEver(TopicConfig.RETENTION_MS_CONFIG + "=" + retention)
                : new Kept.AtMost(Duration.ofMillis(retention).plusMillis(segment));
    }

    private static String value(Config config, String key, String unsaid) {
        var entry = config.get(key);
        return entry == null || entry.value() == null ? unsaid : entry.value();
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
