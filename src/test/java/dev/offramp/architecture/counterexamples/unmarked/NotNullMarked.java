package dev.offramp.architecture.counterexamples.unmarked;

/** Lives in a package without package-info. */
public final class NotNullMarked {}
