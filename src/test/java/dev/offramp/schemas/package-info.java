/** Every schema of the repository against its valid and invalid examples. */
@NullMarked
package dev.offramp.schemas;

import org.jspecify.annotations.NullMarked;
