package dev.offramp.offboarding;

import dev.offramp.offboarding.Obstacle.Way;
import dev.offramp.offboarding.Obstacle.Weight;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which subscriptions stand in the way of an unlink.
 *
 * @param suspended whether suspended new commerce does
 * @param removals what the request may do about active ones
 */
record SubscriptionObstacles(SuspendedNewCommerce suspended, Removals removals, Instant now) {

    Optional<Obstacle> of(Subscription subscription) {
        return switch (subscription.status().known()) {
            case EXPIRED, DISABLED, DELETED -> Optional.empty();
            case UNKNOWN -> Optional.of(ofUnknownStatus(subscription));
            case ACTIVE, PENDING -> Optional.of(ofLiving(subscription));
            case SUSPENDED -> ofSuspended(subscription);
        };
    }

    private static Obstacle ofUnknownStatus(Subscription subscription) {
        String text = subscription.status().text();
        return obstacle(
                Weight.UNKNOWN,
                subscription,
                null,
                "Look at the subscription in Partner Center: "
                        + (text.isEmpty() ? "it has no status." : "its status '%s' is not known.".formatted(text)),
                new Way.None());
    }

    private Obstacle ofLiving(Subscription subscription) {
        return switch (subscription.kind()) {
            case SAVINGS_PLAN -> ofKind(Weight.SAVINGS_PLAN, subscription);
            case RESERVATION -> ofKind(Weight.RESERVATION, subscription);
            case PERPETUAL_SOFTWARE -> ofKind(Weight.SOFTWARE, subscription);
            case SOFTWARE -> ofLicence(Weight.SOFTWARE, subscription);
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE, AZURE_PLAN, TRIAL, UNKNOWN ->
                ofKind(Weight.ACTIVE, subscription);
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS -> ofLicence(Weight.ACTIVE, subscription);
        };
    }

    private Optional<Obstacle> ofSuspended(Subscription subscription) {
        return switch (subscription.kind()) {
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE -> Optional.empty();
            case SAVINGS_PLAN -> Optional.of(ofKind(Weight.SAVINGS_PLAN, subscription));
            case RESERVATION -> Optional.of(ofKind(Weight.RESERVATION, subscription));
            case SOFTWARE, PERPETUAL_SOFTWARE -> Optional.of(ofKind(Weight.SOFTWARE, subscription));
            case UNKNOWN ->
                Optional.of(obstacle(
                        Weight.UNKNOWN,
                        subscription,
                        null,
                        "Look at the suspended subscription in Partner Center: its kind is not known.",
                        new Way.None()));
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, AZURE_PLAN, TRIAL ->
                switch (suspended) {
                    case ALLOWED -> Optional.empty();
                    case BLOCKS -> Optional.of(ofSuspendedNewCommerce(subscription));
                };
        };
    }

    private Obstacle ofSuspendedNewCommerce(Subscription subscription) {
        Kind kind = subscription.kind();
        String endIt = kind == Kind.NEW_COMMERCE_LICENCE || kind == Kind.MARKETPLACE_SAAS
                ? cancelOrWait(subscription)
                : "Use " + KindWords.end(kind);
        return obstacle(
                Weight.SUSPENDED_NEW_COMMERCE,
                subscription,
                // Suspending turns auto-renewal off, so it is over at the end of the term.
                CancellationWindow.endsByItself(subscription, now),
                "It is suspended but billed on. " + endIt,
                new Way.None());
    }

    private Obstacle ofLicence(Weight weight, Subscription subscription) {
        return obstacle(
                weight,
                subscription,
                CancellationWindow.endsByItself(subscription, now),
                cancelOrWait(subscription),
                removals.of(subscription));
    }

    private Obstacle ofKind(Weight weight, Subscription subscription) {
        return obstacle(
                weight,
                subscription,
                CancellationWindow.endsByItself(subscription, now),
                "%s: %s".formatted(KindWords.of(subscription.kind()), KindWords.end(subscription.kind())),
                removals.of(subscription));
    }

    private String cancelOrWait(Subscription subscription) {
        if (subscription.status().is(Known.PENDING)) {
            return "Wait until it is active, then cancel it with cancel-subscription.";
        }
        return switch (CancellationWindow.of(subscription, now)) {
            case CancellationWindow.Open open -> "Cancel it with cancel-subscription. %s.".formatted(open.why());
            case CancellationWindow.Closed closed -> {
                Instant end = CancellationWindow.endsByItself(subscription, now);
                yield end == null
                        ? "It cannot be cancelled now: %s. Turn off its auto-renewal with turn-off-auto-renew and let it run out."
                                .formatted(closed.why())
                        : "It cannot be cancelled now: %s. It ends on %s.".formatted(closed.why(), end);
            }
        };
    }

    private static Obstacle obstacle(
            Weight weight, Subscription subscription, @Nullable Instant until, String whatToDo, Way way) {
        SubscriptionId id = subscription.id();
        String status = subscription.status().text();
        return new Obstacle(
                weight,
                new Blocker(
                        "subscription",
                        id == null ? "" : id.value(),
                        "%s (%s)".formatted(subscription.name(), status.isEmpty() ? "no status" : status),
                        until,
                        whatToDo),
                way);
    }
}
