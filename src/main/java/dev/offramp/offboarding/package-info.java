/** Pure decisions: facts and time in, a verdict out; no I/O and no Spring. */
@NullMarked
package dev.offramp.offboarding;

import org.jspecify.annotations.NullMarked;
