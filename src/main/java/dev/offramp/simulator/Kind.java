package dev.offramp.simulator;

import java.time.Duration;
import java.util.Arrays;

/** The kinds of subscription whose rules differ (the product page of each names the window). */
enum Kind {
    NEW_COMMERCE("new-commerce", Duration.ofDays(7), "900117", "7-day"),
    MARKETPLACE("marketplace", Duration.ofHours(72), "900213", "72-hour"),
    SOFTWARE("software", Duration.ofDays(7), "900117", "7-day"),
    LEGACY("legacy", Duration.ofDays(36_500), "900117", "7-day"),
    SAVINGS_PLAN("savings-plan", Duration.ofDays(7), "900117", "7-day");

    private final String word;
    private final Duration window;
    private final String closedCode;
    private final String windowText;

    Kind(String word, Duration window, String closedCode, String windowText) {
        this.word = word;
        this.window = window;
        this.closedCode = closedCode;
        this.windowText = windowText;
    }

    static Kind named(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such kind of subscription: " + word));
    }

    String word() {
        return word;
    }

    /** How long after the purchase a cancel is accepted when the resource itself names no date. */
    Duration window() {
        return window;
    }

    String closedCode() {
        return closedCode;
    }

    String closedText() {
        return "You have passed your " + windowText + " cancellation window. We are unable to cancel your purchase.";
    }
}
