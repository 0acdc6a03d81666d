/** What must never happen again: a reviewed list of the wrong ids, carried out to its end. */
@NullMarked
package dev.offramp.incident;

import org.jspecify.annotations.NullMarked;
