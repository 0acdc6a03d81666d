package dev.offramp.batch;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.ledger.Resolution.Doubt;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.Answer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The changes of state that the work on a request can end in, in words. */
final class Resolutions {

    private Resolutions() {}

    static Resolution done(Effect effect, String message, Details details) {
        return Resolution.of(Reason.DONE, effect, message, details);
    }

    static Resolution alreadyDone(String message, Details details) {
        return Resolution.of(Reason.ALREADY_DONE, Effect.NONE, message, details);
    }

    static Resolution deferred(Request request, Reason reason, Instant until, String message, @Nullable Answer answer) {
        return new Resolution(
                reason,
                request.effect(),
                message,
                until,
                null,
                Doubt.NONE,
                Details.with()
                        .nextAttemptAt(until)
                        .endsOn(reason == Reason.ENDS_AT_TERM ? until : null)
                        .nextWindowAt(reason == Reason.WAITING_FOR_WINDOW ? until : null)
                        .advice(answer == null ? null : answer.advice())
                        .partnerCenter(said(answer))
                        .build());
    }

    /** The effect is looked for again at {@code until}. */
    static Resolution lookingAt(
            Request request,
            Reason reason,
            Instant until,
            int notDoneReads,
            Instant since,
            String message,
            @Nullable Answer answer) {
        return new Resolution(
                reason,
                request.effect(),
                message,
                until,
                null,
                new Doubt(notDoneReads, since),
                Details.with()
                        .nextAttemptAt(until)
                        .advice(answer == null ? null : answer.advice())
                        .partnerCenter(said(answer))
                        .build());
    }

    static Resolution waitsFor(Request request, Request earlier) {
        return new Resolution(
                Reason.WAITING_FOR_EARLIER_REQUEST,
                request.effect(),
                "Waits for the earlier request %s of the same customer (%s)."
                        .formatted(earlier.key().id(), earlier.operation().word()),
                null,
                earlier.number(),
                new Doubt(request.notDoneReads(), request.doubtSince()),
                Details.NONE);
    }

    static Resolution stalled(
            Request request, Reason reason, String message, @Nullable String advice, @Nullable Answer answer) {
        return new Resolution(
                reason,
                request.effect(),
                message,
                null,
                null,
                new Doubt(request.notDoneReads(), request.doubtSince()),
                Details.with().advice(advice).partnerCenter(said(answer)).build());
    }

    static Resolution rejected(Reason reason, String message, @Nullable String advice, @Nullable Answer answer) {
        return Resolution.of(
                reason,
                Effect.NONE,
                message,
                Details.with().advice(advice).partnerCenter(said(answer)).build());
    }

    static Details.@Nullable PartnerCenterAnswer said(@Nullable Answer answer) {
        return answer == null
                ? null
                : new Details.PartnerCenterAnswer(
                        answer.httpStatus(), answer.code(), answer.words(), answer.requestId(), answer.correlationId());
    }
}
