/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.partnercenter;

import org.jspecify.annotations.NullMarked;
