/** The service as a process of its own that is killed: at named points and at any time. */
@NullMarked
package dev.offramp.crash;

import org.jspecify.annotations.NullMarked;
