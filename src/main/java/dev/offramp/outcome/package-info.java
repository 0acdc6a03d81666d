/** The way out: a relay from the ledger to the outcome topic. */
@NullMarked
package dev.offramp.outcome;

import org.jspecify.annotations.NullMarked;
