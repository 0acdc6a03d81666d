package dev.offramp.offboarding;

import java.util.Comparator;
import java.util.stream.Collectors;

/** Says of a request that came too late what it had stood behind. */
public final class MissedBehind {

    private MissedBehind() {}

    /**
     * A sentence to be added to a final one, with a blank before it; empty when the request did not end by time, or stood behind
     * nothing that is known.
     *
     * @param end what it ends with
     * @param stood why it stood where it stood until now
     * @param message how that was said
     */
    public static String sentence(Reason end, Reason stood, String message, Releases released) {
        if (end != Reason.EXPIRED && end != Reason.WINDOW_CLOSED) {
            return "";
        }
        return switch (stood.status()) {
            case HELD, DEFERRED, STALLED -> " It was missed behind %s: %s".formatted(stood.word(), message);
            default ->
                released.reasons().isEmpty()
                        ? ""
                        : " It was missed behind %s, until a person released it.".formatted(words(released));
        };
    }

    private static String words(Releases released) {
        return released.reasons().stream()
                .sorted(Comparator.comparing(Reason::word))
                .map(Reason::word)
                .collect(Collectors.joining(" and "));
    }
}
