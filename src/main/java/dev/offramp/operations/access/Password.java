package dev.offramp.operations.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** A new password, long enough and no longer than its hash looks at. */
public record Password(String text) {

    private static final int SHORTEST = 12;
    private static final int LONGEST_BYTES = 72;

    /** @throws IllegalArgumentException with a sentence that does not quote it */
    public Password {
        if (text.codePointCount(0, text.length()) < SHORTEST) {
            throw new IllegalArgumentException("A password has at least %d characters.".formatted(SHORTEST));
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new IllegalArgumentException("A password has at most %d bytes.".formatted(LONGEST_BYTES));
        }
    }

    /** 24 characters that nobody guesses. */
    static Password generated() {
        var bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Without the text: it is a secret. */
    @Override
    public String toString() {
        return "Password[…]";
    }
}
