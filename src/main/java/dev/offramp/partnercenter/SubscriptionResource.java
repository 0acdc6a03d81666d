package dev.offramp.partnercenter;

import dev.offramp.offboarding.Subscription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as read by id, with the bytes that a PATCH must send back whole.
 *
 * @param json the body exactly as received (without a byte order mark)
 * @param etag {@code attributes.etag} when it was there and not empty
 */
public record SubscriptionResource(
        Subscription subscription, String json, @Nullable String etag) {

    /** One that was kept as text; empty when it cannot be understood. */
    public static Optional<SubscriptionResource> of(String json) {
        return Resources.subscription(json);
    }
}
