package dev.offramp.architecture.counterexamples.cellar;

/** A package that the design does not know. */
public final class LivesInNoRoom {}
