package dev.offramp.safety;

import java.util.Locale;

/** Whom a log-in proves somebody to be, as far as four eyes go. */
public sealed interface Person {

    /** One whom nobody else can pass for by any verb of the API. */
    record Known(Kind kind, String name) implements Person {

        /** Whether these are two people: proved in the same way, or one person may have a log-in of each kind. */
        boolean isAnotherThan(Known other) {
            return kind == other.kind && !plain(name).equals(plain(other.name));
        }

        private static String plain(String name) {
            return name.strip().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One of whom that is not certain.
     *
     * @param why as a sentence, with what would help
     */
    record Unknown(String why) implements Person {}

    /** How a person was proved. */
    enum Kind {
        /** By a token of the issuer. */
        TOKEN,
        /** By the password of a local user that nobody but its holder can set. */
        USER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
