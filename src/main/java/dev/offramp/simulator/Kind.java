package dev.offramp.simulator;

import java.time.Duration;
import java.util.Arrays;

/** The kinds of subscription whose rules differ (the product page of each names the window). */
enum Kind {
    NEW_COMMERCE("new-commerce", Duration.ofDays(7), Duration.ofDays(365), "900117", "7-day"),
    MARKETPLACE("marketplace", Duration.ofHours(72), Duration.ofDays(30), "900213", "72-hour"),
    SOFTWARE("software", Duration.ofDays(7), Duration.ofDays(365), "900117", "7-day"),
    LEGACY("legacy", Duration.ofDays(36_500), Duration.ofDays(365), "900117", "7-day"),
    LEGACY_AZURE("legacy-azure", Duration.ofDays(36_500), Duration.ofDays(365), "900117", "7-day"),
    AZURE_PLAN("azure-plan", Duration.ofDays(36_500), Duration.ofDays(365), "900117", "7-day"),
    SAVINGS_PLAN("savings-plan", Duration.ofDays(7), Duration.ofDays(365), "900117", "7-day");

    private final String word;
    private final Duration window;
    private final Duration term;
    private final String closedCode;
    private final String windowText;

    Kind(String word, Duration window, Duration term, String closedCode, String windowText) {
        this.word = word;
        this.window = window;
        this.term = term;
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

    /** How long after the purchase, and after each renewal, a cancel is accepted when the resource itself names no date. */
    Duration window() {
        return window;
    }

    Duration term() {
        return term;
    }

    /** Bought before new commerce: suspended ones are not billed, and nothing is cancelled. */
    boolean isLegacy() {
        return this == LEGACY || this == LEGACY_AZURE;
    }

    /** Whether terms end and begin: the others run until somebody ends them. */
    boolean hasTerms() {
        return this != AZURE_PLAN && this != LEGACY_AZURE;
    }

    /** Whether the partner pays for a subscription of this kind in this status. */
    boolean isBilled(String status) {
        return switch (status) {
            case "active" -> true;
            case "suspended", "expired" -> !isLegacy();
            default -> false;
        };
    }

    String closedCode() {
        return closedCode;
    }

    String closedText() {
        return closedText(windowText);
    }

    static String closedText(String window) {
        return "You have passed your " + window + " cancellation window. We are unable to cancel your purchase.";
    }
}
