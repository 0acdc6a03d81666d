package dev.offramp.simulator;

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
 * @param probability with which a call that is due goes wrong, drawn from the scenario's seed
 * @param latency how long a delay is, or how long a change takes that was accepted
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
        double probability,
        Action action,
        boolean afterEffect,
        Latency latency,
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
        GARBAGE,
        EXPIRE_TOKENS,
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
        if (probability <= 0 || probability > 1) {
            throw new IllegalArgumentException("a probability lies above 0 and is at most 1");
        }
    }

    /** Begins the rule for one operation, such as {@code cancel}, {@code unlink}, {@code read} or {@code token}. */
    public static FaultRule on(String operation) {
        if (!operation.equals("read") && Operation.named(operation).isEmpty()) {
            throw new IllegalArgumentException("no such operation: " + operation);
        }
        return new FaultRule(operation);
    }

    /** Begins the rule for every call. */
    public static FaultRule onAnyCall() {
        return new FaultRule(null);
    }

    boolean matches(Operation asked, String askedMethod, String askedPath, Target target) {
        return (operation == null || asked.answersTo(operation))
                && (method == null || method.equalsIgnoreCase(askedMethod))
                && (path == null || path.matcher(askedPath).find())
                && (customer == null || customer.equals(target.customer()))
                && (subscription == null || subscription.equals(target.subscription()));
    }
}
