/** The way in: Kafka records become requests in the ledger, or are refused with a reason. */
@NullMarked
package dev.offramp.request;

import org.jspecify.annotations.NullMarked;
