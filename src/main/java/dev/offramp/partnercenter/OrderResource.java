package dev.offramp.partnercenter;

import dev.offramp.offboarding.SoftwareOrder;
import org.jspecify.annotations.Nullable;

/**
 * An order as read.
 *
 * @param json what was read, as a before-image for people; of an order in a list it is written anew
 * @param etag {@code attributes.etag} when it was there and not empty
 */
public record OrderResource(
        SoftwareOrder order, String json, @Nullable String etag) {}
