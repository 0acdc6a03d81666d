package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a request for the Partner Center API through route, pace and sign-in to its exchange, and the answer back. */
final class Api {

    private final InstantSource clock;
    private final Settings settings;
    private final Tokens tokens;
    private final Authority authority;
    private final Throttle throttle;
    private final FaultBook faults;
    private final CallLog log;
    private final Routes routes;
    private final Exchange exchange;

    Api(
            InstantSource clock,
            Settings settings,
            World world,
            Tokens tokens,
            SignIns signIns,
            Throttle throttle,
            FaultBook faults,
            CallLog log) {
        this.clock = clock;
        this.settings = settings;
        this.tokens = tokens;
        this.throttle = throttle;
        this.faults = faults;
        this.log = log;
        authority = new Authority(settings, tokens, signIns);
        Rulebook rulebook = new Rulebook(world, settings);
        routes = rulebook.routes();
        Replies replies = new Replies(settings.unknowns().requestIdMemory());
        exchange = new Exchange(clock, settings.unknowns(), rulebook, replies, tokens);
    }

    HttpAnswer answer(HttpRequest request) {
        if (Authority.serves(request)) {
            return signIn(request);
        }
        Optional<Routes.Route> route = routes.of(request);
        if (route.isEmpty()) {
            return HttpAnswer.text(
                    404, "The simulator has no such resource: " + request.method() + " " + request.path());
        }
        Operation operation = route.get().operation();
        Target target = route.get().target();
        Instant now = clock.instant();
        CallLog.Entry entry = log.arrived(now, operation, target, request);
        Optional<Duration> wait = throttle.refuse(operation, target, now);
        if (wait.isPresent()) {
            Result refused =
                    Result.throttled(wait.get().toSeconds(), settings.unknowns().retryAfter(), now);
            return given(request, entry, Exchange.Outcome.of(refused, false));
        }
        Result stranger = refuseSignIn(operation, request, now);
        if (stranger != null) {
            return given(request, entry, Exchange.Outcome.of(stranger, false));
        }
        FaultBook.Mischief mischief = faults.on(operation, request, target);
        return given(request, entry, exchange.run(request, operation, target, entry, mischief));
    }

    private HttpAnswer signIn(HttpRequest request) {
        FaultBook.Mischief mischief = faults.on(Operation.TOKEN, request, Target.NOBODY);
        Exchange.pause(mischief.before());
        Fault fault = mischief.fault();
        if (fault != null && !fault.afterEffect() && fault.action() != Fault.Action.ACCEPT) {
            return Spoilt.by(fault, HttpAnswer.empty(0));
        }
        HttpAnswer answer = authority.answer(request, clock.instant());
        Exchange.pause(mischief.after());
        return fault == null ? answer : Spoilt.by(fault, answer);
    }

    private @Nullable Result refuseSignIn(Operation operation, HttpRequest request, Instant now) {
        return switch (tokens.recognise(request.header("Authorization").orElse(""), now)) {
            case NONE, UNKNOWN, EXPIRED -> Result.unauthorized("400", "Access denied.");
            case WRONG_AUDIENCE ->
                Result.unauthorized("900420", "The audience in the token is invalid and no longer supported.");
            case USER_WITHOUT_SECOND_FACTOR ->
                Result.unauthorized("900421", "Multi-factor authentication is missing in the token.");
            case APPLICATION ->
                operation.isForUsers() || settings.onlyForUsers().contains(operation)
                        ? Result.error(403, "900329", "This resource does not support application-only authentication.")
                        : null;
            case USER -> null;
        };
    }

    /** The headers that every answer has: what the caller sent comes back, the rest is the server's own. */
    private HttpAnswer given(HttpRequest request, CallLog.Entry entry, Exchange.Outcome outcome) {
        Instant now = clock.instant();
        Map<String, String> headers = new LinkedHashMap<>(outcome.answer().headers());
        headers.put("X-Locale", request.header("X-Locale").orElse("en-US"));
        for (String header : new String[] {"MS-RequestId", "MS-CorrelationId"}) {
            headers.put(header, request.header(header).orElseGet(() -> Scenario.derived(header + now)));
        }
        headers.put("MS-CV", entry.vector());
        headers.put("MS-ServerId", "simulator");
        headers.put("Date", HttpDate.of(now));
        HttpAnswer answer = new HttpAnswer(
                outcome.answer().status(),
                headers,
                outcome.answer().body(),
                outcome.answer().ending());
        entry.answered(answer, outcome.code(), outcome.replayed(), now);
        return answer;
    }
}
