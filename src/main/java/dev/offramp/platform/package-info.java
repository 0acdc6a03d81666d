/** Wiring that every part needs and none imports: clock, data source, security. */
@NullMarked
package dev.offramp.platform;

import org.jspecify.annotations.NullMarked;
