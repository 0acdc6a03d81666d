package dev.offramp.architecture.counterexamples.request;

import dev.offramp.architecture.counterexamples.simulator.Simulator;

/** Production code that knows the simulator. */
public final class KnowsTheSimulator {

    Simulator simulator = new Simulator();
}
