package dev.offramp.partnercenter;

import dev.offramp.offboarding.Step;
import dev.offramp.partnercenter.Call.NotSent;
import dev.offramp.partnercenter.Call.NotSent.Cause;
import dev.offramp.partnercenter.Replies.Asked;
import dev.offramp.partnercenter.pace.Pace;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** Sends destructive calls: each at most once, in time, and never into a hold. */
final class Sending {

    private final URI baseUrl;
    private final Wire wire;
    private final Access access;
    private final Pace pace;
    private final InstantSource clock;
    private final LongSupplier ticker;
    /** Tokens that took the place of one that was refused, and have not been let in yet. */
    private final Map<Denial, AccessToken> renewed = new ConcurrentHashMap<>();

    Sending(URI baseUrl, Wire wire, Access access, Pace pace, InstantSource clock, LongSupplier ticker) {
        this.baseUrl = baseUrl;
        this.wire = wire;
        this.access = access;
        this.pace = pace;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** @param etag of the resource as it was read; null when there was none */
    Call send(HttpMethod method, Permit permit, Target target, Proof proof, @Nullable String etag, String body) {
        Target asked = access.by(word(permit), target);
        return switch (access.of(asked.signIn()).token()) {
            case SignIn.Granted granted -> send(method, permit, asked, proof, etag, body, granted.token());
            case SignIn.Refused refused -> new NotSent(cause(refused.denial()), refused.words());
            case SignIn.Unreachable silent -> new NotSent(Cause.NO_CONNECTION, "no token: " + silent.words());
        };
    }

    private Call send(
            HttpMethod method,
            Permit permit,
            Target target,
            Proof proof,
            @Nullable String etag,
            String body,
            AccessToken token) {
        Asked asked = new Asked(target.signIn(), target.aim(), proof, permit.requestId(), permit.correlationId());
        Heard heard = wire.send(
                method,
                URI.create(baseUrl + target.path()),
                Headers.forChange(token, permit.requestId(), permit.correlationId(), etag),
                body.getBytes(StandardCharsets.UTF_8),
                () -> lastLook(permit, target));
        return switch (heard) {
            case Heard.Withheld withheld -> new NotSent(withheld.cause(), withheld.words());
            case Heard.Silence silence -> silent(asked, silence);
            case Heard.Response response -> {
                Reply reply = judged(permit, ours(Replies.reply(asked, response, clock.instant()), response), target);
                takeNotice(reply, target, token);
                if (response.status() != 401) {
                    renewed.remove(target.signIn(), token);
                }
                yield new Call.Sent(reply);
            }
        };
    }

    /** A place at another address is not looked at. */
    private Reply ours(Reply reply, Heard.Response response) {
        String location = response.header("location");
        return reply instanceof Reply.Accepted(Answer answer, String _)
                        && location != null
                        && !Location.isWithin(baseUrl, location)
                ? new Reply.Accepted(answer, null)
                : reply;
    }

    private static Call silent(Asked asked, Heard.Silence silence) {
        return silence.neverLeft()
                ? new NotSent(Cause.NO_CONNECTION, silence.words())
                : new Call.Sent(new Reply.Lost(Replies.silence(asked, silence.words())));
    }

    private Optional<Heard.Withheld> lastLook(Permit permit, Target target) {
        Duration held = pace.held(target.resource());
        if (!held.isZero()) {
            return Optional.of(new Heard.Withheld(Cause.HOLD, "Partner Center asked for silence for another " + held));
        }
        if (permit.sendBefore() - ticker.getAsLong() <= 0) {
            return Optional.of(new Heard.Withheld(Cause.LATE, "the time between the gate and the call was over"));
        }
        return Optional.empty();
    }

    private static String word(Permit permit) {
        return permit.step() instanceof Step.ChangeSubscription change
                ? change.change().name().toLowerCase(Locale.ROOT)
                : "change";
    }

    private Reply judged(Permit permit, Reply reply, Target target) {
        if (!(reply instanceof Reply.Denied(Answer answer, Denial denial))) {
            return reply;
        }
        return new Reply.Denied(
                answer,
                denial == Denial.APP_ALONE
                        ? access.refusedAlone(word(permit), target, answer)
                        : access.judged(denial, target.signIn(), target.customer()));
    }

    private void takeNotice(Reply reply, Target target, AccessToken token) {
        switch (reply) {
            case Reply.Done _, Reply.Accepted _ -> access.granted(target.signIn());
            case Reply.Throttled slow -> pace.hold(target.resource(), slow.retryAfter());
            case Reply.Denied(Answer answer, Denial denial) -> {
                switch (denial) {
                    case APP_SIGN_IN -> renew(target, token, answer);
                    case USER_SIGN_IN -> {
                        // Refused to the app alone, it says nothing about the user.
                        if (target.signIn() == Denial.USER_SIGN_IN) {
                            renew(target, token, answer);
                        }
                    }
                    case APP_ALONE, PERMISSION, USER_PERMISSION, CUSTOMER_ACCESS -> access.denied(denial, answer);
                }
            }
            case Reply.Busy _, Reply.Stale _, Reply.Declined _, Reply.Lost _ -> {
                // Nothing that the next call must know.
            }
        }
    }

    /** The call is not repeated here; the next try finds a new token, or the refusal: a new one is had only once. */
    private void renew(Target target, AccessToken token, Answer answer) {
        TokenFlow flow = access.of(target.signIn());
        boolean renewedInVain = renewed.remove(target.signIn(), token);
        flow.forget(token);
        if (!(flow.token() instanceof SignIn.Granted granted)) {
            return;
        }
        if (renewedInVain || wantsPerson(answer)) {
            access.denied(target.signIn(), answer);
        } else {
            renewed.put(target.signIn(), granted.token());
        }
    }

    /** A second factor that is missing comes with no new token. */
    private static boolean wantsPerson(Answer answer) {
        var meaning = ErrorCatalogue.of(answer.httpStatus(), answer.code()).meaning();
        return meaning == ErrorCatalogue.Meaning.PERSON
                || meaning == ErrorCatalogue.Meaning.SECOND_FACTOR
                || answer.words().contains("MFA");
    }

    private static Cause cause(Denial denial) {
        return denial == Denial.USER_SIGN_IN ? Cause.USER_SIGN_IN : Cause.APP_SIGN_IN;
    }
}
