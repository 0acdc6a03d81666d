package dev.offramp.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rule by which an answer goes wrong. It is written like a sentence:
 * {@code Fault.on("cancel").ofSubscription(id).nth(2).cutsOffAfterTheEffect()}.
 *
 * @param operation an operation's word, {@code read} for every read, or nothing for any call
 * @param path a regular expression that must be found in the lower-case path
 * @param nth the first matching call that goes wrong, counted from 1
 * @param times how many matching calls from there on go wrong
 * @param status of an answer that replaces the true one
 */
public record Fault(
        @Nullable String operation,
        @Nullable String method,
        @Nullable Pattern path,
        @Nullable String customer,
        @Nullable String subscription,
        int nth,
        int times,
        Action action,
        boolean afterEffect,
        Duration delay,
        int status,
        @Nullable String body,
        Map<String, String> headers) {

    /** What goes wrong. */
    public enum Action {
        CUT_OFF,
        RESET,
        HALF_BODY,
        DELAY,
        ANSWER,
        ACCEPT;

        /** The name in scenario files. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Fault {
        customer = customer == null ? null : customer.toLowerCase(Locale.ROOT);
        subscription = subscription == null ? null : subscription.toLowerCase(Locale.ROOT);
        headers = Map.copyOf(headers);
        if (nth < 1 || times < 1) {
            throw new IllegalArgumentException("nth and times count from 1");
        }
    }

    /** Begins the rule for one operation, such as {@code cancel}, {@code unlink}, {@code read} or {@code token}. */
    public static Rule on(String operation) {
        if (!operation.equals("read") && Operation.named(operation).isEmpty()) {
            throw new IllegalArgumentException("no such operation: " + operation);
        }
        return new Rule(operation);
    }

    /** Begins the rule for every call. */
    public static Rule onAnyCall() {
        return new Rule(null);
    }

    boolean matches(Operation asked, String askedMethod, String askedPath, Target target) {
        return (operation == null || asked.answersTo(operation))
                && (method == null || method.equalsIgnoreCase(askedMethod))
                && (path == null || path.matcher(askedPath).find())
                && (customer == null || customer.equals(target.customer()))
                && (subscription == null || subscription.equals(target.subscription()));
    }

    /** The first half of the sentence: which calls. */
    public static final class Rule {

        private final @Nullable String operation;
        private @Nullable String method;
        private @Nullable Pattern path;
        private @Nullable String customer;
        private @Nullable String subscription;
        private int nth = 1;
        private int times = 1;

        private Rule(@Nullable String operation) {
            this.operation = operation;
        }

        public Rule method(String only) {
            method = only;
            return this;
        }

        /** @param regex found anywhere in the lower-case path */
        public Rule path(String regex) {
            path = Pattern.compile(regex);
            return this;
        }

        public Rule ofCustomer(String id) {
            customer = id;
            return this;
        }

        public Rule ofSubscription(String id) {
            subscription = id;
            return this;
        }

        /** @param first the first matching call that goes wrong, counted from 1 */
        public Rule nth(int first) {
            nth = first;
            return this;
        }

        public Rule times(int count) {
            times = count;
            return this;
        }

        public Rule always() {
            return times(Integer.MAX_VALUE);
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

        Fault rule(Action action, boolean afterEffect, Duration delay) {
            return new Fault(
                    operation,
                    method,
                    path,
                    customer,
                    subscription,
                    nth,
                    times,
                    action,
                    afterEffect,
                    delay,
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
                    Action.ANSWER,
                    afterEffect,
                    Duration.ZERO,
                    status,
                    body,
                    headers);
        }
    }
}
