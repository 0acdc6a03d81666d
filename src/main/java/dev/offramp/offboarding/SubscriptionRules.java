package dev.offramp.offboarding;

import java.time.Instant;
import java.util.function.Function;

/** What the operations on one subscription have in common: the right target, in time, as expected. */
public final class SubscriptionRules {

    private SubscriptionRules() {}

    /**
     * Judges one request about a subscription; it throws for nothing that can be read.
     *
     * @param operation one that names a subscription
     * @param asked the subscription that the request names; facts about another one are never a reason to go
     * @param released what the request was held for and a person has released it from
     * @param done what the request has done already
     */
    public static Verdict decide(
            Operation operation,
            SubscriptionId asked,
            Terms terms,
            Releases released,
            StepsDone done,
            Facts facts,
            Instant now) {
        Function<Case, Verdict> rules = switch (operation) {
            case CANCEL_SUBSCRIPTION -> CancelRules::judge;
            case SUSPEND_SUBSCRIPTION -> SuspendRules::judge;
            case REACTIVATE_SUBSCRIPTION -> ReactivateRules::judge;
            case TURN_OFF_AUTO_RENEW -> AutoRenewRules::judge;
            case REMOVE_RESELLER_RELATIONSHIP, WITHDRAW ->
                throw new IllegalArgumentException("%s names no subscription".formatted(operation.word()));
        };
        return switch (facts) {
            case Facts.OfSubscription read
            when asked.equals(read.subscription().id()) ->
                judge(rules, new Case(asked, terms, done, read, now), released);
            case Facts.OfSubscription other -> inTime(terms, now, anotherOne(asked, other.subscription()));
            case Facts.NoSubscription none -> inTime(terms, now, notFound(asked, none));
            case Facts.NoCustomer none -> inTime(terms, now, Blocks.customerNotFound(none));
            case Facts.NotOurCustomer not -> inTime(terms, now, Blocks.notOurs(not));
            case Facts.Unreadable strange -> inTime(terms, now, Blocks.unreadable(strange));
            case Facts.OfOrder other ->
                inTime(
                        terms,
                        now,
                        Blocks.unknownState("The order %s was read where its subscription was needed."
                                .formatted(other.order().id())));
            case Facts.OfCustomer other ->
                inTime(
                        terms,
                        now,
                        Blocks.unknownState("The customer %s was read where its subscription was needed."
                                .formatted(other.customer().id())));
        };
    }

    private static Verdict judge(Function<Case, Verdict> rules, Case it, Releases released) {
        Verdict ruled = rules.apply(it);
        if (ruled instanceof Verdict.AlreadyDone || ruled instanceof Verdict.Ended) {
            return ruled;
        }
        if (runsOut(ruled) && it.now().isAfter(it.terms().notAfter())) {
            return ruled; // Nothing is begun any more; it is only looked at once its term is over.
        }
        return TimeFrame.verdict(it.terms(), it.now())
                .or(() -> Expectations.ofSubscription(it.terms().expect(), released, it.read()))
                .orElse(ruled);
    }

    private static boolean runsOut(Verdict ruled) {
        return ruled instanceof Verdict.WaitUntil wait && wait.reason() == Reason.ENDS_AT_TERM;
    }

    private static Verdict inTime(Terms terms, Instant now, Verdict blocked) {
        return TimeFrame.verdict(terms, now).orElse(blocked);
    }

    private static Verdict anotherOne(SubscriptionId asked, Subscription read) {
        return Blocks.unknownState(
                read.id() == null
                        ? "The subscription that was read for %s has no readable id.".formatted(asked)
                        : "Subscription %s was asked for and %s came.".formatted(asked, read.id()));
    }

    private static Verdict notFound(SubscriptionId asked, Facts.NoSubscription none) {
        return Blocks.because(
                Reason.SUBSCRIPTION_NOT_FOUND,
                "The customer has no subscription %s (%s).".formatted(asked, none.answer()),
                "Check the subscription's id and the customer's id.");
    }
}
