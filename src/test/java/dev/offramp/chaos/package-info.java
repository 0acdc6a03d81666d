/** Everything that can happen to processes, database, broker and wire, by a seed; and a checker that believes nobody. */
@NullMarked
package dev.offramp.chaos;

import org.jspecify.annotations.NullMarked;
