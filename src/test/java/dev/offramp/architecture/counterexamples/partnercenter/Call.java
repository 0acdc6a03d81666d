package dev.offramp.architecture.counterexamples.partnercenter;

/** Stands for what became of a call. */
public record Call() {}
