package dev.offramp.partnercenter;

import org.jspecify.annotations.Nullable;

/**
 * What the server said, for people and for the record.
 *
 * @param httpStatus 0 when no response was read
 * @param code the error code as text, null when there was none
 * @param words the server's own description, or what broke on the way; never a secret
 * @param advice one line for people, empty when there is nothing to do
 */
public record Answer(
        int httpStatus,
        @Nullable String code,
        String words,
        String advice,
        @Nullable String requestId,
        @Nullable String correlationId) {

    /** No response was read; {@code words} says what broke. */
    public static Answer none(String words) {
        return new Answer(0, null, words, "", null, null);
    }
}
