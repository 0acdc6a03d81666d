package dev.offramp.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Asks Kafka at regular intervals whether it is there; says once when it is away, and once when it is back. */
final class BrokerWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BrokerWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Supplier<Admin> clients;
    private final String address;
    private final Duration interval;
    private final InstantSource clock;
    private final Object bell = new Object();
    private volatile @Nullable Standing standing;
    private @Nullable Admin client;
    private @Nullable Thread thread;
    private boolean stopping;

    /**
     * @param clients makes a client
     * @param address where the brokers are said to be, for people
     */
    BrokerWatch(Supplier<Admin> clients, String address, Duration interval, InstantSource clock) {
        this.clients = clients;
        this.address = address;
        this.interval = interval;
        this.clock = clock;
    }

    /**
     * What the last look showed.
     *
     * @param words what the client said when Kafka did not answer
     */
    record Standing(boolean answers, Instant since, String words) {}

    /** Nothing before the first look. */
    Optional<Standing> standing() {
        return Optional.ofNullable(standing);
    }

    /** Whether it is known to be away, so that nobody else need say so. */
    boolean isAway() {
        var last = standing;
        return last != null && !last.answers();
    }

    String address() {
        return address;
    }

    @Override
    public void start() {
        synchronized (bell) {
            if (thread == null) {
                stopping = false;
                thread = Thread.ofVirtual().name("broker-watch").start(this::watch);
            }
        }
    }

    private void watch() {
        while (!isStopping()) {
            note(look());
            rest();
        }
        forget();
    }

    /** @return why it does not answer; nothing when it does */
    private Optional<String> look() {
        try {
            var admin = client == null ? clients.get() : client;
            client = admin;
            var unused = admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (KafkaException e) {
            return gone(e);
        } catch (ExecutionException e) {
            return gone(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return gone(new TimeoutException("no answer within " + PATIENCE.toSeconds() + " s"));
        } catch (InterruptedException e) {
            synchronized (bell) {
                stopping = true;
            }
            return Optional.empty();
        }
    }

    /** The next look begins anew, with the addresses as they are known then. */
    private Optional<String> gone(Throwable cause) {
        forget();
        var root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return Optional.of(String.valueOf(root.getMessage()));
    }

    private void forget() {
        if (client != null) {
            client.close(Duration.ZERO);
            client = null;
        }
    }

    private void note(Optional<String> trouble) {
        var before = standing;
        var answers = trouble.isEmpty();
        if (before != null && before.answers() == answers) {
            return;
        }
        standing = new Standing(answers, clock.instant(), trouble.orElse(""));
        if (!answers) {
            log.warn(
                    "Kafka does not answer at {} ({}): requests wait in their topic and outcomes in the ledger, everything else goes on; it is asked again every {} s.",
                    address,
                    trouble.orElse(""),
                    interval.toSeconds());
        } else if (before != null) {
            log.info("Kafka answers again at {}.", address);
        }
    }

    private void rest() {
        synchronized (bell) {
            try {
                if (!stopping) {
                    bell.wait(interval.toMillis());
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

    /** Before everything that speaks to Kafka. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 500;
    }
}
