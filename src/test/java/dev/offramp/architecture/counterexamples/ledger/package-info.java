/** A room for counterexamples. */
@NullMarked
package dev.offramp.architecture.counterexamples.ledger;

import org.jspecify.annotations.NullMarked;
