package dev.offramp.partnercenter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came back from one exchange over the wire. */
sealed interface Heard {

    /**
     * A whole response.
     *
     * @param headers by lower-case name, the first value of each
     * @param body without a byte order mark; {@code null} when it was longer than we read, or no UTF-8
     */
    record Response(
            int status,
            Map<String, String> headers,
            @Nullable String body) implements Heard {

        @Nullable
        String header(String lowerCaseName) {
            return headers.get(lowerCaseName);
        }

        String text() {
            return body == null ? "" : body;
        }
    }

    /**
     * No response, or not all of it.
     *
     * @param neverLeft whether it is certain that the other side saw nothing of the request
     */
    record Silence(String words, boolean neverLeft) implements Heard {}

    /** It was held back at the last look. */
    record Withheld(Call.NotSent.Cause cause, String words) implements Heard {}
}
