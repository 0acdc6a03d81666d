package dev.offramp.batch;

/** One customer's requests inside a batch. */
record Item(long batch, int number) {}
