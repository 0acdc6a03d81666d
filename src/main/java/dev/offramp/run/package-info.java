/** Files: what a person or a schedule hands over at once, loaded line by line into requests of a job. */
@NullMarked
package dev.offramp.run;

import org.jspecify.annotations.NullMarked;
