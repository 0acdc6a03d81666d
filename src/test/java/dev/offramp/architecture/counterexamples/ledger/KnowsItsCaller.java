package dev.offramp.architecture.counterexamples.ledger;

import dev.offramp.architecture.counterexamples.batch.Caller;
import org.jspecify.annotations.Nullable;

/** The ledger knows the batch, which knows the ledger. */
public final class KnowsItsCaller {

    @Nullable
    Caller caller;
}
