package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is done already, and what was recorded before it.
 *
 * @param words the words of those of its steps whose effect is known
 * @param autoRenewBefore whether the subscription renewed by itself before we suspended it; null when we did not, or the
 *     record does not tell
 * @param termEndBefore when the term ended as it was recorded before this request turned off its auto-renewal; null when
 *     it did not, or the record does not tell
 */
public record StepsDone(
        Set<String> words,
        @Nullable Boolean autoRenewBefore,
        @Nullable Instant termEndBefore) {

    public static final StepsDone NONE = new StepsDone(Set.of(), null, null);

    public StepsDone {
        words = Set.copyOf(words);
    }

    public boolean includes(Step step) {
        return words.contains(step.word());
    }
}
