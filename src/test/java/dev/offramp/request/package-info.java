/** Tests of the way in. */
@NullMarked
package dev.offramp.request;

import org.jspecify.annotations.NullMarked;
