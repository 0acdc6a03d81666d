package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.RefundNote;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.Reply;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.Gate;
import dev.offramp.safety.Guards;
import dev.offramp.safety.Pass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pace, facts, verdict, permit, gate, call, reply: one round of it, and another when the world moved in between. */
final class Execution {

    private static final int MOST_ROUNDS = 3;

    private final Slots slots;
    private final Guards guards;
    private final Gate gate;
    private final Attempts attempts;
    private final Decisions decisions;
    private final Detours detours;
    private final AfterReply afterReply;
    private final Json json;
    private final InstantSource clock;
    private final BatchJournal journal;

    Execution(
            Slots slots,
            Guards guards,
            Gate gate,
            Attempts attempts,
            Decisions decisions,
            Detours detours,
            AfterReply afterReply,
            Json json,
            InstantSource clock,
            BatchJournal journal) {
        this.slots = slots;
        this.guards = guards;
        this.gate = gate;
        this.attempts = attempts;
        this.decisions = decisions;
        this.detours = detours;
        this.afterReply = afterReply;
        this.json = json;
        this.clock = clock;
        this.journal = journal;
    }

    /** How a round ended. */
    sealed interface Round {

        /** The request's next state is known. */
        record Over(Worked worked) implements Round {}

        /** Facts, verdict and gate are needed anew. */
        record Anew(String why) implements Round {}

        /** The server asked for silence: the pace knows it, the next round waits for it and does not count. */
        record Slower() implements Round {}
    }

    Worked carryOut(Request request, Run run, Procedure procedure, List<Try> tries) {
        String why = "";
        int slower = 0;
        for (int rounds = 0; rounds < MOST_ROUNDS && slower < MOST_ROUNDS * 2; ) {
            switch (round(request, run, procedure, rounds + slower == 0 ? tries : attempts.of(request.number()))) {
                case Round.Over(Worked worked) -> {
                    return worked;
                }
                case Round.Anew(String reason) -> {
                    why = reason;
                    rounds++;
                }
                case Round.Slower _ -> {
                    why = "Partner Center asks for fewer calls.";
                    slower++;
                }
            }
        }
        return detours.later(
                request, Reason.BUSY, Duration.ofMinutes(1), "Tried several times in a row: " + why, Answer.none(why));
    }

    private Round round(Request request, Run run, Procedure procedure, List<Try> tries) {
        List<ResourceClass> calls = new ArrayList<>(procedure.reads());
        calls.add(procedure.writes());
        return switch (slots.await(request, calls, run)) {
            case Slots.Turn.Stopped _ -> new Round.Over(detours.stopped(request, run));
            case Slots.Turn.TooLong(Duration wait) ->
                new Round.Over(detours.later(
                        request, Reason.BUSY, wait, "Waits for the rate limit.", Answer.none("not called")));
            case Slots.Turn.Come(Pace.Reservation reservation) -> {
                long triesBefore = tries.size();
                Round round = readAndDecide(request, run, procedure, tries);
                if (attempts.of(request.number()).size() == triesBefore) {
                    reservation.giveBack(List.of(procedure.writes()));
                }
                yield round;
            }
        };
    }

    private Round readAndDecide(Request request, Run run, Procedure procedure, List<Try> tries) {
        return switch (procedure.read(request, tries)) {
            case Reading.Throttled _ -> new Round.Slower();
            case Reading.Denied denied -> new Round.Over(detours.denied(request, run, denied));
            case Reading.Unavailable(String cause, Answer answer) ->
                new Round.Over(detours.unavailable(request, run, cause, answer));
            case Reading.Known known -> decide(request, run, procedure, tries, known);
        };
    }

    private Round decide(Request request, Run run, Procedure procedure, List<Try> tries, Reading.Known known) {
        Instant now = clock.instant();
        Verdict verdict = procedure.decide(request, known.facts(), now);
        decisions.add(request.number(), now, json.text(known.facts()), json.text(verdict));
        return switch (verdict) {
            case Verdict.Go(String why, Step step) -> go(request, run, procedure, known, why, step);
            case Verdict.AlreadyDone(String message) -> over(request, alreadyDone(procedure, request, tries, message));
            case Verdict.Ended(String message) ->
                over(request, Resolution.of(Reason.ENDED_AT_TERM, request.effect(), message, Details.NONE));
            case Verdict.WaitUntil(Reason reason, Instant until, String message) ->
                over(request, Resolutions.deferred(request, reason, until, message, null));
            case Verdict.Blocked blocked ->
                over(
                        request,
                        Resolution.of(
                                blocked.reason(),
                                Effect.NONE,
                                blocked.message(),
                                Details.with()
                                        .advice(blocked.advice())
                                        .blockers(blocked.blockers())
                                        .nextWindowAt(blocked.nextWindowAt())
                                        .build()));
            case Verdict.Hold(Reason reason, String message, String advice) ->
                over(
                        request,
                        Resolution.of(
                                reason,
                                request.effect(),
                                message,
                                Details.with().advice(advice).build()));
        };
    }

