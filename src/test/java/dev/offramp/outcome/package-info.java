/** Tests of the way out. */
@NullMarked
package dev.offramp.outcome;

import org.jspecify.annotations.NullMarked;
