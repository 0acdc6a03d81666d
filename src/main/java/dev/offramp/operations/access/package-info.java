/** Who may do what through the API: callers, their roles, and the closed table of what each role may. */
@NullMarked
package dev.offramp.operations.access;

import org.jspecify.annotations.NullMarked;
