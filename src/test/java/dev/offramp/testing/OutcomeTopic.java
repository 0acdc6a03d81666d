package dev.offramp.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** Reads a topic of outcomes from its beginning on a thread of its own, as an upstream system would. */
public final class OutcomeTopic implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration POLL = Duration.ofMillis(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<ToldOutcome> told = new ArrayList<>();
    private final Thread reader;
    private volatile boolean closed;

    private OutcomeTopic(String bootstrapServers, String topic) {
        reader = Thread.ofPlatform().daemon().name("outcomes").unstarted(() -> read(bootstrapServers, topic));
    }

    /** Begins to read; the topic must exist. */
    public static OutcomeTopic of(String topic, String bootstrapServers) {
        var outcomes = new OutcomeTopic(bootstrapServers, topic);
        outcomes.reader.start();
        return outcomes;
    }

    /** Everything that was told so far, in the order in which it was read. */
    public List<ToldOutcome> all() {
        lock.lock();
        try {
            return List.copyOf(told);
        } finally {
            lock.unlock();
        }
    }

    /** What was told of one request so far. */
    public List<ToldOutcome> of(String request) {
        return ToldOutcome.of(request, all());
    }

    /**
     * Waits until what was told is as wished.
     *
     * @return whether it became so in time
     */
    public boolean await(Duration atMost, Predicate<List<ToldOutcome>> wished) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!wished.test(List.copyOf(told))) {
                if (left <= 0) {
                    return false;
                }
                left = more.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while waiting for outcomes", e);
        } finally {
            lock.unlock();
        }
    }

    private void read(String bootstrapServers, String topic) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.auto.commit",
                false,
                "isolation.level",
                "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = TestKafka.partitionsOf(topic, consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                var outcomes = new ArrayList<ToldOutcome>();
                consumer.poll(POLL).forEach(each -> outcomes.add(new ToldOutcome(JSON.readTree(each.value()))));
                add(outcomes);
            }
        }
    }

    private void add(List<ToldOutcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            told.addAll(outcomes);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (!reader.join(Duration.ofSeconds(10))) {
                throw new IllegalStateException("The reader of outcomes did not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while the reader of outcomes ended", e);
        }
    }
}
