package dev.offramp.ledger;

/** Under which lease a batch's states are settled; a statement that carries it changes nothing once the lease is not current. */
public record Fence(long batch, long leaseNumber) {}
