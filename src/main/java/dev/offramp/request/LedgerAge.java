package dev.offramp.request;

import dev.offramp.ledger.Offsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Keeps intake shut over a database that is empty or older than what the consumer group has read: what was read in
 * between is in no ledger, and nobody would ever miss it.
 */
final class LedgerAge implements ConsumerAwareRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(LedgerAge.class);

    private final Offsets offsets;
    private final String group;
    private final boolean accepted;
    private final Runnable pause;
    private volatile boolean behind;

    /**
     * @param accepted whether the operator has said that intake may go on all the same
     * @param pause shuts intake
     */
    LedgerAge(Offsets offsets, String group, boolean accepted, Runnable pause) {
        this.offsets = offsets;
        this.group = group;
        this.accepted = accepted;
        this.pause = pause;
    }

    /** Whether intake is shut for this reason. */
    boolean isBehind() {
        return behind;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
            OffsetAndMetadata read = committed.get(partition);
            long noted = offsets.of(partition.topic()).getOrDefault(partition.partition(), 0L);
            if (read != null && read.offset() > noted) {
                found(consumer, partitions, partition, read.offset(), noted);
                return;
            }
        }
    }

    private void found(
            Consumer<?, ?> consumer, Collection<TopicPartition> all, TopicPartition partition, long read, long noted) {
        if (accepted) {
            log.warn(
                    "The ledger knows {} up to offset {}, the consumer group {} has read up to {}: intake goes on, as"
                            + " offramp.intake.accept-older-ledger says. The records between are in no ledger.",
                    partition,
                    noted,
                    group,
                    read);
            return;
        }
        behind = true;
        consumer.pause(all);
        pause.run();
        log.error(
                "The ledger knows {} up to offset {}, but the consumer group {} has read up to {}: this database is empty"
                        + " or older than it was. Intake stays paused. Start with the newest database; or use"
                        + " bin/offramp recover-from-backup, so that the records come again; or, if they are not wanted,"
                        + " set offramp.intake.accept-older-ledger=true.",
                partition,
                noted,
                group,
                read);
    }
}
