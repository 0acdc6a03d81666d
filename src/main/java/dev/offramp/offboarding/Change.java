package dev.offramp.offboarding;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a PATCH of a subscription changes: one member of the whole resource that is sent back. */
public enum Change {
    CANCEL,
    SUSPEND,
    REACTIVATE,
    AUTO_RENEW_OFF,
    AUTO_RENEW_ON;

    /** The word of the step, e.g. {@code auto-renew-off}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Change> of(String word) {
        return Stream.of(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
