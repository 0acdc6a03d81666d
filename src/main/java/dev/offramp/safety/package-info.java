/** The one gate before every destructive call, with permits, brake and guards. */
@NullMarked
package dev.offramp.safety;

import org.jspecify.annotations.NullMarked;
