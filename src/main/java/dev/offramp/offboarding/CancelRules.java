package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a subscription may be cancelled now. */
public final class CancelRules {

    /** How long a pending subscription is left alone: Partner Center updates provisioning states every 15 minutes. */
    private static final Duration PENDING = Duration.ofMinutes(15);

    private CancelRules() {}

    /** Judges a cancellation that no person has released from anything. */
    static Verdict decide(SubscriptionId asked, Terms terms, Facts facts, Instant now) {
        return decide(asked, terms, Set.of(), StepsDone.NONE, facts, now);
    }

    /**
     * Judges one cancellation; it throws for nothing that can be read.
     *
     * @param asked the subscription that the request names; facts about another one are never a reason to go
     * @param released what the request was held for and a person has released it from
     * @param done what the request has done already
     */
    public static Verdict decide(
            SubscriptionId asked, Terms terms, Set<Reason> released, StepsDone done, Facts facts, Instant now) {
        if (facts instanceof Facts.OfSubscription read
                && asked.equals(read.subscription().id())
                && read.subscription().status().is(Known.DELETED)) {
            return new Verdict.AlreadyDone("The subscription is deleted already.");
        }
        return TimeFrame.verdict(terms, now).orElseGet(() -> switch (facts) {
            case Facts.OfSubscription read -> judge(asked, terms, released, read.subscription(), now);
            case Facts.NoSubscription none ->
                Blocks.because(
                        Reason.SUBSCRIPTION_NOT_FOUND,
                        "The customer has no subscription %s (%s).".formatted(asked, none.answer()),
                        "Check the subscription's id and the customer's id.");
            case Facts.NoCustomer none -> Blocks.customerNotFound(none);
            case Facts.NotOurCustomer not ->
                Blocks.because(
                        Reason.NOT_OUR_CUSTOMER,
                        "There is no reseller relationship with the customer (%s).".formatted(not.answer()),
                        "Check the customer's id and the partner tenant.");
            case Facts.Unreadable strange -> Blocks.unreadable(strange);
            case Facts.OfCustomer other ->
                Blocks.unknownState("The customer %s was read where its subscription was needed."
                        .formatted(other.customer().id()));
        });
    }

    private static Verdict judge(
            SubscriptionId asked, Terms terms, Set<Reason> released, Subscription read, Instant now) {
        if (!asked.equals(read.id())) {
            return Blocks.unknownState(
                    read.id() == null
                            ? "The subscription that was read for %s has no readable id.".formatted(asked)
                            : "Subscription %s was asked for and %s came.".formatted(asked, read.id()));
        }
        Optional<Verdict> unexpected = Expectations.ofSubscription(terms.expect(), released, read);
        return unexpected.orElseGet(() -> judgeStatus(asked, read, now));
    }

    private static Verdict judgeStatus(SubscriptionId asked, Subscription read, Instant now) {
        return switch (read.status().known()) {
            case UNKNOWN -> Blocks.unknownState(unknownStatus(read));
            case DELETED -> new Verdict.AlreadyDone("The subscription is deleted already.");
            case EXPIRED, DISABLED -> ended(read);
            case PENDING -> pending(read, now);
            case ACTIVE, SUSPENDED -> judgeKind(asked, read, now);
        };
    }

    private static String unknownStatus(Subscription read) {
        String text = read.status().text();
        return text.isEmpty()
                ? "The subscription has no status."
                : "The subscription's status '%s' is not known.".formatted(text);
    }

    private static Verdict ended(Subscription read) {
        return Blocks.because(
                Reason.WINDOW_CLOSED,
                "There is nothing left to cancel: the subscription is %s. It is not billed any more and is deleted in time."
                        .formatted(read.status().text()),
                "Nothing needs to be done.");
    }

    private static Verdict pending(Subscription read, Instant now) {
        return switch (read.kind()) {
            case MARKETPLACE_SAAS ->
                Blocks.because(
                        Reason.NOT_ACTIVATED,
                        "The marketplace subscription is pending: it was not activated, and before that it cannot be changed.",
                        "Activate it at its publisher's page, then ask again.");
            case UNKNOWN -> Blocks.unknownState(unknownKind());
            case TRIAL -> trial();
            case LEGACY_ADD_ON, LEGACY_AZURE, SOFTWARE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, AZURE_PLAN ->
                wrongKind(read.kind());
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE ->
                new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(PENDING),
                        "The subscription is pending: Partner Center is still at work on it.");
        };
    }

    private static Verdict judgeKind(SubscriptionId asked, Subscription read, Instant now) {
        return switch (read.kind()) {
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, LEGACY_LICENCE -> judgeWindow(asked, read, now);
            case TRIAL -> trial();
            case UNKNOWN -> Blocks.unknownState(unknownKind());
            case LEGACY_ADD_ON, LEGACY_AZURE, SOFTWARE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, AZURE_PLAN ->
                wrongKind(read.kind());
        };
    }

    private static String unknownKind() {
        return "What kind of subscription it is could not be told.";
    }

    private static Verdict trial() {
        return Blocks.because(
                Reason.TRIAL,
                "The subscription is a trial: its status cannot be changed.",
                "Turn off its auto-renewal and let it run out.");
    }

    private static Verdict wrongKind(Kind kind) {
        return Blocks.because(
                Reason.WRONG_KIND,
                "%s is not cancelled by this operation.".formatted(KindWords.of(kind)),
                "Use instead: " + KindWords.useInstead(kind));
    }

    private static Verdict judgeWindow(SubscriptionId asked, Subscription read, Instant now) {
        return switch (CancellationWindow.of(read, now)) {
            case CancellationWindow.Open open ->
                new Verdict.Go(
                        "The subscription is %s. %s.".formatted(read.status().text(), open.why()),
                        new Step.ChangeSubscription(asked, Change.CANCEL, true));
            case CancellationWindow.Closed closed -> windowClosed(read, closed, now);
        };
    }

    private static Verdict windowClosed(Subscription read, CancellationWindow.Closed closed, Instant now) {
        Instant again = CancellationWindow.opensAgain(read, now);
        Instant end = CancellationWindow.endsByItself(read, now);
        String message = "The cancellation window is closed: %s.".formatted(closed.why());
        String advice = "Look at its term in Partner Center, and turn off its auto-renewal if it should end.";
        if (again != null) {
            message += " The subscription renews on %s, and that opens a new window.".formatted(again);
            advice = "Turn off its auto-renewal before %s and let it run out, or ask again after that date."
                    .formatted(again);
        } else if (end != null) {
            message += " The subscription does not renew and ends on %s.".formatted(end);
            advice = "Let it run out.";
        }
        return new Verdict.Blocked(Reason.WINDOW_CLOSED, message, advice, List.of(), again);
    }
}
