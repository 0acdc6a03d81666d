package dev.offramp.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/**
 * Asks the Docker of this machine whether a container can be started from what is already there.
 *
 * <p>Testcontainers tries for two minutes to pull a missing image; a test run must not pay that.
 */
final class LocalDocker {

    /** What Testcontainers 2.0.5 asks about the network of the containers. */
    private static final String TINY = "alpine:3.17";

    /** What Testcontainers 2.0.5 lets clean up, unless TESTCONTAINERS_RYUK_DISABLED is true. */
    private static final String RYUK = "testcontainers/ryuk:0.14.0";

    private LocalDocker() {}

    /** What Docker can do here. */
    sealed interface Answer {}

    /** A container of the image starts without a download. */
    record Ready() implements Answer {}

    /** No container can be started without a download, or at all. */
    record NotReady(String reason) implements Answer {}

    /** Asks for an image; takes well below a second when Docker is there, and no longer when it is not. */
    static Answer ask(String image) {
        return quietly(() -> {
            try {
                var docker = DockerClientProviderStrategy.getFirstValidStrategy(strategies())
                        .getDockerClient();
                for (var needed : neededBeside(image)) {
                    if (isMissing(docker, needed)) {
                        return new NotReady("Docker has no image " + needed + " at hand");
                    }
                }
                return new Ready();
            } catch (IllegalStateException e) {
                return new NotReady("no Docker answers");
            }
        });
    }

    /** Testcontainers starts helpers beside a container, and waits for a missing one of them just as long. */
    private static List<String> neededBeside(String image) {
        return Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
                ? List.of(image, TINY)
                : List.of(image, TINY, RYUK);
    }

    private static List<DockerClientProviderStrategy> strategies() {
        var strategies = new ArrayList<DockerClientProviderStrategy>();
        ServiceLoader.load(DockerClientProviderStrategy.class).forEach(strategies::add);
        return strategies;
    }

    private static boolean isMissing(DockerClient docker, String image) {
        try {
            docker.inspectImageCmd(image).exec();
            return false;
        } catch (NotFoundException e) {
            return true;
        }
    }

    /** A machine without Docker is no error here, so Testcontainers' report about it is kept off the console. */
    private static Answer quietly(Supplier<Answer> question) {
        var levels = new HashMap<Logger, Level>();
        for (var name : List.of("org.testcontainers", "tc", "com.github.dockerjava")) {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                levels.put(logger, logger.getLevel());
                logger.setLevel(Level.OFF);
            }
        }
        try {
            return question.get();
        } finally {
            levels.forEach(Logger::setLevel);
        }
    }
}
