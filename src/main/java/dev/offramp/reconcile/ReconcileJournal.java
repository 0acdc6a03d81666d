package dev.offramp.reconcile;

/** What is to be said about comparisons. */
interface ReconcileJournal {

    /** A day was compared, and this node has written down what came of it. */
    void compared(Reconciliation asked, Findings findings);

    /** Partner Center's records could not be read; it is tried again, or given up. */
    void notCompared(Reconciliation asked, String why, boolean givenUp);

    /** The loop met something that it does not know, e.g. a database that is away; said once, and it goes on. */
    void failed(RuntimeException cause);
}
