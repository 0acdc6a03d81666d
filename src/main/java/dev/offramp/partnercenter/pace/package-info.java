/** The rate limit towards Partner Center, reserved slot by slot and shared between nodes. */
@NullMarked
package dev.offramp.partnercenter.pace;

import org.jspecify.annotations.NullMarked;
