@NullMarked
package dev.offramp.run;

import org.jspecify.annotations.NullMarked;
