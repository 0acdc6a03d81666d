package dev.offramp.ledger;

import java.time.Instant;
import java.util.Map;

/** How far each partition was read, written in the transaction of the rows that were read. */
public interface Offsets {

    /**
     * Notes the next offset to read, by partition; one that is further already stays. A node that takes a poll again after
     * its partitions went to another one, which has read on, would else make this ledger look older than it is.
     */
    void note(String topic, Map<Integer, Long> next, Instant now);

    /** The noted offsets of a topic, by partition. */
    Map<Integer, Long> of(String topic);
}
