/** What the documents promise exists. */
@NullMarked
package dev.offramp.documents;

import org.jspecify.annotations.NullMarked;
