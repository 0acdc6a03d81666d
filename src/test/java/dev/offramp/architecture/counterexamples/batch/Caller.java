package dev.offramp.architecture.counterexamples.batch;

import dev.offramp.architecture.counterexamples.ledger.KnowsItsCaller;

/** Closes a cycle with the ledger. */
public final class Caller {

    KnowsItsCaller ledger = new KnowsItsCaller();
}
