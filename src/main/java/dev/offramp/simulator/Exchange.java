package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** One call on its way through faults and effect to its answer. */
final class Exchange {

    private final InstantSource clock;
    private final Unknowns unknowns;
    private final Rulebook rulebook;
    private final Replies replies;
    private final Tokens tokens;

    Exchange(InstantSource clock, Unknowns unknowns, Rulebook rulebook, Replies replies, Tokens tokens) {
        this.clock = clock;
        this.unknowns = unknowns;
        this.rulebook = rulebook;
        this.replies = replies;
        this.tokens = tokens;
    }

    /** What goes back, and what the list of calls says about it. */
    record Outcome(HttpAnswer answer, @Nullable String code, boolean replayed) {

        static Outcome of(Result result, boolean replayed) {
            return new Outcome(result.answer(), result.code(), replayed);
        }
    }

    Outcome run(
            HttpRequest request, Operation operation, Target target, CallLog.Entry entry, FaultBook.Mischief mischief) {
        pause(mischief.before());
        Fault fault = mischief.fault();
        if (fault == null) {
            return carryOut(request, operation, target, entry, mischief);
        }
        if (fault.action() == Fault.Action.EXPIRE_TOKENS) {
            tokens.revoke();
            return Outcome.of(Result.unauthorized("400", "Access denied."), false);
        }
        if (fault.action() == Fault.Action.ACCEPT) {
            return operation.reads()
                    ? carryOut(request, operation, target, entry, mischief)
                    : accept(request, operation, target, entry, mischief);
        }
        if (!fault.afterEffect()) {
            return new Outcome(Spoilt.by(fault, HttpAnswer.empty(0)), codeIn(fault), false);
        }
        Outcome done = carryOut(request, operation, target, entry, mischief);
        String code = fault.action() == Fault.Action.ANSWER ? codeIn(fault) : done.code();
        return new Outcome(Spoilt.by(fault, done.answer()), code, done.replayed());
    }

    private Outcome carryOut(
            HttpRequest request, Operation operation, Target target, CallLog.Entry entry, FaultBook.Mischief mischief) {
        Instant now = clock.instant();
        Optional<String> requestId = unknowns.idempotentRequestIds() && !operation.reads()
                ? request.header("MS-RequestId")
                : Optional.empty();
        Result earlier = requestId.map(id -> replies.to(id, now)).orElse(null);
        Result result =
                earlier == null ? effect(request, operation, target, entry, now) : again(earlier, request, target, now);
        if (earlier == null) {
            requestId.ifPresent(id -> replies.remember(id, result, now));
        }
        pause(mischief.after());
        return Outcome.of(result, earlier != null);
    }

    private Result effect(HttpRequest request, Operation operation, Target target, CallLog.Entry entry, Instant now) {
        Result result = rulebook.carryOut(operation, target, request, now);
        if (result.changed()) {
            entry.tookEffect();
        }
        return result;
    }

    private Result again(Result earlier, HttpRequest request, Target target, Instant now) {
        return unknowns.requestIdAnswer().equals("current-resource") && earlier.status() < 300
                ? rulebook.present(target, request, now)
                : earlier;
    }

    private Outcome accept(
            HttpRequest request, Operation operation, Target target, CallLog.Entry entry, FaultBook.Mischief mischief) {
        rulebook.later(
                mischief.acceptedFor(),
                clock.instant(),
                () -> effect(request, operation, target, entry, clock.instant()));
        String location = "/customers/" + target.customerId()
                + (target.subscription() == null ? "" : "/subscriptions/" + target.subscription());
        pause(mischief.after());
        return Outcome.of(Result.accepted(location), false);
    }

    static void pause(Duration delay) {
        if (delay.isZero()) {
            return;
        }
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String codeIn(Fault fault) {
        if (fault.body() == null) {
            return null;
        }
        try {
            return Json.read(fault.body()).path("code").asString(null);
        } catch (JacksonException e) {
            return null;
        }
    }
}
