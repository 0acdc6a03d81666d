package dev.offramp.architecture.counterexamples.request;

import dev.offramp.architecture.counterexamples.platform.Clocks;

/** Imports from the package that nobody imports from. */
public final class KnowsThePlatform {

    Clocks clocks = new Clocks();
}
