/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.batch;

import org.jspecify.annotations.NullMarked;
