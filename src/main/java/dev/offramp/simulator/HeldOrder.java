package dev.offramp.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An order: of its own, or seen through the subscriptions that were bought by it.
 *
 * @param subscription absent for what no subscription shows
 * @param own absent when the subscription tells everything
 */
record HeldOrder(
        String id,
        Sort sort,
        Instant created,
        @Nullable HeldSubscription subscription,
        @Nullable Versions own) {

    /** What was bought, as far as the rules of cancelling orders differ. */
    enum Sort {
        RESERVATION,
        PERPETUAL_SOFTWARE,
        SOFTWARE_SUBSCRIPTION,
        MARKETPLACE,
        OTHER
    }

    static HeldOrder of(HeldSubscription subscription) {
        Sort sort = switch (subscription.kind()) {
            case SOFTWARE -> Sort.SOFTWARE_SUBSCRIPTION;
            case MARKETPLACE -> Sort.MARKETPLACE;
            default -> Sort.OTHER;
        };
        Instant created = Durations.instant(
                        subscription.body().path("creationDate").asString(""))
                .orElse(Instant.EPOCH);
        return new HeldOrder(subscription.orderId(), sort, created, subscription, null);
    }

    ObjectNode shown(String customerId, Instant now) {
        if (own != null) {
            return own.shown(now);
        }
        if (subscription == null) {
            throw new IllegalStateException("an order of nothing: " + id);
        }
        return OrderBodies.of(customerId, id, subscription.versions().shown(now), sort);
    }

    boolean isCancelled() {
        return own != null
                ? own.current().path("status").asString("").equals("cancelled")
                : subscription != null && subscription.status().equals("deleted");
    }
}
