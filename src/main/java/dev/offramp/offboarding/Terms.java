package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Under which terms an operation is asked for.
 *
 * @param planOnly {@code mode: plan}: read and judge, change nothing
 * @param notBefore nothing is done earlier
 * @param notAfter nothing is begun later; always set (default: the request's time + 30 days)
 */
public record Terms(
        boolean planOnly,
        @Nullable Instant notBefore,
        Instant notAfter,
        IfWindowClosed ifWindowClosed,
        OnActiveSubscriptions onActiveSubscriptions,
        OnActiveAzureSubscriptions onActiveAzureSubscriptions,
        Expectation expect) {

    /** Rows of a time before a member existed read as they were meant: nothing more than was asked for. */
    public Terms {
        onActiveAzureSubscriptions =
                Objects.requireNonNullElse(onActiveAzureSubscriptions, OnActiveAzureSubscriptions.FAIL);
    }

    /** What to do when the cancellation window is closed. */
    public enum IfWindowClosed {
        /** The request is rejected. */
        REJECT,
        /** Its auto-renewal is turned off, and it is read again at the end of its term. */
        TURN_OFF_AUTO_RENEW,
        /** It is cancelled when a renewal opens the window again. */
        WAIT;

        /** The word used in messages. */
        public String word() {
            return Words.of(name());
        }
    }

    /** What to do when active subscriptions stand in the way of an unlink. */
    public enum OnActiveSubscriptions {
        /** The unlink is rejected. */
        FAIL,
        /** They are suspended first. */
        SUSPEND,
        /** They are cancelled first. */
        CANCEL;

        /** The word used in messages. */
        public String word() {
            return Words.of(name());
        }
    }

    /** What to do when active Azure subscriptions stand in the way of cancelling their Azure plan. */
    public enum OnActiveAzureSubscriptions {
        /** The cancellation is rejected. */
        FAIL,
        /** They are cancelled first. */
        CANCEL;

        /** The word used in messages. */
        public String word() {
            return Words.of(name());
        }
    }

    /** How names are spelled in messages. */
    private static final class Words {
        private Words() {}

        static String of(String name) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
