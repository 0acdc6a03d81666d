/** Boundaries, purity, time, naming and the one gate as rules over the compiled classes. */
@NullMarked
package dev.offramp.architecture;

import org.jspecify.annotations.NullMarked;
