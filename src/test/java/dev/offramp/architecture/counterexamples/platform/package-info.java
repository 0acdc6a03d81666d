/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.platform;

import org.jspecify.annotations.NullMarked;
