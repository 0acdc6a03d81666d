package dev.offramp.operations;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Requests.HeldFilter;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
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
        return word(word, "state", Batch.State.values(), Batch.State::word, _ -> true);
    }

    static Batch.@Nullable StopReason stopReason(@Nullable String word) {
        return word(word, "stop reason", Batch.StopReason.values(), Batch.StopReason::word, _ -> true);
    }

    static @Nullable Status status(@Nullable String word) {
        return word(word, "status", Status.values(), Status::word, _ -> true);
    }

    static @Nullable Operation operation(@Nullable String word) {
        return word(word, "operation", Operation.values(), Operation::word, _ -> true);
    }

    /** An empty text is what a form sends for "all of them". */
    static HeldFilter held(
            @Nullable String source,
            @Nullable String operation,
            @Nullable String reason,
            @Nullable String group,
            @Nullable Long number) {
        Reason held = word(reason, "reason", Reason.values(), Reason::word, each -> each.status() == Status.HELD);
        return new HeldFilter(
                nothing(source),
                word(operation, "operation", Operation.values(), Operation::word, Operation::destructive),
                held == null ? null : held.word(),
                nothing(group),
                number);
    }

    static @Nullable String nothing(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static <T> @Nullable T word(
            @Nullable String word, String name, T[] all, Function<T, String> words, Predicate<T> allowed) {
        if (nothing(word) == null) {
            return null;
        }
        return Arrays.stream(all)
                .filter(allowed)
                .filter(each -> words.apply(each).equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("There is no %s '%s'; write one of %s."
                        .formatted(
                                name,
                                word,
                                Arrays.stream(all).filter(allowed).map(words).collect(Collectors.joining(", ")))));
    }
}
