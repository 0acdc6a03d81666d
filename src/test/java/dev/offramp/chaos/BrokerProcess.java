package dev.offramp.chaos;

import dev.offramp.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A real Kafka broker as a process of its own, whose data outlive it. */
final class BrokerProcess implements AutoCloseable {

    private final Path settings;
    private final int port;
    private Program process;

    private BrokerProcess(Path settings, int port, Program process) {
        this.settings = settings;
        this.port = port;
        this.process = process;
    }

    /** @param relayed the port under which the nodes know it, and the port at which it listens for them */
    static BrokerProcess start(Path folder, int relayed, int listens) {
        int port = FreePort.any();
        int controller = FreePort.any();
        var settings = write(folder, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=INSIDE://127.0.0.1:%1$d,RELAYED://127.0.0.1:%4$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=INSIDE://127.0.0.1:%1$d,RELAYED://127.0.0.1:%3$d
                listener.security.protocol.map=INSIDE:PLAINTEXT,RELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=INSIDE
                controller.listener.names=CONTROLLER
                log.dirs=%5$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                auto.create.topics.enable=false
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=1000
                """.formatted(port, controller, relayed, listens, folder.resolve("kafka")));
        try (var format = Program.startTest(
                "kafka.tools.StorageTool", List.of("format", "-t", clusterId(), "-c", settings.toString()))) {
            if (format.exitCode() != 0) {
                throw new IllegalStateException(format.newestLines());
            }
        }
        var broker = new BrokerProcess(settings, port, run(settings));
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .failFast(broker.process::mustLive)
                .until(broker::isUp);
        return broker;
    }

    private static Path write(Path folder, String text) {
        try {
            return Files.writeString(folder.resolve("server.properties"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String clusterId() {
        var id = UUID.randomUUID();
        var bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits() & 0x7fffffffffffffffL)
                .putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static Program run(Path settings) {
        return Program.startTest("kafka.Kafka", List.of(settings.toString()));
    }

    /** For whoever must not be disturbed. */
    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    boolean isUp() {
        process.mustLive();
        return process.said("Kafka Server started");
    }

    /** SIGKILL, and a start over the same data that is not waited for. */
    void killAndRestart() {
        process.kill();
        process = run(settings);
    }

    @Override
    public void close() {
        process.close();
    }
}
