/** Ready requests become restartable Spring Batch jobs: dispatcher, lease, steps, reader, processor, writer. */
@NullMarked
package dev.offramp.batch;

import org.jspecify.annotations.NullMarked;
