package dev.offramp.retention;

import java.time.Duration;
import org.springframework.dao.DataAccessException;

/** What retention does, in the words of the trade. */
interface RetentionJournal {

    default void began(RetentionProperties properties) {}

    /**
     * A chunk is gone.
     *
     * @param inAll how many of its kind in this pass
     */
    default void removed(String what, int count, long inAll) {}

    /** One kind could not be swept to its end; the others are. */
    default void failed(String what, DataAccessException cause) {}

    /** The topic has a record longer than its stub would be kept; the stub is kept longer. */
    default void topicKeepsLonger(Duration kept, RetentionProperties properties, Duration maxAge) {}

    /** The topic never loses a record: no stub of a request that came from it is deleted. */
    default void topicKeepsForEver(String because) {}

    /** Said once: how the topic is configured must be believed. */
    default void mayNotAskForTheTopic(String words, Duration believed) {}

    /** The broker did not say how the topic is configured: no stub of a request that came from it is deleted now. */
    default void topicIsSilent(String words) {}

    default void ended(long removed) {}

    /** The pass as a whole broke; the next look begins anew. */
    default void broke(RuntimeException cause) {}
}
