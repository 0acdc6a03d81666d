package dev.offramp.offboarding;

import dev.offramp.offboarding.Obstacle.Way;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What an unlink may do about active subscriptions: what it was asked to, where that clears the way.
 *
 * @param all all subscriptions of the customer
 * @param done what the request has done already
 */
record Removals(
        OnActiveSubscriptions asked,
        SuspendedNewCommerce suspended,
        List<Subscription> all,
        StepsDone done,
        Instant now) {

    Way of(Subscription subscription) {
        if (!subscription.status().is(Known.ACTIVE) || !isListedOnce(subscription)) {
            return new Way.None();
        }
        return switch (asked) {
            case FAIL -> new Way.None();
            case CANCEL -> cancel(subscription);
            case SUSPEND -> suspend(subscription);
        };
    }

    private Way cancel(Subscription subscription) {
        return switch (subscription.kind()) {
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE ->
                switch (CancellationWindow.of(subscription, now)) {
                    case CancellationWindow.Open open -> by(subscription, Change.CANCEL, open.why() + ".");
                    case CancellationWindow.Closed _ -> new Way.None();
                };
            // What is under an Azure plan and what is in an order is not read for an unlink.
            case LEGACY_LICENCE,
                    LEGACY_ADD_ON,
                    LEGACY_AZURE,
                    PERPETUAL_SOFTWARE,
                    SAVINGS_PLAN,
                    AZURE_PLAN,
                    TRIAL,
                    RESERVATION,
                    UNKNOWN -> new Way.None();
        };
    }

    private Way suspend(Subscription subscription) {
        return switch (subscription.kind()) {
            case LEGACY_LICENCE, LEGACY_AZURE ->
                by(subscription, Change.SUSPEND, "While suspended it is not billed, and after 90 days it is deleted.");
            case LEGACY_ADD_ON -> aBaseIsSuspended() ? new Way.WithAnother() : new Way.None();
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS ->
                switch (suspended) {
                    case BLOCKS -> new Way.None(); // It would stand in the way as before, and stay billed.
                    case ALLOWED -> suspendNewCommerce(subscription);
                };
            case SOFTWARE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, AZURE_PLAN, TRIAL, RESERVATION, UNKNOWN -> new Way.None();
        };
    }

    private Way suspendNewCommerce(Subscription subscription) {
        return Term.isBeingRenewed(subscription, now)
                ? new Way.AfterTheRenewal()
                : by(subscription, Change.SUSPEND, "It stays billed until its term ends.");
    }

    /** Suspending a legacy licence suspends its add-ons with it. */
    private boolean aBaseIsSuspended() {
        return all.stream()
                .filter(each -> each.kind() == Kind.LEGACY_LICENCE && each.id() != null)
                .anyMatch(each -> each.status().is(Known.ACTIVE) || done.includes(step(each, Change.SUSPEND)));
    }

    private Way by(Subscription subscription, Change change, String then) {
        return new Way.By(
                step(subscription, change),
                "%s (%s) is active, and the request says: onActiveSubscriptions: %s. %s"
                        .formatted(subscription.name(), subscription.id(), asked.word(), then));
    }

    private static Step step(Subscription subscription, Change change) {
        return new Step.ChangeSubscription(Objects.requireNonNull(subscription.id()), change, false);
    }

    /** Of two with one id nobody knows which one a step would change; one without an id cannot be named at all. */
    private boolean isListedOnce(Subscription subscription) {
        SubscriptionId id = subscription.id();
        return id != null && all.stream().filter(each -> id.equals(each.id())).count() == 1;
    }
}
