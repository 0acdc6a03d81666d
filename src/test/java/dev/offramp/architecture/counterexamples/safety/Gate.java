package dev.offramp.architecture.counterexamples.safety;

import dev.offramp.architecture.counterexamples.partnercenter.Permit;

/** Makes permits, as the only one. */
public final class Gate {

    Permit open() {
        return new Permit();
    }
}
