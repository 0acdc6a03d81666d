package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Denial;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What becomes of a request when not the request but the world is the trouble. */
final class Detours {

    /** How long a step is put off that needs a user while nobody is signed in. */
    private static final Duration WITHOUT_USER = Duration.ofMinutes(10);

    private final Weather weather;
    private final InstantSource clock;

    Detours(Weather weather, InstantSource clock) {
        this.weather = weather;
        this.clock = clock;
    }

    Worked stopped(Request request, Run run) {
        Run.Stop stop = run.stopped().orElseThrow();
        return new Worked.NotStarted(request, stop.reason(), stop.sentence());
    }

    /**
     * An unusable user token or role concerns only the operations that need it, a customer that is closed to us only
     * that customer; everything else stops the run.
     */
    Worked denied(Request request, Run run, Reading.Denied denied) {
        return denied(request, run, denied.denial(), denied.answer());
    }

    Worked denied(Request request, Run run, Denial denial, Answer answer) {
        String sentence = sentence(answer);
        return switch (denial) {
            case USER_SIGN_IN, USER_PERMISSION, APP_ALONE ->
                request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                        ? new Worked.HandBack(request, sentence)
                        // Only unlinks are left alone while nobody is signed in; another one would come back at once.
                        : later(request, Reason.BUSY, WITHOUT_USER, "A person must sign in: " + sentence, answer);
            case CUSTOMER_ACCESS ->
                new Worked.Settle(
                        request,
                        Resolutions.stalled(
                                request,
                                Reason.PERMISSION_MISSING,
                                "Partner Center does not let us at this customer: " + answer.words(),
                                answer.advice(),
                                answer));
            case APP_SIGN_IN -> {
                run.stop(StopReason.SIGN_IN, sentence);
                yield stopped(request, run);
            }
            case PERMISSION -> {
                run.stop(StopReason.PERMISSION, sentence);
                yield stopped(request, run);
            }
        };
    }

    /** A target that cannot be read while others can is stalled; when nothing can be read the run stops. */
    Worked unavailable(Request request, Run run, String cause, Answer answer) {
        if (weather.isInDoubt()) {
            run.stop(StopReason.OUTAGE, "Partner Center does not answer: " + cause);
            return stopped(request, run);
        }
        return new Worked.Settle(
                request,
                Resolutions.stalled(
                        request,
                        Reason.RETRIES_EXHAUSTED,
                        "Reading the target failed again and again: " + cause,
                        "Restart the batch when Partner Center answers for this customer.",
                        answer));
    }

    /** Put off because of the pace or a conflict; nothing happened. */
    Worked later(Request request, Reason reason, Duration wait, String message, Answer answer) {
        Instant until = clock.instant().plus(wait);
        return new Worked.Settle(request, Resolutions.deferred(request, reason, until, message, answer));
    }

    private static String sentence(Answer answer) {
        return answer.advice().isEmpty() ? answer.words() : answer.words() + " " + answer.advice();
    }
}
