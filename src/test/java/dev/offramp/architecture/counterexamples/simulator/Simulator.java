package dev.offramp.architecture.counterexamples.simulator;

/** Stands for the simulator. */
public final class Simulator {}
