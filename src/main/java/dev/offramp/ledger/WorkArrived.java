package dev.offramp.ledger;

/** Published after a commit that made something ready or wrote an outcome, so that nobody waits for the next poll. */
public record WorkArrived() {}
