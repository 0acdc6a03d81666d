/** Thousands of schedules of nodes, database, broker and Partner Center in one JVM, without I/O and by a seed. */
@NullMarked
package dev.offramp.simulation;

import org.jspecify.annotations.NullMarked;
