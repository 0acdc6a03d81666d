package dev.offramp.audit;

import dev.offramp.ledger.Audit.Written;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The chain of blocks, and what is not in it yet. */
public interface Seals {

    /** Whether an entry waits to be sealed, or a block to be published; looks at two rows. */
    boolean anyOpen();

    /**
     * Seals the committed entries that are in no block yet, at most so many.
     *
     * @return the new block; empty when none waited, or when another node sealed at the same time
     */
    Optional<Block> seal(int limit, Instant now);

    /** Blocks whose hash is not published, in their order. */
    List<Block> unpublished(int limit);

    /** The hash of this block stands outside. */
    void published(long block, Instant now);

    /** Blocks after a number, in their order. */
    List<Block> after(long number, int limit);

    /** Entries of a block, or without one, after a number. */
    List<Written> entries(OfBlock of, long after, int limit);

    /**
     * Whose entries are meant.
     *
     * @param number 0 for those that are not sealed
     */
    record OfBlock(long number) {

        static final OfBlock NONE = new OfBlock(0);
    }
}
