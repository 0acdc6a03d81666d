package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.SoftwareOrder;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges whether the body of a success shows what the call was to bring about; a success is believed only then. */
interface Proof {

    Finding of(String body);

    /** What the body shows. */
    sealed interface Finding {

        /** The effect. */
        record Shown() implements Finding {}

        /** That it was understood, but not the effect yet. */
        record Promised() implements Finding {}

        /** Something else, or nothing that we understand. */
        record Lacking(String words) implements Finding {}
    }

    /** For a read, which changes nothing. */
    static Proof none() {
        return body -> new Finding.Lacking("nothing was to be changed");
    }

    /**
     * The documented answer to an unlink names no customer and nothing but {@code relationshipToPartner: none}, so what
     * is looked for is a contradiction; the read that follows is what counts.
     */
    static Proof ofUnlink(CustomerId customer) {
        return body -> body.isBlank()
                ? new Finding.Shown()
                : Resources.relationship(body)
                        .<Finding>map(
                                said -> said.id() != null && !customer.value().equalsIgnoreCase(said.id())
                                        ? new Finding.Lacking("200, but the body is of customer " + said.id())
                                        : "none".equalsIgnoreCase(said.relationship())
                                                ? new Finding.Shown()
                                                : new Finding.Lacking(
                                                        "200, but the body does not show the relationship as removed"))
                        .orElseGet(() -> new Finding.Lacking("200, but the body is no customer"));
    }

    /** A subscription is shown by its id together with the status that was asked for. */
    static Proof ofStatus(SubscriptionId subscription, SubscriptionStatus.Known status) {
        return body -> Resources.subscriptionSentBack(body)
                        .filter(sentBack -> subscription.equals(sentBack.id()))
                        .filter(sentBack -> sentBack.status().is(status))
                        .isPresent()
                ? new Finding.Shown()
                : new Finding.Lacking("200, but the body does not show this subscription as "
                        + status.name().toLowerCase(Locale.ROOT));
    }

    /** A subscription is shown by its id together with the auto-renewal that was asked for. */
    static Proof ofAutoRenewal(SubscriptionId subscription, boolean on) {
        return body -> Resources.subscriptionSentBack(body)
                        .filter(sentBack -> subscription.equals(sentBack.id()))
                        .filter(sentBack -> Objects.equals(on, sentBack.autoRenew()))
                        .isPresent()
                ? new Finding.Shown()
                : new Finding.Lacking("200, but the body does not show auto-renewal of this subscription turned "
                        + (on ? "on" : "off"));
    }

    /** An order is shown by its id and as cancelled, or with nothing left in the lines that were to be cancelled. */
    static Proof ofCancelledOrder(String id, @Nullable Integer line) {
        return body -> Resources.order(body)
                        .map(OrderResource::order)
                        .filter(order -> order.id().equals(id))
                        .filter(order -> order.isCancelled() || isEmpty(order, line))
                        .isPresent()
                ? new Finding.Shown()
                : new Finding.Lacking("200, but the body does not show this order as cancelled");
    }

    private static boolean isEmpty(SoftwareOrder order, @Nullable Integer line) {
        List<SoftwareOrder.Line> meant = order.lines().stream()
                .filter(each -> line == null || line.equals(each.number()))
                .toList();
        return !meant.isEmpty() && meant.stream().allMatch(SoftwareOrder.Line::isCancelled);
    }

    /** The documented answer shows the Azure subscription by its id and as active still. */
    static Proof ofAzureCancellation(String entitlement) {
        return body -> Resources.azureSubscription(body)
                .filter(sentBack -> sentBack.entitlement().equalsIgnoreCase(entitlement))
                .<Finding>map(sentBack -> sentBack.isInactive() ? new Finding.Shown() : new Finding.Promised())
                .orElseGet(() -> new Finding.Lacking("200, but the body is not of this Azure subscription"));
    }
}
