package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.util.Collection;

/** The exclusive right to work on a customer, held by one item of one batch while that batch's lease is current. */
public interface Turns {

    /** Whether the turn is this item's now; it is not while another item's turn counts. */
    boolean win(CustomerId customer, Fence fence, int item, Instant now);

    /** Gives back the turns of these items of the batch, in the caller's transaction. */
    void giveBack(Fence fence, Collection<Integer> items);
}
