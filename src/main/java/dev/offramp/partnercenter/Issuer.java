package dev.offramp.partnercenter;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives out tokens: Microsoft Entra ID, or a fake in tests. */
interface Issuer {

    /** For the application alone. */
    Issue forApp();

    /** For application and user, by the refresh token of a person's sign-in. */
    Issue forUser(String refreshToken);

    /** For application and user, by what a person's sign-in in the browser has brought. */
    Issue forCode(Code code);

    /**
     * An authorization code; it never prints.
     *
     * @param redirect where the browser was sent with it
     * @param verifier what proves that we are the one who asked for it (PKCE)
     */
    record Code(String value, URI redirect, String verifier) {

        @Override
        public String toString() {
            return "Code[not shown]";
        }
    }

    /** What the issuer said. */
    sealed interface Issue {

        /**
         * Tokens, which never print.
         *
         * @param rotated the refresh token that replaces the one that was used; null when none came
         * @param claims what the access token says about itself
         */
        record Tokens(String accessToken, @Nullable String rotated, Duration lifetime, Claims claims) implements Issue {

            Tokens(String accessToken, @Nullable String rotated, Duration lifetime, @Nullable String tenant) {
                this(accessToken, rotated, lifetime, new Claims(tenant, null, Claims.SecondFactor.UNKNOWN));
            }

            /** The token's {@code tid}; null when it has none. */
            @Nullable
            String tenant() {
                return claims.tenant();
            }

            @Override
            public String toString() {
                return "Tokens[not shown]";
            }
        }

        /**
         * A refusal.
         *
         * @param aboutUser whether a person must sign in again; else the app registration is wrong
         * @param words what was said, and what to do about it
         */
        record Refusal(boolean aboutUser, String words) implements Issue {}

        /** No answer, or one that says nothing about us. */
        record Silence(String words) implements Issue {}
    }
}
