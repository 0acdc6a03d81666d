package dev.offramp.architecture.counterexamples.batch;

import dev.offramp.architecture.counterexamples.partnercenter.Permit;

/** Goes round the gate. */
public final class MakesItsOwnPermit {

    Permit permit = new Permit();
}
