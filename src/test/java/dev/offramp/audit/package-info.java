@NullMarked
package dev.offramp.audit;

import org.jspecify.annotations.NullMarked;
