package dev.offramp.offboarding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What we read about one subscription; a member that was missing or not understood is null (or UNKNOWN), never guessed.
 *
 * @param id as a GUID, null when the server sent none or something else
 * @param name friendly name, else offer name, else empty
 * @param actions the documented {@code actions}, null when the member was absent
 * @param refunds what the resource says about money
 * @param orderId the order that it was bought with
 * @see <a href="https://learn.microsoft.com/partner-center/developer/subscription-resources">Subscription resources</a>
 */
public record Subscription(
        @Nullable SubscriptionId id,
        String name,
        SubscriptionStatus status,
        Kind kind,
        @Nullable String offerId,
        @Nullable Integer quantity,
        @Nullable Boolean autoRenew,
        @Nullable Instant cancellationAllowedUntil,
        @Nullable List<String> actions,
        @Nullable Instant termEnd,
        List<Refund> refunds,
        @Nullable Instant refundableUntil,
        @Nullable Integer refundableQuantity,
        @Nullable String orderId) {

    /** Kinds whose rules differ. */
    public enum Kind {
        NEW_COMMERCE_LICENCE,
        LEGACY_LICENCE,
        LEGACY_ADD_ON,
        LEGACY_AZURE,
        MARKETPLACE_SAAS,
        SOFTWARE,
        PERPETUAL_SOFTWARE,
        SAVINGS_PLAN,
        AZURE_PLAN,
        TRIAL,
        RESERVATION,
        UNKNOWN
    }

    /** The same as it is when Partner Center has declined a cancellation because its window is closed. */
    public Subscription withWindowClosed() {
        return new Subscription(
                id,
                name,
                status,
                kind,
                offerId,
                quantity,
                autoRenew,
                null,
                List.of(),
                termEnd,
                refunds,
                refundableUntil,
                refundableQuantity,
                orderId);
    }

    /** One entry of {@code refundOptions}; {@code until} null means without an end. */
    public record Refund(String type, @Nullable Instant until) {}
}
