/** After a database was lost or restored from an older copy: notices it at the start, and leads out of it. */
@NullMarked
package dev.offramp.recovery;

import org.jspecify.annotations.NullMarked;
