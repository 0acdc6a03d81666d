/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.request;

import org.jspecify.annotations.NullMarked;
