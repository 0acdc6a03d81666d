package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One request about one subscription, with everything that its rules look at.
 *
 * @param asked the subscription that the request names; the one that was read has this id
 * @param done what the request has done already
 */
record Case(SubscriptionId asked, Terms terms, StepsDone done, Facts.OfSubscription facts, Instant now) {

    /** How long something in progress is left alone: Partner Center updates provisioning states every 15 minutes. */
    static final Duration IN_PROGRESS = Duration.ofMinutes(15);

    /** How often a term that is just over is looked at: its renewal may take up to 24 hours. */
    static final Duration AT_TERM = Duration.ofHours(1);

    Subscription read() {
        return facts.subscription();
    }

    Kind kind() {
        return read().kind();
    }

    String status() {
        return read().status().text();
    }

    boolean isActive() {
        return read().status().is(SubscriptionStatus.Known.ACTIVE);
    }

    /** A change of the subscription that the request names. */
    Step change(Change change) {
        return new Step.ChangeSubscription(asked, change, true);
    }

    /** A step whose effect is known is never taken again, whatever a late read shows. */
    Verdict go(String why, Step step) {
        return done.includes(step)
                ? new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(IN_PROGRESS),
                        "This request carried out '%s' already; Partner Center does not show it yet."
                                .formatted(step.word()))
                : new Verdict.Go(why, step);
    }

    /** What every operation says about a subscription that is still being made. */
    Verdict pending() {
        return kind() == Kind.MARKETPLACE_SAAS
                ? Blocks.because(
                        Reason.NOT_ACTIVATED,
                        "The marketplace subscription is pending: it was not activated, and before that it cannot be changed.",
                        "Activate it at its publisher's page, then ask again.")
                : new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(IN_PROGRESS),
                        "The subscription is pending: Partner Center is still at work on it.");
    }

    Verdict unknownStatus() {
        return Blocks.unknownState(
                status().isEmpty()
                        ? "The subscription has no status."
                        : "The subscription's status '%s' is not known.".formatted(status()));
    }

    Verdict unknownKind() {
        return Blocks.unknownState("What kind of subscription it is could not be told.");
    }

    /** @param useInstead how this is done instead, as the rest of a sentence */
    Verdict wrongKind(String isNot, String useInstead) {
        return Blocks.because(
                Reason.WRONG_KIND,
                "%s is not %s by this operation.".formatted(KindWords.of(kind()), isNot),
                "Use instead: " + useInstead);
    }

    Verdict trial() {
        return Blocks.because(
                Reason.TRIAL,
                "The subscription is a trial: its status cannot be changed.",
                "Turn off its auto-renewal with turn-off-auto-renew, and it runs out.");
    }

    /** @param what e.g. "suspended" */
    Verdict tooLate(String what) {
        return Blocks.because(
                Reason.TOO_LATE,
                "The subscription is %s, and from there it can only be deleted; it cannot be %s any more."
                        .formatted(status(), what),
                "Nothing can be done about this subscription; if the product is still needed, buy it anew.");
    }

    Verdict renewalRunning() {
        return new Verdict.WaitUntil(
                Reason.RENEWAL_RUNNING,
                now.plus(AT_TERM),
                "The term ended on %s and the subscription is being renewed; until that is over it is read-only."
                        .formatted(read().termEnd()));
    }

    static Verdict blocked(Reason reason, String message, String advice, List<Blocker> blockers) {
        return new Verdict.Blocked(reason, message, advice, blockers, null);
    }
}