    /** What is done already was done by us when one of our own tries may have done it. */
    private static Resolution alreadyDone(Procedure procedure, Request request, List<Try> tries, String message) {
        boolean ours = tries.stream().anyMatch(Execution::mayHaveWorked);
        return ours
                ? Resolutions.done(
                        procedure.effect(),
                        procedure.doneSentence(request) + " A read shows it.",
                        Details.with().confirmedBy("read-back").build())
                : Resolutions.alreadyDone(
                        message, Details.with().confirmedBy("read-back").build());
    }

    private static boolean mayHaveWorked(Try each) {
        return each.reply() == null
                || each.reply().kind() == ReplyKind.DONE
                || each.reply().kind() == ReplyKind.ACCEPTED
                || each.reply().kind() == ReplyKind.LOST;
    }

    private Round go(Request request, Run run, Procedure procedure, Reading.Known known, String why, Step step) {
        if (request.terms().planOnly()) {
            return over(request, planned(request, Reason.PLAN_ONLY, "Would be carried out: " + why));
        }
        if (request.admission().mode() == Mode.OBSERVE) {
            return over(request, planned(request, Reason.OBSERVE_MODE, "Would be carried out in live mode: " + why));
        }
        Optional<Resolution> held = guards.reserve(request, step, clock.instant());
        if (held.isPresent()) {
            return over(request, held.get());
        }
        Gate.Wish wish = new Gate.Wish(
                request,
                step,
                run.fence(),
                known.facts().readAt(),
                procedure.beforeImage(known).orElse(null));
        return switch (gate.pass(wish)) {
            case Pass.Granted granted -> send(request, run, procedure, known, granted);
            case Pass.Refused refused -> shut(request, run, refused);
        };
    }

    private Resolution planned(Request request, Reason reason, String message) {
        return Resolution.of(
                reason,
                Effect.NONE,
                message,
                Details.with()
                        .heldBackBy(guards.wouldHold(request, clock.instant()))
                        .build());
    }

    private Round shut(Request request, Run run, Pass.Refused refused) {
        return switch (refused.why()) {
            case FACTS_TOO_OLD -> new Round.Anew(refused.sentence());
            case LEASE_LOST -> stop(request, run, StopReason.LEASE_LOST, refused);
            case BRAKE -> stop(request, run, StopReason.BRAKE, refused);
            case NOT_LIVE -> stop(request, run, StopReason.OBSERVE_MODE, refused);
            // What was changed by somebody else stays as it is; a withdraw that waits takes effect with the handing
            // back.
            case BRAKE_IN_PART, STATE_CHANGED -> new Round.Over(new Worked.HandBack(request, refused.sentence()));
            case UNANSWERED_TRY, NO_PERMIT ->
                new Round.Over(detours.later(
                        request, Reason.BUSY, Duration.ofMinutes(1), refused.sentence(), Answer.none("not called")));
        };
    }

    private Round stop(Request request, Run run, StopReason reason, Pass.Refused refused) {
        run.stop(reason, refused.sentence());
        return new Round.Over(detours.stopped(request, run));
    }

    private Round send(Request request, Run run, Procedure procedure, Reading.Known known, Pass.Granted granted) {
        Try written = granted.written();
        return switch (procedure.call(granted.permit(), known)) {
            case Call.NotSent notSent -> {
                attempts.reply(written.id(), notSent(notSent), clock.instant());
                yield afterNotSent(request, run, notSent);
            }
            case Call.Sent(Reply reply) -> {
                journal.replyRead(request, written);
                attempts.reply(written.id(), AfterReply.recorded(reply), clock.instant());
                journal.replyWritten(request, written);
                yield afterReply.next(request, run, procedure, written, reply, refund(known));
            }
        };
    }

    private Round afterNotSent(Request request, Run run, Call.NotSent notSent) {
        Answer answer = Answer.none(notSent.words());
        return switch (notSent.cause()) {
            case LATE -> new Round.Anew("The call could not start in time after the gate.");
            case HOLD -> new Round.Slower();
            case APP_SIGN_IN -> new Round.Over(detours.denied(request, run, Denial.APP_SIGN_IN, answer));
            case USER_SIGN_IN -> new Round.Over(detours.denied(request, run, Denial.USER_SIGN_IN, answer));
            case NO_CONNECTION -> new Round.Anew("There was no connection to Partner Center.");
        };
    }

    private Details.@Nullable Refund refund(Reading.Known known) {
        return known.facts() instanceof Facts.OfSubscription of
                ? RefundNote.of(of.subscription(), clock.instant())
                        .map(note -> new Details.Refund(note.promised(), note.until(), note.quantity()))
                        .orElse(null)
                : null;
    }

    private static RecordedReply notSent(Call.NotSent notSent) {
        return new RecordedReply(
                ReplyKind.NOT_SENT, 0, null, notSent.words(), notSent.cause().name());
    }

    private static Round over(Request request, Resolution resolution) {
        return new Round.Over(new Worked.Settle(request, resolution));
    }
}
