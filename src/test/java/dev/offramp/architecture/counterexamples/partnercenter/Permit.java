package dev.offramp.architecture.counterexamples.partnercenter;

/** Stands for the permit. */
public record Permit() {}
