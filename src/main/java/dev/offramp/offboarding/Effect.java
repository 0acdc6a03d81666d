package dev.offramp.offboarding;

import java.util.Locale;

/** What a request changed at Partner Center. */
public enum Effect {
    CANCELLED,
    SUSPENDED,
    REACTIVATED,
    AUTO_RENEW_OFF,
    UNLINKED,
    NONE,
    PARTIAL,
    UNKNOWN;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Effect named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
