/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.safety;

import org.jspecify.annotations.NullMarked;
