package dev.offramp.request;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.KafkaException;

/**
 * Goes on creating the topics until it succeeds: Spring Kafka tries once at start, and a broker that comes up later than
 * this service would never get them.
 */
final class TopicsCreation implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TopicsCreation.class);

    private final BooleanSupplier create;
    private final BooleanSupplier away;
    private final Duration pause;
    private final Object bell = new Object();
    private @Nullable Thread thread;
    private boolean stopping;

    /**
     * @param create tries to create what is missing and says whether all of it is there
     * @param away whether somebody has said already that Kafka is away
     */
    TopicsCreation(BooleanSupplier create, BooleanSupplier away, Duration pause) {
        this.create = create;
        this.away = away;
        this.pause = pause;
    }

    @Override
    public void start() {
        synchronized (bell) {
            if (thread == null) {
                stopping = false;
                thread = Thread.ofVirtual().name("topics").start(this::untilTheyAreThere);
            }
        }
    }

    private void untilTheyAreThere() {
        var said = false;
        while (!isStopping() && !tried(said)) {
            if (!said && !away.getAsBoolean()) {
                log.warn(
                        "The topics could not be looked for or created: it is tried every {} s until they are there.",
                        pause.toSeconds());
                said = true;
            }
            rest();
        }
    }

    private boolean tried(boolean said) {
        try {
            return create.getAsBoolean();
        } catch (KafkaException | org.apache.kafka.common.KafkaException | IllegalStateException e) {
            if (!said && !away.getAsBoolean()) {
                log.warn("Kafka does not create the topics: {}", e.toString());
            }
            return false;
        }
    }

    private void rest() {
        synchronized (bell) {
            try {
                if (!stopping) {
                    bell.wait(pause.toMillis());
                }
            } catch (InterruptedException e) {
                stopping = true;
            }
        }
    }

    private boolean isStopping() {
        synchronized (bell) {
            return stopping;
        }
    }

    @Override
    public void stop() {
        synchronized (bell) {
            stopping = true;
            thread = null;
            bell.notifyAll();
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (bell) {
            return thread != null;
        }
    }
}
