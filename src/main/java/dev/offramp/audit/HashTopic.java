package dev.offramp.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;
import tools.jackson.databind.json.JsonMapper;

/** The topic of block hashes: the key is the block's number, so that a compacted topic keeps every one. */
final class HashTopic implements Sealer.Publisher {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KafkaOperations<byte[], byte[]> kafka;
    private final String topic;
    private final Duration atMost;

    HashTopic(KafkaOperations<byte[], byte[]> kafka, String topic, Duration atMost) {
        this.kafka = kafka;
        this.topic = topic;
        this.atMost = atMost;
    }

    @Override
    public void publish(Block block) throws Sealer.PublicationException {
        try {
            kafka.send(new ProducerRecord<>(topic, bytes(Long.toString(block.number())), value(block)))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | KafkaException e) {
            // Both wrap what the producer says.
            throw new Sealer.PublicationException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new Sealer.PublicationException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Sealer.PublicationException(e);
        }
    }

    /** As {@link Lines} reads it. */
    private static byte[] value(Block block) {
        return bytes(JSON.writeValueAsString(Lines.published(block)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
