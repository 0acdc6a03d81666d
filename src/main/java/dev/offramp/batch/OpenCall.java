package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.InDoubt;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out what became of a call that was sent: by its recorded reply, else by reading. */
final class OpenCall {

    private static final Duration FIRST_POLL = Duration.ofSeconds(1);

    private final Attempts attempts;
    private final Decisions decisions;
    private final Chances chances;
    private final StepCalls calls;
    private final TakenSteps taken;
    private final InDoubt inDoubt;
    private final Confirming confirming;
    private final Duration patience;
    private final Slots slots;
    private final Detours detours;
    private final InstantSource clock;
    private final Json json = new Json();

    OpenCall(
            Attempts attempts,
            Decisions decisions,
            Chances chances,
            StepCalls calls,
            TakenSteps taken,
            InDoubt inDoubt,
            Confirming confirming,
            Duration patience,
            Slots slots,
            Detours detours,
            InstantSource clock) {
        this.attempts = attempts;
        this.decisions = decisions;
        this.chances = chances;
        this.calls = calls;
        this.taken = taken;
        this.inDoubt = inDoubt;
        this.confirming = confirming;
        this.patience = patience;
        this.slots = slots;
        this.detours = detours;
        this.clock = clock;
    }

    /** What follows from it. */
    sealed interface Next {

        /** The request's next state. */
        record Worth(Worked worked) implements Next {}

        /**
         * The request goes on, through facts, verdict and gate: the step is done and another may follow, or it was not
         * done, as two late reads show.
         */
        record GoOn() implements Next {}
    }

    Next follow(Request request, Run run, Procedure procedure, Try open) {
        Step step = TakenSteps.step(request, open);
        if (taken.isDone(request, open)) {
            return open.finding() == Finding.DONE
                    ? done(request, procedure, open, "")
                    : worth(request, replied(request, procedure, open));
        }
        return switch (slots.await(request, calls.looks(step), run)) {
            case Slots.Turn.Stopped _ -> new Next.Worth(detours.stopped(request, run));
            case Slots.Turn.TooLong(var wait) ->
                worth(request, lookLater(request, open, clock.instant().plus(wait), "Waits for the rate limit."));
            case Slots.Turn.Come _ -> look(request, run, procedure, open);
        };
    }

    /** Looks for a change that was accepted a moment ago, for as long as a run has patience; then it is deferred. */
    Next poll(Request request, Run run, Procedure procedure, Try written) {
        // With the reply that is written down by now.
        Try accepted = attempts.latest(request.number(), written.step()).orElse(written);
        Duration waited = Duration.ZERO;
        Duration wait = FIRST_POLL;
        while (waited.plus(wait).compareTo(patience) <= 0 && run.stopped().isEmpty()) {
            run.pause(wait);
            waited = waited.plus(wait);
            wait = wait.multipliedBy(2);
            if (slots.await(request, calls.looks(TakenSteps.step(request, accepted)), run) instanceof Slots.Turn.Come) {
                Instant readAt = clock.instant();
                StepCalls.Look look = calls.look(request, TakenSteps.step(request, accepted), location(accepted));
                note(request, accepted, look, readAt);
                if (look.seen() == Seen.EFFECT) {
                    attempts.found(accepted.id(), Finding.DONE, clock.instant());
                    return done(request, procedure, accepted, look.after());
                }
            }
        }
        Instant at = confirming.firstLook(clock.instant());
        return worth(
                request,
                lookLater(request, accepted, at, "Partner Center will carry it out; the effect is looked for."));
    }

    /** The end of the request when nothing can be left to do; else it is decided what follows. */
    private Next done(Request request, Procedure procedure, Try open, String after) {
        return procedure.endsWith(TakenSteps.step(request, open))
                ? worth(request, seen(request, procedure, open, after))
                : new Next.GoOn();
    }

    private Next look(Request request, Run run, Procedure procedure, Try open) {
        Instant readAt = clock.instant();
        StepCalls.Look look = calls.look(request, TakenSteps.step(request, open), location(open));
        if (look.reading() instanceof Reading.Denied denied) {
            return new Next.Worth(detours.denied(request, run, denied));
        }
        note(request, open, look, readAt);
        Instant now = clock.instant();
        return open.inDoubt()
                ? afterSilence(request, procedure, open, look, readAt, now)
                : afterAcceptance(request, procedure, open, look, now);
    }

    /**
     * What was looked for and what was seen, for the record of a request.
     *
     * @param of the try whose effect was looked for
     * @param shows effect, no-effect or cannot-tell
     */
    private record ReadBack(String step, int of, String shows) {}

    /** Written before anything follows from it. */
    private void note(Request request, Try open, StepCalls.Look look, Instant readAt) {
        chances.keep(request, look.reading(), clock.instant());
        if (look.shown() != null) {
            var shows = look.seen().name().toLowerCase(Locale.ROOT).replace('_', '-');
            decisions.add(
                    request.number(),
                    readAt,
                    json.text(look.shown()),
                    json.text(new ReadBack(open.step(), open.id().number(), shows)));
        }
    }

