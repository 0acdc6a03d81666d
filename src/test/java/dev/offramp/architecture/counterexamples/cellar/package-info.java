/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.cellar;

import org.jspecify.annotations.NullMarked;
