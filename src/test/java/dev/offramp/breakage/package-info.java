/** Breaks each safeguard on purpose and sees that the test that is there for it fails. */
@NullMarked
package dev.offramp.breakage;

import org.jspecify.annotations.NullMarked;
