package dev.offramp.batch;

import dev.offramp.batch.Execution.Round;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.Reply;
import dev.offramp.partnercenter.Reply.Declined.Meaning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What follows from Partner Center's reply, once it is durable. */
final class AfterReply {

    private final OpenCall openCall;
    private final StepCalls calls;
    private final Confirming confirming;
    private final Duration firstLook;
    private final Detours detours;
    private final InstantSource clock;

    AfterReply(
            OpenCall openCall,
            StepCalls calls,
            Confirming confirming,
            Duration firstLook,
            Detours detours,
            InstantSource clock) {
        this.openCall = openCall;
        this.calls = calls;
        this.confirming = confirming;
        this.firstLook = firstLook;
        this.detours = detours;
        this.clock = clock;
    }

    Round next(
            Request request, Run run, Procedure procedure, Try written, Reply reply, Details.@Nullable Refund refund) {
        Instant now = clock.instant();
        Step step = TakenSteps.step(request, written);
        return switch (reply) {
            case Reply.Done done
            when calls.endsWithTheReply(step) ->
                procedure.endsWith(step)
                        ? over(request, done(request, procedure, written, done, refund, now))
                        : new Round.StepDone();
            case Reply.Done(Answer answer, String _) ->
                over(
                        request,
                        confirming(
                                request,
                                Reason.CONFIRMING,
                                now,
                                "Partner Center accepted the change; a read must show it.",
                                answer));
            case Reply.Accepted _ ->
                switch (openCall.poll(request, run, procedure, written)) {
                    case OpenCall.Next.Worth(Worked worked) -> new Round.Over(worked);
                    case OpenCall.Next.GoOn _ -> new Round.StepDone();
                };
            case Reply.Throttled _ -> new Round.Slower();
            case Reply.Busy(Answer answer, Duration wait) ->
                new Round.Over(detours.later(
                        request,
                        // What has no code of its own is the renewal: it lets a change through after two minutes.
                        answer.code() == null ? Reason.RENEWAL_RUNNING : Reason.PENDING_OPERATION,
                        wait,
                        "Partner Center is busy with this target: " + answer.words(),
                        answer));
            case Reply.Stale _ -> new Round.Anew("The resource changed between read and call.");
            case Reply.Declined(Answer answer, Meaning meaning) -> declined(request, step, answer, meaning);
            case Reply.Denied(var _, Denial denial)
            when denial == Denial.APP_ALONE ->
                new Round.Anew("The application alone may not make this call; it is made as the signed-in user.");
            case Reply.Denied denied -> new Round.Over(detours.denied(request, run, denied.denial(), denied.answer()));
            case Reply.Lost(Answer answer) ->
                over(
                        request,
                        Resolutions.lookingAt(
                                request,
                                Reason.CONFIRMING,
                                now.plus(firstLook),
                                0,
                                now,
                                "The call got no answer; whether it took effect is being read.",
                                answer));
        };
    }

    /** What is kept of a reply with its try. */
    static RecordedReply recorded(Reply reply) {
        Answer answer = reply.answer();
        return switch (reply) {
            case Reply.Done done -> kept(ReplyKind.DONE, answer, done.body());
            case Reply.Accepted accepted -> kept(ReplyKind.ACCEPTED, answer, accepted.location());
            case Reply.Throttled throttled ->
                kept(ReplyKind.THROTTLED, answer, throttled.retryAfter().toString());
            case Reply.Busy busy -> kept(ReplyKind.BUSY, answer, busy.waitFor().toString());
            case Reply.Stale _ -> kept(ReplyKind.STALE, answer, null);
            case Reply.Declined declined ->
                kept(ReplyKind.DECLINED, answer, declined.meaning().name());
            case Reply.Denied denied ->
                kept(ReplyKind.DENIED, answer, denied.denial().name());
            case Reply.Lost _ -> kept(ReplyKind.LOST, answer, null);
        };
    }

    private static RecordedReply kept(ReplyKind kind, Answer answer, @Nullable String detail) {
        return new RecordedReply(kind, answer.httpStatus(), answer.code(), answer.words(), detail);
    }

    private static Resolution done(
            Request request,
            Procedure procedure,
            Try written,
            Reply.Done done,
            Details.@Nullable Refund refund,
            Instant now) {
        return Resolutions.done(
                procedure.effect(),
                procedure.doneSentence(request),
                Details.with()
                        .effectiveAt(now)
                        .refund(refund)
                        .before(written.beforeImage())
                        .after(done.body().isEmpty() ? null : done.body())
                        .confirmedBy(Details.RESPONSE)
                        .partnerCenter(Resolutions.said(done.answer()))
                        .build());
    }

    private Resolution confirming(Request request, Reason reason, Instant now, String message, Answer answer) {
        return Resolutions.lookingAt(request, reason, confirming.firstLook(now), 0, now, message, answer);
    }

    private static Round declined(Request request, Step step, Answer answer, Meaning meaning) {
        if (meaning == Meaning.WINDOW_CLOSED
                && request.terms().ifWindowClosed() != IfWindowClosed.REJECT
                && isCancel(step)) {
            return new Round.Anew("Partner Center says that the cancellation window is closed.");
        }
        return switch (meaning) {
            case WINDOW_CLOSED ->
                over(request, Resolutions.rejected(Reason.WINDOW_CLOSED, answer.words(), answer.advice(), answer));
            case ALREADY_DELETED ->
                new Round.Anew("Partner Center says that it is deleted already; a read must show it.");
            case NOT_OUR_CUSTOMER ->
                new Round.Anew("Partner Center says that this is not our customer; a read must show it.");
            case OTHER ->
                over(
                        request,
                        Resolutions.rejected(
                                Reason.DECLINED_BY_PARTNER_CENTER,
                                "Partner Center declined: " + answer.words(),
                                answer.advice(),
                                answer));
        };
    }

    private static boolean isCancel(Step step) {
        return step instanceof Step.ChangeSubscription(var _, Change change, boolean own)
                && own
                && change == Change.CANCEL;
    }

    private static Round over(Request request, Resolution resolution) {
        return new Round.Over(new Worked.Settle(request, resolution));
    }
}
