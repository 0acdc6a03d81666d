/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.simulator;

import org.jspecify.annotations.NullMarked;
