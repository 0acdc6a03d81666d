package dev.offramp.reconcile;

/**
 * A call of ours that may be seen in Partner Center's audit records.
 *
 * @param sure whether it is known to have been accepted and leaves a record; else a record explains it, and none is missed
 */
record Called(Done done, boolean sure) {}
