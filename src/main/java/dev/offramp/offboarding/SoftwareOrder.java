package dev.offramp.offboarding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What we read about the order of perpetual software.
 *
 * @param status as spelled, empty when missing
 * @see <a href="https://learn.microsoft.com/partner-center/developer/order-resources">Order resources</a>
 */
public record SoftwareOrder(String id, String status, List<Line> lines) {

    public SoftwareOrder {
        lines = List.copyOf(lines);
    }

    /**
     * One line of it; what was missing or not understood is null.
     *
     * @param quantity 0 once the line is cancelled
     */
    public record Line(
            @Nullable Integer number,
            @Nullable String offerId,
            @Nullable SubscriptionId subscription,
            @Nullable Integer quantity) {}

    public boolean isCancelled() {
        return "cancelled".equalsIgnoreCase(status) || "canceled".equalsIgnoreCase(status);
    }
}
