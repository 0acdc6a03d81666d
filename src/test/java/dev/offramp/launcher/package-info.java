/** The scripts of bin and the first seconds of the build, as whoever cloned the repository meets them. */
@NullMarked
package dev.offramp.launcher;

import org.jspecify.annotations.NullMarked;
