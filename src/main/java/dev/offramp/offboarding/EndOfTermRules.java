package dev.offramp.offboarding;

import dev.offramp.offboarding.CancellationWindow.Closed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a cancellation whose window is closed: rejected, run out at the end of the term, or made to wait. */
final class EndOfTermRules {

    private EndOfTermRules() {}

    static Verdict judge(Case it, Closed closed) {
        return switch (it.terms().ifWindowClosed()) {
            case REJECT -> windowClosed(it, closed);
            case TURN_OFF_AUTO_RENEW -> letItRunOut(it, closed);
            case WAIT -> waitForRenewal(it, closed);
        };
    }

    /** The term that the request was to end has passed, and a new one began all the same. */
    static Optional<Verdict> renewed(Case it) {
        Instant before = it.done().termEndBefore();
        Instant end = it.read().termEnd();
        boolean turnedOff = it.done().includes(it.change(Change.AUTO_RENEW_OFF));
        if (!turnedOff || before == null || end == null || !Term.isAnother(before, end)) {
            return Optional.empty();
        }
        return Optional.of(Blocks.because(
                Reason.RENEWED,
                "This request turned off the auto-renewal of the term that ended on %s, and the subscription was renewed until %s all the same."
                        .formatted(before, end),
                "Find out who renewed it; if it is still to be cancelled, send a new request."));
    }

    private static Verdict letItRunOut(Case it, Closed closed) {
        Boolean renews = it.read().autoRenew();
        if (renews == null) {
            return AutoRenewRules.unsaid();
        }
        Term term = Term.of(it.read().termEnd(), it.now());
        boolean willRenew = renews && it.isActive();
        return switch (term) {
            case UNSAID -> windowClosed(it, closed);
            case LONG_OVER ->
                Blocks.unknownState("The term ended on %s, and the subscription was neither renewed nor ended since."
                        .formatted(it.read().termEnd()));
            case JUST_OVER ->
                willRenew ? it.renewalRunning() : endsAtTerm(it, it.now().plus(Case.AT_TERM));
            case AHEAD ->
                renews
                        ? it.go(
                                "The cancellation window is closed: %s. The auto-renewal is turned off, and the subscription ends on %s."
                                        .formatted(closed.why(), it.read().termEnd()),
                                it.change(Change.AUTO_RENEW_OFF))
                        : endsAtTerm(it, it.read().termEnd());
        };
    }

    private static Verdict endsAtTerm(Case it, @Nullable Instant lookAgainAt) {
        return new Verdict.WaitUntil(
                Reason.ENDS_AT_TERM,
                lookAgainAt == null ? it.now().plus(Case.AT_TERM) : lookAgainAt,
                "The subscription does not renew; its term ends on %s."
                        .formatted(it.read().termEnd()));
    }

    private static Verdict waitForRenewal(Case it, Closed closed) {
        if (Term.isBeingRenewed(it.read(), it.now())) {
            return it.renewalRunning();
        }
        Instant again = CancellationWindow.opensAgain(it.read(), it.now());
        if (again == null || again.isAfter(it.terms().notAfter())) {
            return windowClosed(it, closed);
        }
        return new Verdict.WaitUntil(
                Reason.WAITING_FOR_WINDOW,
                again,
                "The cancellation window is closed: %s. The renewal on %s opens a new one."
                        .formatted(closed.why(), again));
    }

    static Verdict windowClosed(Case it, Closed closed) {
        Instant again = CancellationWindow.opensAgain(it.read(), it.now());
        Instant end = CancellationWindow.endsByItself(it.read(), it.now());
        String message = "The cancellation window is closed: %s.".formatted(closed.why());
        String advice =
                "Look at its term in Partner Center, and turn off its auto-renewal with turn-off-auto-renew if it should end.";
        if (again != null) {
            message += " The subscription renews on %s, and that opens a new window.".formatted(again);
            advice =
                    "Turn off its auto-renewal with turn-off-auto-renew before %s and let it run out, or ask again after that date."
                            .formatted(again);
            if (it.terms().ifWindowClosed() == Terms.IfWindowClosed.WAIT) {
                message += " The request is not to be begun after %s, so it does not wait for that."
                        .formatted(it.terms().notAfter());
            }
        } else if (end != null) {
            message += " The subscription does not renew and ends on %s.".formatted(end);
            advice = "Let it run out.";
        }
        return new Verdict.Blocked(Reason.WINDOW_CLOSED, message, advice, List.of(), again);
    }
}
