package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.Replies.Asked;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Reads resources; what broke on the way is asked for again a few times. */
final class Reading {

    private final URI baseUrl;
    private final Wire wire;
    private final Access access;
    private final Pace pace;
    private final InstantSource clock;
    private final Repeats repeats;

    Reading(URI baseUrl, Wire wire, Access access, Pace pace, InstantSource clock, Repeats repeats) {
        this.baseUrl = baseUrl;
        this.wire = wire;
        this.access = access;
        this.pace = pace;
        this.clock = clock;
        this.repeats = repeats;
    }

    <T> Read<T> read(Target target, Function<String, Optional<T>> parse) {
        Read<T> read = once(target, parse);
        CustomerId customer = target.customer();
        for (int repeat = 1;
                customer != null && repeat <= repeats.most() && read instanceof Read.Unavailable;
                repeat++) {
            // Each time over the wire counts against the limit.
            List<ResourceClass> slot = List.of(target.resource());
            Pace.Reservation turn = pace.reserve(customer, slot);
            if (!repeats.pause(repeat, turn.remaining())) {
                turn.giveBack(slot);
                return read;
            }
            read = once(target, parse);
        }
        return read;
    }

    /** As the app, and when that alone is refused, as the user where that is allowed. */
    private <T> Read<T> once(Target target, Function<String, Optional<T>> parse) {
        Target asked = access.by("read", target);
        Read<T> read = as(asked, parse);
        if (!isRefusedAlone(read)) {
            return read;
        }
        Answer answer = ((Read.Denied<T>) read).answer();
        Denial denial = access.refusedAlone("read", asked, answer);
        return denial == Denial.APP_ALONE
                ? as(asked.as(Denial.USER_SIGN_IN), parse)
                : new Read.Denied<>(denial, answer);
    }

    private static boolean isRefusedAlone(Read<?> read) {
        return read instanceof Read.Denied<?> denied && denied.denial() == Denial.APP_ALONE;
    }

    private <T> Read<T> as(Target target, Function<String, Optional<T>> parse) {
        TokenFlow flow = access.of(target.signIn());
        SignIn first = flow.token();
        if (!(first instanceof SignIn.Granted granted)) {
            return withoutToken(first);
        }
        Read<T> read = withToken(target, granted.token(), parse);
        if (!isAboutToken(read)) {
            return noticed(target, read);
        }
        flow.forget(granted.token());
        SignIn second = flow.token();
        if (!(second instanceof SignIn.Granted renewed)) {
            return withoutToken(second);
        }
        return noticed(target, withToken(target, renewed.token(), parse));
    }

    private <T> Read<T> withToken(Target target, AccessToken token, Function<String, Optional<T>> parse) {
        UUID requestId = UUID.randomUUID();
        UUID correlationId = UUID.randomUUID();
        Asked asked = new Asked(target.signIn(), target.aim(), Proof.none(), requestId, correlationId);
        HttpHeaders headers = Headers.forRead(token, requestId, correlationId);
        if (target.continuation() != null) {
            headers.set(Resources.CONTINUATION, target.continuation());
        }
        Heard heard =
                wire.send(HttpMethod.GET, URI.create(baseUrl + target.path()), headers, null, () -> lastLook(target));
        return switch (heard) {
            case Heard.Withheld withheld ->
                new Read.Throttled<>(pace.held(target.resource()), Replies.silence(asked, withheld.words()));
            case Heard.Silence silence ->
                new Read.Unavailable<>(silence.words(), Replies.silence(asked, silence.words()));
            case Heard.Response response -> {
                Read<T> read = Replies.read(asked, response, clock.instant(), parse);
                if (response.status() == 429 && read instanceof Read.Throttled<T> slow) {
                    pace.hold(target.resource(), slow.retryAfter());
                }
                yield read;
            }
        };
    }

    private Optional<Heard.Withheld> lastLook(Target target) {
        Duration held = pace.held(target.resource());
        return held.isZero()
                ? Optional.empty()
                : Optional.of(new Heard.Withheld(
                        Call.NotSent.Cause.HOLD, "not asked: Partner Center wants silence for another " + held));
    }

    private <T> Read<T> noticed(Target target, Read<T> read) {
        if (read instanceof Read.Found) {
            access.granted(target.signIn());
        }
        if (!(read instanceof Read.Denied<T> denied)) {
            return read;
        }
        Denial judged = access.judged(denied.denial(), target.signIn(), target.customer());
        access.denied(judged, denied.answer());
        return new Read.Denied<>(judged, denied.answer());
    }

    private static boolean isAboutToken(Read<?> read) {
        return read instanceof Read.Denied<?> denied && denied.answer().httpStatus() == 401 && !isRefusedAlone(read);
    }

    private static <T> Read<T> withoutToken(SignIn signIn) {
        return switch (signIn) {
            case SignIn.Refused refused -> new Read.Denied<>(refused.denial(), Answer.none(refused.words()));
            case SignIn.Unreachable silent ->
                new Read.Unavailable<>("no token: " + silent.words(), Answer.none(silent.words()));
            case SignIn.Granted granted -> throw new IllegalStateException("There is a token.");
        };
    }
}
