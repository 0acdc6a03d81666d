/** Begins runs by the clock: each schedule of a job definition is fired once over all nodes. */
@NullMarked
package dev.offramp.schedule;

import org.jspecify.annotations.NullMarked;
