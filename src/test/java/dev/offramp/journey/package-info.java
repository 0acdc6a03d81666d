/** The whole way: from the request topic through the whole service to the outcome topic, on a real broker. */
@NullMarked
package dev.offramp.journey;

import org.jspecify.annotations.NullMarked;
