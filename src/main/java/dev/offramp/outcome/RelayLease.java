package dev.offramp.outcome;

/** The right to publish, held by one node at a time. */
interface RelayLease {

    /** Whether the right is this node's from now on for the lease's length; it is renewed by asking again. */
    boolean hold();

    /** Gives the right back, so that another node need not wait. */
    void giveBack();
}
