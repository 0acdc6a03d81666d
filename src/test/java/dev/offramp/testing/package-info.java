/** What many tests need: a running Kafka broker and fresh databases of both kinds. */
@NullMarked
package dev.offramp.testing;

import org.jspecify.annotations.NullMarked;
