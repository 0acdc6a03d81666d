package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes.Shards;

/** The right to publish what belongs to a shard, held by one node at a time. */
interface RelayLease {

    /** The shards that are this node's from now on for the lease's length; none when other nodes have them all. */
    Shards hold();

    /** Holds them for another length; false when another node has taken one of them. */
    boolean keep(Shards held);

    /** Gives all of them back, so that other nodes need not wait. */
    void giveBack();
}
