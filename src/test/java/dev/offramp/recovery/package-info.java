/** What becomes of a service whose database is an older copy, or empty. */
@NullMarked
package dev.offramp.recovery;

import org.jspecify.annotations.NullMarked;
