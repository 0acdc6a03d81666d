package dev.offramp.partnercenter;

import org.jspecify.annotations.Nullable;

/** Settings of the JDK's HTTP client that would send a destructive call twice. */
final class JdkClientSettings {

    static final String RETRY_ALL = "jdk.httpclient.enableAllMethodRetry";

    private JdkClientSettings() {}

    static void check() {
        check(System.getProperty(RETRY_ALL));
    }

    /** @throws IllegalStateException with a sentence when the client would repeat a PATCH */
    static void check(@Nullable String retryAll) {
        // The JDK reads an empty value as true.
        if (retryAll != null && (retryAll.isEmpty() || Boolean.parseBoolean(retryAll))) {
            throw new IllegalStateException(
                    "The system property %s makes Java send destructive calls twice; take it away."
                            .formatted(RETRY_ALL));
        }
    }
}
