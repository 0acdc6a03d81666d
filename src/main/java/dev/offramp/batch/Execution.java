package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.LostCalls;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.MissedBehind;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.RefundNote;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.SubscriptionId;
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
import dev.offramp.safety.TenantDoubt;
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

    /** More steps than this are left to the next batch, so that nobody waits behind one request for ever. */
    private static final int MOST_STEPS = 100;

    private final Slots slots;
    private final StepCalls calls;
    private final TakenSteps taken;
    private final Halts halts;
    private final Lag lag;
    private final Confirming confirming;
    private final Guards guards;
    private final Gate gate;
    private final TenantDoubt tenantDoubt;
    private final LostCalls lostCalls;
    private final Duration betweenReads;
    private final Attempts attempts;
    private final Decisions decisions;
    private final Chances chances;
    private final Detours detours;
    private final AfterReply afterReply;
    private final Json json;
    private final InstantSource clock;
    private final BatchJournal journal;

    Execution(
            Slots slots,
            StepCalls calls,
            TakenSteps taken,
            Halts halts,
            Lag lag,
            Confirming confirming,
            Guards guards,
            Gate gate,
            TenantDoubt tenantDoubt,
            LostCalls lostCalls,
            Duration betweenReads,
            Attempts attempts,
            Decisions decisions,
            Chances chances,
            Detours detours,
            AfterReply afterReply,
            Json json,
            InstantSource clock,
            BatchJournal journal) {
        this.slots = slots;
        this.calls = calls;
        this.taken = taken;
        this.halts = halts;
        this.lag = lag;
        this.confirming = confirming;
        this.guards = guards;
        this.gate = gate;
        this.tenantDoubt = tenantDoubt;
        this.lostCalls = lostCalls;
        this.betweenReads = betweenReads;
        this.attempts = attempts;
        this.decisions = decisions;
        this.chances = chances;
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

        /** A step is done and what follows is decided over fresh facts. */
        record StepDone() implements Round {}

        /** Its kind needs more than was reserved: everything is reserved together, and read anew. */
        record More(Beside beside) implements Round {}

        /** The server asked for silence: the pace knows it, the next round waits for it and does not count. */
        record Slower() implements Round {}
    }

    Worked carryOut(Request request, Run run, Procedure procedure, List<Try> tries) {
        String why = "";
        int slower = 0;
        int steps = 0;
        List<Try> known = tries;
        Beside beside = Beside.of(tries);
        for (int rounds = 0; rounds < MOST_ROUNDS && slower < MOST_ROUNDS * 2 && steps < MOST_STEPS; ) {
            switch (round(request, run, procedure, known, beside)) {
                case Round.Over(Worked worked) -> {
                    return worked;
                }
                case Round.Anew(String reason) -> {
                    why = reason;
                    rounds++;
                }
                case Round.StepDone _ -> {
                    why = "%d steps are done and more follow.".formatted(++steps);
                    rounds = 0;
                    slower = 0;
                    Optional<Worked> interrupted = between(request, run, procedure);
                    if (interrupted.isPresent()) {
                        return interrupted.get();
                    }
                }
                case Round.More(Beside more) -> {
                    why = "What it is needs more to be read.";
                    rounds++;
                    beside = more;
                }
                case Round.Slower _ -> {
                    why = "Partner Center asks for fewer calls.";
                    slower++;
                }
            }
            known = attempts.of(request.number());
        }
        return detours.later(
                request, Reason.BUSY, Duration.ofMinutes(1), "Tried several times in a row: " + why, Answer.none(why));
    }

    /** What keeps the next step of a chain from being begun now, as it would keep the first one. */
    private Optional<Worked> between(Request request, Run run, Procedure procedure) {
        return halts.against(request, run, procedure)
                .or(() -> guards.delay(request, clock.instant()).map(putOff -> new Worked.Settle(request, putOff)));
    }

    private Round round(Request request, Run run, Procedure procedure, List<Try> tries, Beside beside) {
        List<ResourceClass> writes = procedure.writes(request, beside);
        List<ResourceClass> all = new ArrayList<>(procedure.reads(beside));
        boolean asksForCustomer = guards.asksForProfile(request) && !all.contains(ResourceClass.CUSTOMER);
        if (asksForCustomer) {
            all.add(ResourceClass.CUSTOMER);
        }
        all.addAll(writes);
        return switch (slots.await(request, all, run)) {
            case Slots.Turn.Stopped _ -> new Round.Over(detours.stopped(request, run));
            case Slots.Turn.TooLong(Duration wait) -> new Round.Over(waitForPace(request, wait));
            case Slots.Turn.Come(Pace.Reservation reservation) -> {
                Reading target = procedure.read(request, tries, beside);
                chances.keep(request, target, clock.instant());
                boolean readsCustomer = asksForCustomer && isFound(target);
                Reading reading = readsCustomer ? calls.withCustomer(request, (Reading.Known) target) : target;
                Round round = after(reading, request, run, procedure, tries);
                List<ResourceClass> unused = unused(request, writes, tries.size());
                reservation.giveBack(asksForCustomer && !readsCustomer ? withCustomer(unused) : unused);
                yield round;
            }
        };
    }

    /** Whether there is something that a guard could have to know the customer for. */
    private static boolean isFound(Reading reading) {
        return reading instanceof Reading.Known known
                && (known.facts() instanceof Facts.OfSubscription || known.facts() instanceof Facts.OfOrder);
    }

    private static List<ResourceClass> withCustomer(List<ResourceClass> unused) {
        List<ResourceClass> all = new ArrayList<>(unused);
        all.add(ResourceClass.CUSTOMER);
        return all;
    }

    private Worked waitForPace(Request request, Duration wait) {
        return detours.later(request, Reason.BUSY, wait, "Waits for the rate limit.", Answer.none("not called"));
    }

    /** The slots for calls that were not made: all, or all but that of the try that was written meanwhile. */
    private List<ResourceClass> unused(Request request, List<ResourceClass> writes, int triesBefore) {
        List<ResourceClass> unused = new ArrayList<>(writes);
        attempts.of(request.number()).stream()
                .skip(triesBefore)
                .forEach(each -> unused.remove(calls.writes(TakenSteps.step(request, each))));
        return unused.reversed();
    }

    private Round after(Reading reading, Request request, Run run, Procedure procedure, List<Try> tries) {
        return switch (reading) {
            case Reading.More(Beside beside, var _) -> new Round.More(beside);
            case Reading.Throttled _ -> new Round.Slower();
            case Reading.Denied denied -> new Round.Over(detours.denied(request, run, denied));
            case Reading.Unavailable(String cause, Answer answer) ->
                new Round.Over(detours.unavailable(request, run, cause, answer));
            case Reading.Known known -> decide(request, run, procedure, tries, known);
        };
    }

    private Round decide(Request request, Run run, Procedure procedure, List<Try> tries, Reading.Known known) {
        Instant now = clock.instant();
        Optional<Resolution> behind = lag.behind(request, !tries.isEmpty(), known.facts(), now);
        if (behind.isPresent()) {
            return over(request, behind.get());
        }
        StepsDone done = taken.done(request, tries);
        Verdict verdict = procedure.decide(request, done, taken.asDeclined(request, tries, known.facts()), now);
        noteWhoseCustomer(request, run, tries, known, verdict, now);
        decisions.add(request.number(), now, json.text(known.facts()), json.text(verdict));
        Optional<Resolution> drifted =
                verdict instanceof Verdict.Go ? drifted(request, tries, known) : Optional.empty();
        if (drifted.isPresent()) {
            return over(request, drifted.get());
        }
        return switch (verdict) {
            case Verdict.Go(String why, Step step)
            when done.includes(step) -> over(request, notToBeSeen(request, tries, step, why, now));
            case Verdict.Go(String why, Step step) -> {
                Optional<SubscriptionId> missing = calls.missing(step, known);
                yield missing.isPresent()
                        ? complete(request, run, procedure, tries, known, missing.get())
                        : go(request, run, procedure, known, why, step);
            }
            case Verdict.Ended(String message) ->
                over(
                        request,
                        Resolution.of(
                                Reason.ENDED_AT_TERM,
                                request.effect(),
                                message,
                                Details.with().confirmedBy(Details.READ_BACK).build()));
            case Verdict.AlreadyDone(String message) -> over(request, alreadyDone(procedure, request, tries, message));
            case Verdict.WaitUntil(Reason reason, Instant until, String message) ->
                over(request, Resolutions.deferred(request, reason, until, message, null));
            case Verdict.Blocked blocked ->
                over(
                        request,
                        Resolution.of(
                                blocked.reason(),
                                Effect.NONE,
                                blocked.message()
                                        + MissedBehind.sentence(
                                                blocked.reason(),
                                                request.reason(),
                                                request.message(),
                                                request.released()),
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

    /**
     * What an approved plan does not cover any more, before anything of it may have been done. A list whose subscriptions are
     * read one by one was compared when it came.
     */
    private Optional<Resolution> drifted(Request request, List<Try> tries, Reading.Known known) {
        boolean isBegun = tries.stream().anyMatch(Execution::mayHaveWorked);
        boolean isCompleted =
                known.facts() instanceof Facts.OfCustomer && !known.resources().isEmpty();
        return request.plan() == null || isBegun || isCompleted
                ? Optional.empty()
                : guards.drifted(request, PlanFacts.digest(taken.asDeclined(request, tries, known.facts())));
    }

    /** Once for each unlink: what reading showed before anything was done. */
    private void noteWhoseCustomer(
            Request request, Run run, List<Try> tries, Reading.Known known, Verdict verdict, Instant now) {
        boolean foreign = verdict instanceof Verdict.Blocked blocked && blocked.reason() == Reason.NOT_OUR_CUSTOMER;
        if (request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                && tries.isEmpty()
                && (foreign || known.facts() instanceof Facts.OfCustomer)) {
            tenantDoubt.note(request, run.fence().batch(), foreign, now);
        }
    }

    /** The subscription of a chain's next step was only listed: it is read by id, and decided upon anew. */
    private Round complete(
            Request request,
            Run run,
            Procedure procedure,
            List<Try> tries,
            Reading.Known known,
            SubscriptionId subscription) {
        return switch (slots.await(request, List.of(ResourceClass.SUBSCRIPTION), run)) {
            case Slots.Turn.Stopped _ -> new Round.Over(detours.stopped(request, run));
            case Slots.Turn.TooLong(Duration wait) -> new Round.Over(waitForPace(request, wait));
            case Slots.Turn.Come _ -> {
                Reading reading = calls.complete(request.customerId(), subscription, known);
                yield reading instanceof Reading.Known fresh
                                && !fresh.resources().containsKey(subscription)
                        ? new Round.Anew("Subscription %s is listed and cannot be read.".formatted(subscription))
                        : after(reading, request, run, procedure, tries);
            }
        };
    }

    /** A step that is done is never made again; that a read does not show it is looked at again, and for a day at most. */
    private Resolution notToBeSeen(Request request, List<Try> tries, Step step, String why, Instant now) {
        Instant doneAt = tries.stream()
                .filter(each -> each.step().equals(step.word()))
                .reduce((_, later) -> later)
                .map(each -> each.repliedAt() == null ? each.gatedAt() : each.repliedAt())
                .orElse(now);
        // A person who wants it to be looked at again gives it another day.
        Instant since = request.doubtSince() == null ? doneAt : request.doubtSince();
        return switch (confirming.next(doneAt, since, Seen.NO_EFFECT, now)) {
            case Confirming.Next.Settled _ -> throw new IllegalStateException("nothing was seen");
            case Confirming.Next.LookAgainAt(Instant at) ->
                Resolutions.lookingAt(
                        request,
                        Reason.CONFIRMING,
                        at,
                        0,
                        since,
                        "The step %s is done, but a read does not show it yet. %s".formatted(step.word(), why),
                        null);
            case Confirming.Next.PersonMustDecide(String message, String advice) ->
                Resolutions.stalled(request, Reason.IN_DOUBT, message, advice, null);
        };
    }

    /** What is done already was done by us when one of our own tries may have done it. */
    private static Resolution alreadyDone(Procedure procedure, Request request, List<Try> tries, String message) {
        boolean ours = tries.stream()
                .filter(each -> procedure.achieves(TakenSteps.step(request, each)))
                .anyMatch(Execution::mayHaveWorked);
        return ours
                ? Resolutions.done(
                        procedure.effect(),
                        procedure.doneSentence(request) + " A read shows it.",
                        Details.with().confirmedBy(Details.READ_BACK).build())
                : Resolutions.alreadyDone(
                        message, Details.with().confirmedBy(Details.READ_BACK).build());
    }

    private static boolean mayHaveWorked(Try each) {
        return each.reply() == null
                || each.reply().kind() == ReplyKind.DONE
                || each.reply().kind() == ReplyKind.ACCEPTED
                || each.reply().kind() == ReplyKind.LOST;
    }

    private Round go(Request request, Run run, Procedure procedure, Reading.Known known, String why, Step step) {
        if (request.terms().planOnly()) {
            return over(request, planned(request, known, Reason.PLAN_ONLY, "Would be carried out: " + why));
        }
        if (request.admission().mode() == Mode.OBSERVE) {
            return over(
                    request, planned(request, known, Reason.OBSERVE_MODE, "Would be carried out in live mode: " + why));
        }
        Optional<Instant> again =
                lostCalls.lookAgainAt(request.number(), known.facts().readAt(), betweenReads);
        if (again.isPresent()) {
            return over(
                    request,
                    Resolutions.deferred(
                            request,
                            Reason.CONFIRMING,
                            again.get(),
                            "It may have been called before the newer database was lost; a second read must show that it was not.",
                            null));
        }
        Optional<Resolution> held = guards.reserve(request, step, known.customer(), clock.instant());
        if (held.isPresent()) {
            return over(request, held.get());
        }
        Gate.Wish wish = new Gate.Wish(
                request,
                step,
                run.fence(),
                known.facts().readAt(),
                calls.beforeImage(step, known).orElse(null));
        return switch (gate.pass(wish)) {
            case Pass.Granted granted -> send(request, run, procedure, known, granted);
            case Pass.Refused refused -> shut(request, run, known, refused);
        };
    }

    private Resolution planned(Request request, Reading.Known known, Reason reason, String message) {
        return Resolution.of(
                reason,
                Effect.NONE,
                message,
                Details.with()
                        .heldBackBy(guards.wouldHold(request, known.customer(), clock.instant()))
                        .build());
    }

    private Round shut(Request request, Run run, Reading.Known known, Pass.Refused refused) {
        return switch (refused.why()) {
            case FACTS_TOO_OLD -> new Round.Anew(refused.sentence());
            case LEASE_LOST -> stop(request, run, StopReason.LEASE_LOST, refused);
            case BRAKE -> stop(request, run, StopReason.BRAKE, refused);
            case NOT_LIVE -> stop(request, run, StopReason.OBSERVE_MODE, refused);
            // What was changed by somebody else stays as it is; a withdraw that waits takes effect with the handing
            // back.
            case PROTECTED ->
                guards.protection(request, known.customer())
                        .map(held -> over(request, held))
                        .orElseGet(() -> new Round.Anew(refused.sentence()));
            case TENANT_DOUBT ->
                tenantDoubt
                        .hold(request)
                        .map(held -> over(request, held))
                        .orElseGet(() -> new Round.Anew(refused.sentence()));
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
        return switch (calls.call(granted.permit(), known)) {
            case Call.NotSent notSent -> {
                attempts.reply(written.id(), notSent(notSent), clock.instant());
                yield afterNotSent(request, run, notSent);
            }
            case Call.Sent(Reply reply) -> {
                journal.replyRead(request, written);
                attempts.reply(written.id(), AfterReply.recorded(reply), clock.instant());
                journal.replyWritten(request, written);
                yield afterReply.next(
                        request,
                        run,
                        procedure,
                        written,
                        reply,
                        refund(granted.permit().step(), known));
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

    private Details.@Nullable Refund refund(Step step, Reading.Known known) {
        return step instanceof Step.ChangeSubscription(var _, Change change, boolean _)
                        && change == Change.CANCEL
                        && known.facts() instanceof Facts.OfSubscription of
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
