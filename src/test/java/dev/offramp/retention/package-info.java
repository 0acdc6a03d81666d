/** Tests of what is deleted by age, and of what is not. */
@NullMarked
package dev.offramp.retention;

import org.jspecify.annotations.NullMarked;
