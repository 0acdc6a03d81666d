package dev.offramp.simulator;

import dev.offramp.simulator.Fault.Action;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The first half of the sentence: which calls. */
public final class FaultRule {

    private final @Nullable String operation;
    private @Nullable String method;
    private @Nullable Pattern path;
    private @Nullable String customer;
    private @Nullable String subscription;
    private int nth = 1;
    private int times = 1;
    private double probability = 1;

    FaultRule(@Nullable String operation) {
        this.operation = operation;
    }

    public FaultRule method(String only) {
        method = only;
        return this;
    }

    /** @param regex found anywhere in the lower-case path */
    public FaultRule path(String regex) {
        path = Pattern.compile(regex);
        return this;
    }

    public FaultRule ofCustomer(String id) {
        customer = id;
        return this;
    }

    public FaultRule ofSubscription(String id) {
        subscription = id;
        return this;
    }

    /** @param first the first matching call that goes wrong, counted from 1 */
    public FaultRule nth(int first) {
        nth = first;
        return this;
    }

    public FaultRule times(int count) {
        times = count;
        return this;
    }

    public FaultRule always() {
        return times(Integer.MAX_VALUE);
    }

    /** Each matching call goes wrong with this probability, drawn from the scenario's seed. */
    public FaultRule withProbability(double chance) {
        probability = chance;
        return this;
    }

    /** The connection is closed without an answer, and nothing was done. */
    public Fault cutsOffBeforeTheEffect() {
        return rule(Action.CUT_OFF, false, Duration.ZERO);
    }

    /** The connection is closed without an answer although the change was made. */
    public Fault cutsOffAfterTheEffect() {
        return rule(Action.CUT_OFF, true, Duration.ZERO);
    }

    /** The connection is reset, and nothing was done. */
    public Fault resetsBeforeTheEffect() {
        return rule(Action.RESET, false, Duration.ZERO);
    }

    /** The connection is reset although the change was made. */
    public Fault resetsAfterTheEffect() {
        return rule(Action.RESET, true, Duration.ZERO);
    }

    /** The change is made, and the connection ends in the middle of the answer's body. */
    public Fault cutsTheBodyInHalf() {
        return rule(Action.HALF_BODY, true, Duration.ZERO);
    }

    /** The change is made, and something that is no JSON comes back with status 200. */
    public Fault answersGarbage() {
        return rule(Action.GARBAGE, true, Duration.ZERO);
    }

    /** Every access token given out so far is refused from now on, that of this call first of all. */
    public Fault findsItsTokenExpired() {
        return rule(Action.EXPIRE_TOKENS, false, Duration.ZERO);
    }

    /** As long as drawn evenly between the two. */
    public Fault waitsBeforeTheEffect(Duration from, Duration to) {
        return rule(Action.DELAY, false, new Latency(Latency.Shape.UNIFORM, from, to));
    }

    public Fault waitsBeforeTheEffect(Duration delay) {
        return rule(Action.DELAY, false, delay);
    }

    public Fault waitsAfterTheEffect(Duration delay) {
        return rule(Action.DELAY, true, delay);
    }

    /** Nothing is done, and the status comes back with an empty body. */
    public Fault answers(int status) {
        return answer(false, status, null, Map.of());
    }

    /** Nothing is done, and a documented error comes back. */
    public Fault answers(int status, String code, String description) {
        return answer(false, status, Errors.body(code, description), Map.of());
    }

    /** The change is made, and yet the status comes back, with an empty body. */
    public Fault answersAfterTheEffect(int status) {
        return answer(true, status, null, Map.of());
    }

    /** 202 with a Location comes back, and the change is made later. */
    public Fault acceptsAndCarriesOutAfter(Duration delay) {
        return rule(Action.ACCEPT, false, delay);
    }

    private Fault rule(Action action, boolean afterEffect, Duration delay) {
        return rule(action, afterEffect, Latency.fixed(delay));
    }

    Fault rule(Action action, boolean afterEffect, Latency latency) {
        return new Fault(
                operation,
                method,
                path,
                customer,
                subscription,
                nth,
                times,
                probability,
                action,
                afterEffect,
                latency,
                0,
                null,
                Map.of());
    }

    Fault answer(boolean afterEffect, int status, @Nullable String body, Map<String, String> headers) {
        return new Fault(
                operation,
                method,
                path,
                customer,
                subscription,
                nth,
                times,
                probability,
                Action.ANSWER,
                afterEffect,
                Latency.NONE,
                status,
                body,
                headers);
    }
}
