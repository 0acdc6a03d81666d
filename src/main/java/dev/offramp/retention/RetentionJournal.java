package dev.offramp.retention;

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

    default void ended(long removed) {}

    /** The pass as a whole broke; the next look begins anew. */
    default void broke(RuntimeException cause) {}
}
