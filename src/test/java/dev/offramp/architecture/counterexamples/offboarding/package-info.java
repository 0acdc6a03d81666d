/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.offboarding;

import org.jspecify.annotations.NullMarked;
