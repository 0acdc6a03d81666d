/** Chart, image and compose file: what is shipped beside the jar, held to what the jar is. */
@NullMarked
package dev.offramp.deployment;

import org.jspecify.annotations.NullMarked;
