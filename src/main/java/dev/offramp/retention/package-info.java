/** Deletes by age what nobody needs any more, and keeps of each request the stub that recognises its repetition. */
@NullMarked
package dev.offramp.retention;

import org.jspecify.annotations.NullMarked;
