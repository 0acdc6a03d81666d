/** Benchmarks: {@code bin/bench NAME} runs them as they are, the build runs a short form of each. */
@NullMarked
package dev.offramp.benchmark;

import org.jspecify.annotations.NullMarked;
