package dev.offramp.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.testcontainers.kafka.KafkaContainer;

/**
 * One real broker for all tests of this JVM: Kafka in a container where Docker has the image at hand, else Kafka
 * embedded in this JVM.
 *
 * <p>It is started by the first test that asks for it, creates no topic by itself and takes records of up to 8 MiB.
 */
public final class TestKafka {

    /** The same Kafka as the client on the class path, so that the two are never further apart than in production. */
    static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    private static final Map<String, String> SETTINGS = Map.of(
            "auto.create.topics.enable", "false",
            "message.max.bytes", "8388608",
            "replica.fetch.max.bytes", "8388608",
            "group.initial.rebalance.delay.ms", "0");

    private static final AtomicReference<@Nullable Broker> RUNNING = new AtomicReference<>();

    private TestKafka() {}

    /** Host and port of the running broker, for {@code bootstrap.servers}. */
    public static String bootstrapServers() {
        return Shared.BROKER.bootstrapServers();
    }

    /** Creates topics with these names and one partition each. */
    public static void createTopics(String... names) {
        create(Arrays.stream(names)
                .map(name -> new NewTopic(name, 1, (short) 1))
                .toList());
    }

    /** Creates a topic that no other test has, with a name that starts as given, and returns the name. */
    public static String freshTopic(String start, int partitions) {
        var name = uniqueName(start);
        create(List.of(new NewTopic(name, partitions, (short) 1)));
        return name;
    }

    /** A name for a topic or a group that no other test has. */
    public static String uniqueName(String start) {
        return start + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), 12);
    }

    /** The partitions of a topic that exists: a busy broker knows it for a moment before it knows them. */
    public static List<TopicPartition> partitionsOf(String topic, Consumer<?, ?> consumer) {
        return await().pollInSameThread()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> consumer.partitionsFor(topic).stream()
                                .map(each -> new TopicPartition(topic, each.partition()))
                                .toList(),
                        partitions -> !partitions.isEmpty());
    }

    /** Starts a broker of its own inside this JVM, whatever Docker says; the caller closes it. */
    static Broker startEmbedded() {
        var broker = new EmbeddedKafkaKraftBroker(1, 1);
        SETTINGS.forEach(broker::brokerProperty);
        broker.afterPropertiesSet();
        return new Broker(broker.getBrokersAsString(), "embedded in this JVM", broker::destroy);
    }

    /** Starts a broker of its own in a container; the caller closes it. */
    static Broker startInContainer() {
        var container = new KafkaContainer(IMAGE);
        SETTINGS.forEach((key, value) -> container.withEnv(asVariable(key), value));
        container.start();
        return new Broker(
                container.getBootstrapServers(),
                "in the container image " + IMAGE + " (Testcontainers)",
                container::stop);
    }

    /** Stops the broker if one was started; no test may ask for it afterwards. */
    static void stop() {
        var broker = RUNNING.getAndSet(null);
        if (broker != null) {
            broker.close();
        }
    }

    private static String asVariable(String setting) {
        return "KAFKA_" + setting.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
    }

    private static void create(List<NewTopic> topics) {
        try (var admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The broker at " + bootstrapServers() + " did not create " + topics, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while the broker created " + topics, e);
        }
    }

    /** A running broker. */
    record Broker(String bootstrapServers, String where, Runnable stop) implements AutoCloseable {

        @Override
        public void close() {
            stop.run();
        }
    }

    /** Holds the one broker of this JVM; the class loader sees to it that it is started once. */
    private static final class Shared {

        private static final Broker BROKER = start();

        private static Broker start() {
            var docker = LocalDocker.ask(IMAGE);
            var broker = switch (docker) {
                case LocalDocker.Ready _ -> startInContainer();
                case LocalDocker.NotReady _ -> startEmbedded();
            };
            RUNNING.set(broker);
            // For a process whose tests do not end by themselves.
            Runtime.getRuntime().addShutdownHook(new Thread(TestKafka::stop, "test-kafka-stop"));
            var because = switch (docker) {
                case LocalDocker.Ready _ -> "";
                case LocalDocker.NotReady(String reason) -> ", because " + reason;
            };
            System.out.println("Kafka for the tests: " + broker.where() + because + ".");
            return broker;
        }
    }
}
