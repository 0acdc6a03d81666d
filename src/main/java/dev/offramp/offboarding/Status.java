package dev.offramp.offboarding;

import java.util.Locale;

/** Where a request stands; the {@code status} of its newest outcome. */
public enum Status {
    ACCEPTED(false),
    /** Time settles it. */
    DEFERRED(false),
    /** A person decides. */
    HELD(false),
    /** Technical; goes on by itself or by a restart. */
    STALLED(false),
    SUCCEEDED(true),
    /** Nothing was changed. */
    REJECTED(true),
    WITHDRAWN(true),
    PLANNED(true),
    /** Something was begun and given up. */
    FAILED(true);

    private final boolean isFinal;

    Status(boolean isFinal) {
        this.isFinal = isFinal;
    }

    /** Whether nothing follows it; a final request is never opened again. */
    public boolean isFinal() {
        return isFinal;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Status named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
