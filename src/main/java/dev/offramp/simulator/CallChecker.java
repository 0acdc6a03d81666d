package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Finds, in what arrived at the simulator, the calls that should never have been made. */
public final class CallChecker {

    private CallChecker() {}

    /**
     * Every call for a target that came after one that had already taken effect, one sentence each. After a cancel every
     * call for the subscription is one too many, after an unlink every call for the customer and its subscriptions; any
     * other change is repeated only when the same operation comes again with no other change between.
     *
     * @param calls in order of arrival
     */
    public static List<String> repeatedAfterEffect(List<Call> calls) {
        Map<String, Call> effects = new HashMap<>();
        List<String> sentences = new ArrayList<>();
        for (Call call : calls) {
            Call earlier = earlierEffect(effects, call);
            if (earlier != null) {
                sentences.add(sentence(call, earlier));
            }
            if (call.changed()) {
                targets(call).forEach(target -> effects.put(target, call));
            }
        }
        return List.copyOf(sentences);
    }

    private static @Nullable Call earlierEffect(Map<String, Call> effects, Call call) {
        Call unlinked = effects.get("customer " + call.customer());
        if (unlinked != null
                && (unlinked.operation() == Operation.UNLINK || unlinked.operation() == Operation.DELETE_CUSTOMER)) {
            return unlinked;
        }
        return targets(call).stream()
                .map(effects::get)
                .filter(Objects::nonNull)
                .filter(earlier -> earlier.operation().finishes() || earlier.operation() == call.operation())
                .findFirst()
                .orElse(null);
    }

    /** Of an order each line that is named stands for itself. */
    private static List<String> targets(Call call) {
        if (call.operation() != Operation.CANCEL_ORDER) {
            return List.of(call.target());
        }
        List<String> lines = lines(call.body());
        return lines.isEmpty()
                ? List.of(call.target())
                : lines.stream().map(line -> call.target() + " line " + line).toList();
    }

    private static List<String> lines(String body) {
        try {
            return Json.read(body)
                    .path("lineItems")
                    .valueStream()
                    .map(line -> line.path("lineItemNumber").asString(""))
                    .toList();
        } catch (JacksonException e) {
            return List.of();
        }
    }

    private static String sentence(Call call, Call earlier) {
        return "Call %d (%s of %s at %s, MS-RequestId %s) arrived although call %d (%s at %s, %s) had already taken effect."
                .formatted(
                        call.number(),
                        call.operation().word(),
                        call.target(),
                        call.time(),
                        call.requestId(),
                        earlier.number(),
                        earlier.operation().word(),
                        earlier.time(),
                        earlier.reply().equals("given") ? "answered" : "answer " + earlier.reply());
    }

    /**
     * Every call and read that arrived while the server had asked to be left alone, one sentence each.
     *
     * @param underway how long a call may already have been on its way when the 429 was given; it counts from the
     *     hold's start
     */
    public static List<String> insideHolds(List<Call> calls, List<Read> reads, List<Hold> holds, Duration underway) {
        List<String> sentences = new ArrayList<>();
        for (Hold hold : holds) {
            for (Call call : calls) {
                if (hold.covers(call.operation(), call.customer()) && inside(hold, call.time(), underway)) {
                    sentences.add(sentence(call.operation(), call.time(), hold));
                }
            }
            for (Read read : reads) {
                if (hold.covers(read.operation(), read.customer()) && inside(hold, read.time(), underway)) {
                    sentences.add(sentence(read.operation(), read.time(), hold));
                }
            }
        }
        return List.copyOf(sentences);
    }

    private static boolean inside(Hold hold, Instant time, Duration underway) {
        return time.isAfter(hold.from().plus(underway)) && time.isBefore(hold.until());
    }

    private static String sentence(Operation operation, Instant time, Hold hold) {
        return "%s arrived at %s, inside the hold of %s from %s until %s."
                .formatted(operation.word(), time, hold.resource(), hold.from(), hold.until());
    }
}
