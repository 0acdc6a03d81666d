package dev.offramp.partnercenter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives out tokens: Microsoft Entra ID, or a fake in tests. */
interface Issuer {

    /** For the application alone. */
    Issue forApp();

    /** For application and user, by the refresh token of a person's sign-in. */
    Issue forUser(String refreshToken);

    /** What the issuer said. */
    sealed interface Issue {

        /**
         * Tokens, which never print.
         *
         * @param rotated the refresh token that replaces the one that was used; null when none came
         * @param tenant the token's {@code tid}; null when it has none
         */
        record Tokens(
                String accessToken,
                @Nullable String rotated,
                Duration lifetime,
                @Nullable String tenant) implements Issue {

            @Override
            public String toString() {
                return "Tokens[not shown]";
            }
        }

        /**
         * A refusal.
         *
         * @param aboutUser whether a person must sign in again; else the app registration is wrong
         */
        record Refusal(boolean aboutUser, String words) implements Issue {}

        /** No answer, or one that says nothing about us. */
        record Silence(String words) implements Issue {}
    }
}
