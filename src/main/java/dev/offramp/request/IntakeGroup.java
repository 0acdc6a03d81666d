package dev.offramp.request;

import dev.offramp.request.Valve.Why;
import java.util.List;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** This node's part of the consumer group, for whoever has to find out or to change how far the group has read. */
public final class IntakeGroup {

    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
    private final Valve valve;
    private final IntakeProperties properties;
    private final List<String> topics;

    IntakeGroup(
            ConcurrentMessageListenerContainer<byte[], byte[]> container,
            Valve valve,
            IntakeProperties properties,
            List<String> topics) {
        this.container = container;
        this.valve = valve;
        this.properties = properties;
        this.topics = List.copyOf(topics);
    }

    public String name() {
        return properties.group();
    }

    /** The topic that sources share, and then those of their own. */
    public List<String> topics() {
        return topics;
    }

    /** Whether this node reads at all. */
    public boolean reads() {
        return properties.enabled();
    }

    /** Whether a person has said that intake may go on over an older ledger. */
    public boolean acceptsOlderLedger() {
        return properties.acceptOlderLedger();
    }

    /** Reads nothing before it is known how old the ledger is; to be said before the service starts. */
    public void waitForTheLedgersAge() {
        container.setAutoStartup(false);
        if (reads()) {
            valve.shut(Why.UNKNOWN_AGE);
        }
    }

    /** The ledger is older than what the group has read: nothing is read until a person says how to go on. */
    public void waitForAPerson() {
        valve.shut(Why.OLDER_LEDGER);
        valve.open(Why.UNKNOWN_AGE);
    }

    /** Begins to read, or goes on. */
    public void goOn() {
        valve.open(Why.OLDER_LEDGER);
        valve.open(Why.UNKNOWN_AGE);
        if (reads()) {
            container.start();
        }
    }

    /** Leaves the group while that is done, and joins it again if it was in it. */
    public void whileAway(Runnable work) {
        boolean ran = container.isRunning();
        container.stop();
        try {
            work.run();
        } finally {
            if (ran) {
                container.start();
            }
        }
    }
}
