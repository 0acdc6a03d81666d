package dev.offramp.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What Kafka knows: how far the group has read, what the topics still hold, and what was told. */
final class KafkaSide {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, Object> settings;
    private final String group;

    KafkaSide(Map<String, Object> settings, String group) {
        this.settings = new HashMap<>(settings);
        this.group = group;
        this.settings.put("request.timeout.ms", Math.toIntExact(PATIENCE.toMillis() / 2));
        this.settings.put("default.api.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
    }

    /** Kafka does not answer, or not as it must. */
    static final class Silent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Silent(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Where a topic begins and ends, by partition. */
    record Ends(Map<Integer, Long> first, Map<Integer, Long> next) {}

    /** What the group has read, by partition of the topic; nothing for those that it has not. */
    Map<Integer, Long> committed(String topic) {
        return withAdmin(admin -> {
            var committed = new TreeMap<Integer, Long>();
            get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null && partition.topic().equals(topic)) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
            return committed;
        });
    }

    /** How many consumers the group has. */
    int members() {
        return withAdmin(admin -> {
            try {
                return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                        .mapToInt(each -> each.members().size())
                        .sum();
            } catch (Silent e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return 0;
                }
                throw e;
            }
        });
    }

    void rewind(String topic, Map<Integer, Long> to) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        to.forEach((partition, offset) ->
                offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        if (!offsets.isEmpty()) {
            withAdmin(
                    admin -> get(admin.alterConsumerGroupOffsets(group, offsets).all()));
        }
    }

    /** Nothing for a topic that is not there. */
    Ends ends(String topic) {
        return withAdmin(admin -> {
            try {
                var partitions = admin
                        .describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .values()
                        .stream()
                        .flatMap(each -> each.partitions().stream())
                        .map(each -> new TopicPartition(topic, each.partition()))
                        .toList();
                return new Ends(
                        offsets(admin, partitions, OffsetSpec.earliest()),
                        offsets(admin, partitions, OffsetSpec.latest()));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    return new Ends(Map.of(), Map.of());
                }
                throw new Silent(e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException e) {
                throw new Silent(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
    }

    private static Map<Integer, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which) {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(each -> wanted.put(each, which));
        var found = new TreeMap<Integer, Long>();
        get(admin.listOffsets(wanted).all()).forEach((partition, at) -> found.put(partition.partition(), at.offset()));
        return found;
    }

    /** Where the records from that time on begin, by partition. */
    Map<Integer, Long> from(String topic, Instant time) {
        var ends = ends(topic);
        return withAdmin(admin -> {
            var partitions = ends.next().keySet().stream()
                    .map(each -> new TopicPartition(topic, each))
                    .toList();
            var found = offsets(admin, partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
            // Nothing that young: it is -1.
            found.replaceAll(
                    (partition, offset) -> offset >= 0 ? offset : ends.next().getOrDefault(partition, 0L));
            return found;
        });
    }

    /** Reads each partition from one offset to another. */
    void read(
            String topic,
            Map<Integer, Long> from,
            Map<Integer, Long> to,
            Consumer<Collection<ConsumerRecord<byte[], byte[]>>> page) {
        var left = new HashMap<TopicPartition, Long>();
        to.forEach((partition, end) -> {
            if (end > from.getOrDefault(partition, 0L)) {
                left.put(new TopicPartition(topic, partition), end);
            }
        });
        if (left.isEmpty()) {
            return;
        }
        var reading = new HashMap<>(settings);
        reading.remove("group.id");
        reading.put("enable.auto.commit", false);
        reading.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(left.keySet());
            left.keySet().forEach(each -> consumer.seek(each, from.getOrDefault(each.partition(), 0L)));
            long silentSince = System.nanoTime();
            while (!left.isEmpty()) {
                var records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    silentSince = System.nanoTime();
                    var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
                    records.forEach(all::add);
                    page.accept(all);
                } else if (System.nanoTime() - silentSince > 3 * PATIENCE.toNanos()) {
                    throw new Silent(new TimeoutException("Nothing more comes from " + left.keySet()));
                }
                left.entrySet().removeIf(each -> consumer.position(each.getKey()) >= each.getValue());
            }
        } catch (KafkaException e) {
            throw new Silent(e);
        }
    }

    private <T> T withAdmin(Function<Admin, T> question) {
        try {
            var admin = Admin.create(settings);
            try {
                return question.apply(admin);
            } finally {
                admin.close(Duration.ofSeconds(1));
            }
        } catch (KafkaException e) {
            throw new Silent(e);
        }
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Silent(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new Silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Silent interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Silent(e);
    }
}
