package dev.offramp.offboarding;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's status: an open set, because Partner Center's own grew more than once.
 *
 * @param known what we understand by it; {@link Known#UNKNOWN} for everything else
 * @param text as the server spelled it; empty when it was missing
 */
public record SubscriptionStatus(Known known, String text) {

    /** The documented statuses, and one for all others. */
    public enum Known {
        ACTIVE,
        PENDING,
        SUSPENDED,
        EXPIRED,
        DISABLED,
        DELETED,
        UNKNOWN
    }

    /** Reads any spelling; {@code none}, a missing and an undocumented status are {@link Known#UNKNOWN}. */
    public static SubscriptionStatus of(@Nullable String text) {
        if (text == null) {
            return new SubscriptionStatus(Known.UNKNOWN, "");
        }
        for (Known known : Known.values()) {
            if (known != Known.UNKNOWN && known.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return new SubscriptionStatus(known, text);
            }
        }
        return new SubscriptionStatus(Known.UNKNOWN, text);
    }

    public boolean is(Known other) {
        return known == other;
    }
}
