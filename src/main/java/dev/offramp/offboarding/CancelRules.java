package dev.offramp.offboarding;

import java.time.Instant;

/**
 * Whether a subscription may be cancelled now, and how.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-an-azure-marketplace-subscription">Cancel a
 *     commercial marketplace or new-commerce subscription</a>
 */
public final class CancelRules {

    private CancelRules() {}

    /** Judges a cancellation that no person has released from anything and that has done nothing yet. */
    static Verdict decide(SubscriptionId asked, Terms terms, Facts facts, Instant now) {
        return decide(asked, terms, Releases.NONE, StepsDone.NONE, facts, now);
    }

    /** As {@link SubscriptionRules#decide}, for {@code cancel-subscription}. */
    public static Verdict decide(
            SubscriptionId asked, Terms terms, Releases released, StepsDone done, Facts facts, Instant now) {
        return SubscriptionRules.decide(Operation.CANCEL_SUBSCRIPTION, asked, terms, released, done, facts, now);
    }

    static Verdict judge(Case it) {
        return switch (it.read().status().known()) {
            case UNKNOWN -> it.unknownStatus();
            case DELETED -> new Verdict.AlreadyDone("The subscription is deleted already.");
            case EXPIRED, DISABLED -> judgeOver(it);
            case PENDING -> judgePending(it);
            case ACTIVE, SUSPENDED -> judgeLiving(it);
        };
    }

    private static Verdict judgeOver(Case it) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case PERPETUAL_SOFTWARE -> SoftwareOrderRules.alreadyCancelled(it).orElseGet(() -> over(it));
            case NEW_COMMERCE_LICENCE,
                    MARKETPLACE_SAAS,
                    SOFTWARE,
                    AZURE_PLAN,
                    TRIAL,
                    LEGACY_LICENCE,
                    LEGACY_ADD_ON,
                    LEGACY_AZURE,
                    SAVINGS_PLAN,
                    RESERVATION -> over(it);
        };
    }

    private static Verdict over(Case it) {
        return switch (it.terms().ifWindowClosed()) {
            case TURN_OFF_AUTO_RENEW ->
                new Verdict.Ended("The subscription is %s: its term is over, and it is not billed any more."
                        .formatted(it.status()));
            case REJECT, WAIT ->
                Blocks.because(
                        Reason.WINDOW_CLOSED,
                        "There is nothing left to cancel: the subscription is %s. It is not billed any more and is deleted in time."
                                .formatted(it.status()),
                        "Nothing needs to be done.");
        };
    }

    private static Verdict judgePending(Case it) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case TRIAL -> it.trial();
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE, SAVINGS_PLAN, RESERVATION -> wrongKind(it);
            case PERPETUAL_SOFTWARE -> SoftwareOrderRules.alreadyCancelled(it).orElseGet(it::pending);
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE, AZURE_PLAN -> it.pending();
        };
    }

    private static Verdict judgeLiving(Case it) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case TRIAL -> it.trial();
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE, SAVINGS_PLAN, RESERVATION -> wrongKind(it);
            case PERPETUAL_SOFTWARE -> SoftwareOrderRules.cancel(it);
            case AZURE_PLAN -> AzurePlanRules.cancel(it);
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE ->
                EndOfTermRules.renewed(it).orElseGet(() -> judgeWindow(it));
        };
    }

    private static Verdict judgeWindow(Case it) {
        return switch (CancellationWindow.of(it.read(), it.now())) {
            case CancellationWindow.Open open ->
                it.go("The subscription is %s. %s.".formatted(it.status(), open.why()), it.change(Change.CANCEL));
            case CancellationWindow.Closed closed -> EndOfTermRules.judge(it, closed);
        };
    }

    private static Verdict wrongKind(Case it) {
        return it.wrongKind("cancelled", KindWords.cancelInstead(it.kind()));
    }
}
