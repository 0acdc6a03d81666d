package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Takes a request for the Partner Center API through route, pace, sign-in, faults and rules to its answer. */
final class Api {

    private final InstantSource clock;
    private final Settings settings;
    private final World world;
    private final Tokens tokens;
    private final Authority authority;
    private final Throttle throttle;
    private final FaultBook faults;
    private final CallLog log;
    private final Reads reads;
    private final SubscriptionChanges subscriptionChanges;
    private final CustomerChanges customerChanges;
    private final Map<String, Result> answered = new HashMap<>();

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
        this.world = world;
        this.tokens = tokens;
        this.throttle = throttle;
        this.faults = faults;
        this.log = log;
        authority = new Authority(settings, tokens, signIns);
        reads = new Reads(world, settings);
        subscriptionChanges = new SubscriptionChanges(world, settings, reads);
        customerChanges = new CustomerChanges(world, settings, reads);
    }

    HttpAnswer answer(HttpRequest request) {
        if (Authority.serves(request)) {
            return token(request);
        }
        Optional<Route> route = route(request);
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
            return given(request, entry, Result.throttled(wait.get().toSeconds()), false);
        }
        Optional<Result> stranger = refuseSignIn(operation, request, now);
        if (stranger.isPresent()) {
            return given(request, entry, stranger.get(), false);
        }
        return new Exchange(request, operation, target, entry, faults.on(operation, request, target)).run();
    }

    private HttpAnswer token(HttpRequest request) {
        FaultBook.Mischief mischief = faults.on(Operation.TOKEN, request, Target.NOBODY);
        pause(mischief.before());
        Fault fault = mischief.fault();
        if (fault != null && !fault.afterEffect() && fault.action() != Fault.Action.ACCEPT) {
            return spoilt(fault, HttpAnswer.empty(0));
        }
        HttpAnswer answer = authority.answer(request, clock.instant());
        pause(mischief.after());
        return fault == null ? answer : spoilt(fault, answer);
    }

    private static HttpAnswer spoilt(Fault fault, HttpAnswer answer) {
        return switch (fault.action()) {
            case CUT_OFF -> answer.ending(HttpAnswer.Ending.CUT_OFF);
            case RESET -> answer.ending(HttpAnswer.Ending.RESET);
            case HALF_BODY -> answer.ending(HttpAnswer.Ending.HALF_BODY);
            case ANSWER -> replacement(fault);
            case DELAY, ACCEPT -> answer;
        };
    }

    private static HttpAnswer replacement(Fault fault) {
        HttpAnswer answer =
                fault.body() == null ? HttpAnswer.empty(fault.status()) : HttpAnswer.json(fault.status(), fault.body());
        for (Map.Entry<String, String> header : fault.headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }

    private Optional<Route> route(HttpRequest request) {
        List<String> path = request.segments();
        if (path.size() < 2
                || path.size() > 5
                || !path.get(0).equals("v1")
                || !path.get(1).equals("customers")) {
            return Optional.empty();
        }
        Target target = new Target(path.size() > 2 ? path.get(2) : null, path.size() > 4 ? path.get(4) : null);
        String last = path.size() > 3 ? path.get(3) : "";
        String shape = request.method() + " " + path.size() + " " + last;
        return switch (shape) {
            case "GET 2 " -> Optional.of(new Route(Operation.LIST_CUSTOMERS, target));
            case "GET 3 " -> Optional.of(new Route(Operation.READ_CUSTOMER, target));
            case "PATCH 3 " -> Optional.of(new Route(customerChanges.operation(request), target));
            case "GET 4 subscriptions" -> Optional.of(new Route(Operation.LIST_SUBSCRIPTIONS, target));
            case "GET 4 entitlements" -> Optional.of(new Route(Operation.LIST_ENTITLEMENTS, target));
            case "GET 5 subscriptions" -> Optional.of(new Route(Operation.READ_SUBSCRIPTION, target));
            case "PATCH 5 subscriptions" -> {
                synchronized (world) {
                    yield Optional.of(new Route(subscriptionChanges.operation(target, request), target));
                }
            }
            default -> Optional.empty();
        };
    }

    private Optional<Result> refuseSignIn(Operation operation, HttpRequest request, Instant now) {
        boolean userOnly = switch (operation) {
            case UNLINK, UPDATE_CUSTOMER, LIST_ENTITLEMENTS -> true;
            default -> false;
        };
        return switch (tokens.recognise(request.header("Authorization").orElse(""), now)) {
            case NONE, UNKNOWN, EXPIRED -> Optional.of(Result.unauthorized("400", "Access denied."));
            case WRONG_AUDIENCE ->
                Optional.of(
                        Result.unauthorized("900420", "The audience in the token is invalid and no longer supported."));
            case USER_WITHOUT_SECOND_FACTOR ->
                Optional.of(Result.unauthorized("900421", "Multi-factor authentication is missing in the token."));
            case APPLICATION ->
                userOnly
                        ? Optional.of(Result.error(
                                403, "900329", "This resource does not support application-only authentication."))
                        : Optional.empty();
            case USER -> Optional.empty();
        };
    }

    private Result carryOut(Operation operation, Target target, HttpRequest request) {
        Instant now = clock.instant();
        synchronized (world) {
            world.settle(now);
            if (operation.reads()) {
                return reads.answer(operation, target, request, now);
            }
            return target.subscription() == null
                    ? customerChanges.change(target, request, now)
                    : subscriptionChanges.change(target, request, now);
        }
    }

    private HttpAnswer given(HttpRequest request, CallLog.Entry entry, Result result, boolean replayed) {
        return given(request, entry, result.answer(), result.code(), replayed);
    }

    private HttpAnswer given(
            HttpRequest request, CallLog.Entry entry, HttpAnswer answer, @Nullable String code, boolean replayed) {
        HttpAnswer echoed = answer.with("X-Locale", "en-US");
        for (String header : List.of("MS-RequestId", "MS-CorrelationId")) {
            String value = request.header(header).orElseGet(() -> Scenario.derived(header + clock.instant()));
            echoed = echoed.with(header, value);
        }
        entry.answered(echoed, code, replayed, clock.instant());
        return echoed;
    }

    private static void pause(Duration delay) {
        if (delay.isZero()) {
            return;
        }
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Route(Operation operation, Target target) {}

    /** One call on its way through faults, effect and answer. */
    private final class Exchange {

        private final HttpRequest request;
        private final Operation operation;
        private final Target target;
        private final CallLog.Entry entry;
        private final FaultBook.Mischief mischief;

        private Exchange(
                HttpRequest request,
                Operation operation,
                Target target,
                CallLog.Entry entry,
                FaultBook.Mischief mischief) {
            this.request = request;
            this.operation = operation;
            this.target = target;
            this.entry = entry;
            this.mischief = mischief;
        }

        private HttpAnswer run() {
            pause(mischief.before());
            Fault fault = mischief.fault();
            if (fault != null && fault.action() == Fault.Action.ACCEPT && !operation.reads()) {
                return accept(fault);
            }
            if (fault != null && !fault.afterEffect() && fault.action() != Fault.Action.ACCEPT) {
                return given(request, entry, spoilt(fault, HttpAnswer.empty(0)), codeIn(fault), false);
            }
            Optional<String> repeated = settings.idempotentRequestIds() && !operation.reads()
                    ? request.header("MS-RequestId")
                    : Optional.empty();
            Result first = repeated.map(this::earlier).orElse(null);
            Result result = first == null ? effect(repeated) : first;
            pause(mischief.after());
            if (fault == null || fault.action() == Fault.Action.ACCEPT) {
                return given(request, entry, result, first != null);
            }
            String code = fault.action() == Fault.Action.ANSWER ? codeIn(fault) : result.code();
            return given(request, entry, spoilt(fault, result.answer()), code, first != null);
        }

        private Result effect(Optional<String> requestId) {
            Result result = carryOut(operation, target, request);
            if (result.changed()) {
                entry.tookEffect();
            }
            synchronized (answered) {
                requestId.ifPresent(id -> answered.put(id, result));
            }
            return result;
        }

        private @Nullable Result earlier(String requestId) {
            synchronized (answered) {
                return answered.get(requestId);
            }
        }

        private HttpAnswer accept(Fault fault) {
            Instant due = clock.instant().plus(fault.delay());
            synchronized (world) {
                world.later(due, () -> {
                    if (carryOut(operation, target, request).changed()) {
                        entry.tookEffect();
                    }
                });
            }
            String location = "/customers/" + target.customerId()
                    + (target.subscription() == null ? "" : "/subscriptions/" + target.subscription());
            pause(mischief.after());
            return given(request, entry, Result.accepted(location), false);
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
