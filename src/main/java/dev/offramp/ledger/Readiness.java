package dev.offramp.ledger;

/** Whether this node may take up work: not before it is known that the ledger is no older copy of itself. */
public interface Readiness {

    boolean mayWork();
}
