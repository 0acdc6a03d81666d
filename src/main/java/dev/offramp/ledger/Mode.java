package dev.offramp.ledger;

import java.util.Locale;

/** Whether a request may ever be carried out; fixed at admission. */
public enum Mode {
    /** Read and judged, never executed. */
    OBSERVE,
    LIVE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Mode named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
