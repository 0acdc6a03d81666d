/** The durable truth: every request, its state, turns, attempts, and the outcomes that wait to be sent. */
@NullMarked
package dev.offramp.ledger;

import org.jspecify.annotations.NullMarked;
