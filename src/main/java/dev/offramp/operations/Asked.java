package dev.offramp.operations;

import dev.offramp.ledger.Batch;
import dev.offramp.safety.DoubtDecisions.Decision;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the words of a question, and says which words there are when one is wrong. */
final class Asked {

    private static final int MOST = 200;

    private static final Pattern BATCH = Pattern.compile("(?:[Bb]-)?([0-9]{1,18})");

    private Asked() {}

    static int limit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw Problem.badRequest("limit is %d; ask for 1 to %d at a time.".formatted(limit, MOST));
        }
        return limit;
    }

    /** The number in {@code B-1843} or {@code 1843}. */
    static long batch(String name) {
        Matcher matcher = BATCH.matcher(name);
        if (!matcher.matches()) {
            throw Problem.badRequest("'%s' is no batch; write its number, e.g. B-1843.".formatted(name));
        }
        return Long.parseLong(matcher.group(1));
    }

    /** How many things the asker expects to change. */
    static long expectedCount(@Nullable Long count, String what) {
        if (count == null || count < 0) {
            throw Problem.badRequest("Say in the member 'expectedCount' how many %s.".formatted(what));
        }
        return count;
    }

    static Batch.@Nullable State state(@Nullable String word) {
        return one(word, "state", Batch.State.values(), Batch.State::word);
    }

    static Batch.@Nullable StopReason stopReason(@Nullable String word) {
        return one(word, "stop reason", Batch.StopReason.values(), Batch.StopReason::word);
    }

    static Decision decision(@Nullable String word) {
        var decision = one(word, "decision", Decision.values(), Decision::word);
        if (decision == null) {
            throw Problem.badRequest(
                    "Say in the member 'decision' what you found out: done, not-done, or ask-again when nobody knows yet.");
        }
        return decision;
    }

    /** The word itself, if it is one of these; null when none was given. */
    static <T> @Nullable String word(@Nullable String word, String name, T[] all, Function<T, String> words) {
        return one(word, name, all, words) == null ? null : word;
    }

    /** An empty text is what a form sends for "all of them". */
    static @Nullable String nothing(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static <T> @Nullable T one(@Nullable String word, String name, T[] all, Function<T, String> words) {
        if (nothing(word) == null) {
            return null;
        }
        return Arrays.stream(all)
                .filter(each -> words.apply(each).equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("There is no %s '%s'; write one of %s."
                        .formatted(name, word, Arrays.stream(all).map(words).collect(Collectors.joining(", ")))));
    }
}
