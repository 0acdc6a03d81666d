package dev.offramp.operations.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;

/** Why a log-in is not accepted, as it is told to whoever tries; never what was tried. */
final class NotLetIn extends AuthenticationException {

    private final HttpStatus status;
    private final transient @Nullable Duration retryAfter;

    private NotLetIn(HttpStatus status, String sentence, @Nullable Duration retryAfter) {
        super(sentence);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    static NotLetIn wrong(String sentence) {
        return new NotLetIn(HttpStatus.UNAUTHORIZED, sentence, null);
    }

    static NotLetIn tooManyGuesses(Duration retryAfter) {
        return new NotLetIn(
                HttpStatus.TOO_MANY_REQUESTS,
                "There were too many wrong passwords for this name; try again in %d s.".formatted(seconds(retryAfter)),
                retryAfter);
    }

    static NotLetIn later(String sentence) {
        return new NotLetIn(HttpStatus.SERVICE_UNAVAILABLE, sentence, Duration.ofSeconds(10));
    }

    HttpStatus status() {
        return status;
    }

    /** In seconds; null when waiting does not help. */
    @Nullable
    Long retryAfterSeconds() {
        return retryAfter == null ? null : (Long) seconds(retryAfter);
    }

    private static long seconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).toSeconds());
    }
}
