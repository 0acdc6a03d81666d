package dev.offramp.offboarding;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What we read about the order of perpetual software.
 *
 * @param status as spelled, empty when missing
 * @param billingCycle as spelled, empty when missing
 * @see <a href="https://learn.microsoft.com/partner-center/developer/order-resources">Order resources</a>
 */
public record SoftwareOrder(String id, String status, String billingCycle, List<Line> lines) {

    public SoftwareOrder {
        lines = List.copyOf(lines);
    }

    /** An order that does not say how it is billed. */
    public SoftwareOrder(String id, String status, List<Line> lines) {
        this(id, status, "", lines);
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
            @Nullable Integer quantity) {

        /** Partner Center keeps the line and makes its quantity 0. */
        public boolean isCancelled() {
            return Objects.equals(quantity, 0);
        }
    }

    /** The lines that a target means. */
    public List<Line> lines(OrderTarget target) {
        return target.line() == null
                ? lines
                : lines.stream()
                        .filter(line -> target.line().equals(line.number()))
                        .toList();
    }

    /** Whether it has lines and each of them a number of its own. */
    boolean isNumbered() {
        Set<Integer> numbers = new HashSet<>();
        return !lines.isEmpty() && lines.stream().allMatch(line -> line.number() != null && numbers.add(line.number()));
    }

    boolean isCompleted() {
        return "completed".equalsIgnoreCase(status);
    }

    boolean isPending() {
        return "pending".equalsIgnoreCase(status);
    }

    public boolean isCancelled() {
        return "cancelled".equalsIgnoreCase(status) || "canceled".equalsIgnoreCase(status);
    }
}