    private Next afterSilence(
            Request request, Procedure procedure, Try open, StepCalls.Look look, Instant readAt, Instant now) {
        var doubt = new InDoubt.Doubt(
                TakenSteps.step(request, open),
                open.gatedAt(),
                since(request, open),
                isAbout(request, open) ? request.notDoneReads() : 0);
        return switch (inDoubt.next(doubt, look.seen(), readAt, now)) {
            case InDoubt.Next.Settled _ -> {
                attempts.found(open.id(), Finding.DONE, now);
                yield done(request, procedure, open, look.after());
            }
            case InDoubt.Next.RepeatNow _ -> {
                attempts.found(open.id(), Finding.NOT_DONE, now);
                yield new Next.GoOn();
            }
            case InDoubt.Next.LookAgainAt(Instant at, int notDoneReads) ->
                worth(
                        request,
                        Resolutions.lookingAt(
                                request,
                                Reason.CONFIRMING,
                                at,
                                notDoneReads,
                                since(request, open),
                                "The call of %s got no answer; whether it took effect is being read."
                                        .formatted(open.gatedAt()),
                                null));
            case InDoubt.Next.PersonMustDecide(String message, String advice) ->
                worth(request, Resolutions.stalled(request, Reason.IN_DOUBT, message, advice, null));
        };
    }

    private Next afterAcceptance(Request request, Procedure procedure, Try open, StepCalls.Look look, Instant now) {
        Instant acceptedAt = Objects.requireNonNullElse(open.repliedAt(), open.gatedAt());
        return switch (confirming.next(acceptedAt, since(request, open), look.seen(), now)) {
            case Confirming.Next.Settled _ -> {
                attempts.found(open.id(), Finding.DONE, now);
                yield done(request, procedure, open, look.after());
            }
            case Confirming.Next.LookAgainAt(Instant at) ->
                worth(
                        request,
                        lookLater(
                                request,
                                open,
                                at,
                                "Partner Center accepted the call; the effect is not to be read yet."));
            case Confirming.Next.PersonMustDecide(String message, String advice) ->
                worth(request, Resolutions.stalled(request, Reason.IN_DOUBT, message, advice, null));
        };
    }

    private static Resolution lookLater(Request request, Try open, Instant at, String message) {
        Reason reason = isReply(open, ReplyKind.ACCEPTED) ? Reason.ACCEPTED_BY_PARTNER_CENTER : Reason.CONFIRMING;
        int notDoneReads = isAbout(request, open) ? request.notDoneReads() : 0;
        return Resolutions.lookingAt(request, reason, at, notDoneReads, since(request, open), message, null);
    }

    private static Resolution seen(Request request, Procedure procedure, Try open, String after) {
        String person = open.foundBy();
        return Resolutions.done(
                procedure.effect(),
                procedure.doneSentence(request) + (person == null ? " A read shows it." : " A person says so."),
                Details.with()
                        .before(open.beforeImage())
                        .after(after.isEmpty() ? null : after)
                        .confirmedBy(person == null ? Details.READ_BACK : Details.AUDIT_RECORD)
                        .decidedBy(person)
                        .partnerCenter(answer(open))
                        .build());
    }

    /** The reply of an earlier run is recorded, and only the state was not written: no call, no read. */
    private static Resolution replied(Request request, Procedure procedure, Try open) {
        return Resolutions.done(
                procedure.effect(),
                procedure.doneSentence(request),
                Details.with()
                        .effectiveAt(open.repliedAt())
                        .before(open.beforeImage())
                        .after(open.reply() == null ? null : open.reply().detail())
                        .confirmedBy(Details.RESPONSE)
                        .partnerCenter(answer(open))
                        .build());
    }

    private static Details.PartnerCenterAnswer answer(Try open) {
        var reply = open.reply();
        return new Details.PartnerCenterAnswer(
                reply == null ? 0 : reply.httpStatus(),
                reply == null ? null : reply.code(),
                reply == null ? null : reply.words(),
                open.msRequestId().toString(),
                open.msCorrelationId().toString());
    }

    private static Instant since(Request request, Try open) {
        return isAbout(request, open) ? Objects.requireNonNull(request.doubtSince()) : open.gatedAt();
    }

    /** Whether the doubt that the request tells is about this try: one about an earlier try says nothing of it. */
    private static boolean isAbout(Request request, Try open) {
        return request.doubtSince() != null && !request.doubtSince().isBefore(open.gatedAt());
    }

    /** Where the 202 said that the change will be seen. */
    private static @Nullable String location(Try open) {
        return open.reply() != null && open.reply().kind() == ReplyKind.ACCEPTED
                ? open.reply().detail()
                : null;
    }

    private static boolean isReply(Try open, ReplyKind kind) {
        return open.reply() != null && open.reply().kind() == kind;
    }

    private static Next worth(Request request, Resolution resolution) {
        return new Next.Worth(new Worked.Settle(request, resolution));
    }
}
