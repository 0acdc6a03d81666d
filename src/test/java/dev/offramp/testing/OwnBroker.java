package dev.offramp.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** A real broker in this JVM that a test may stop and start again over the same data, under the same address. */
public final class OwnBroker implements AutoCloseable {

    private final KafkaConfig config;
    private final String bootstrapServers;
    private @Nullable KafkaRaftServer server;

    private OwnBroker(KafkaConfig config, String bootstrapServers) {
        this.config = config;
        this.bootstrapServers = bootstrapServers;
    }

    /** One that was never started; nobody listens at its address. */
    public static OwnBroker prepared() {
        try {
            var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "brokers")), "broker")
                    .toAbsolutePath();
            var address = "127.0.0.1:" + freePort();
            var controller = "127.0.0.1:" + freePort();
            var settings = Files.writeString(
                    folder.resolve("server.properties"), """
                    process.roles=broker,controller
                    node.id=1
                    controller.quorum.voters=1@%2$s
                    listeners=PLAINTEXT://%1$s,CONTROLLER://%2$s
                    controller.listener.names=CONTROLLER
                    log.dirs=%3$s
                    offsets.topic.replication.factor=1
                    offsets.topic.num.partitions=1
                    auto.create.topics.enable=false
                    group.initial.rebalance.delay.ms=0
                    """.formatted(address, controller, folder.resolve("data")));
            var said = new ByteArrayOutputStream();
            int code = StorageTool.execute(
                    new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()},
                    new PrintStream(said, true, StandardCharsets.UTF_8));
            if (code != 0) {
                throw new IllegalStateException(said.toString(StandardCharsets.UTF_8));
            }
            var properties = new Properties();
            try (var reader = Files.newBufferedReader(settings)) {
                properties.load(reader);
            }
            return new OwnBroker(KafkaConfig.fromProps(properties), address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public void start() {
        server = new KafkaRaftServer(config, Time.SYSTEM);
        server.startup();
    }

    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
