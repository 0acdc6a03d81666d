/**
 * What can be run: the definitions in {@code jobs/<job>/job.yaml}, read and checked as a whole at the start; and how a job
 * is started over whatever was left of it.
 */
@NullMarked
package dev.offramp.job;

import org.jspecify.annotations.NullMarked;
