package dev.offramp.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;

/**
 * Prints the sentence with which a part of ours refused its configuration, instead of the stack trace around it. Other
 * exceptions than those are bugs and keep their traces.
 */
final class OwnSentences implements FailureAnalyzer, Ordered {

    private static final String OURS = "dev.offramp.";

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable found = null;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (isOurs(each)) {
                found = each;
            }
        }
        return found == null || found.getMessage() == null
                ? null
                : new FailureAnalysis(
                        found.getMessage(),
                        "Change the configuration and start again. All keys: docs/configuration.md.",
                        found);
    }

    private static boolean isOurs(Throwable thrown) {
        if (thrown instanceof UnknownKeys.UnknownKeyException) {
            return false;
        }
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getName().startsWith(OURS)
                || (thrown instanceof IllegalArgumentException
                        && trace.length > 0
                        && trace[0].getClassName().startsWith(OURS));
    }
}
