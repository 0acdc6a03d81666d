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

    /** The helper that Testcontainers 2.0.5 starts beside the containers unless it is told not to. */
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
                if (isMissing(docker, image)) {
                    return new NotReady("Docker has no image " + image + " at hand");
                }
                if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED")) && isMissing(docker, RYUK)) {
                    return new NotReady("Docker has no image " + RYUK
                            + " at hand and TESTCONTAINERS_RYUK_DISABLED is not set to true");
                }
                return new Ready();
            } catch (IllegalStateException e) {
                return new NotReady("no Docker answers");
            }
        });
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
