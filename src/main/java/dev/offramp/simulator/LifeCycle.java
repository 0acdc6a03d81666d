package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ObjectNode;

/** What time alone does to subscriptions: terms end and begin, suspended and expired ones come to their end. */
final class LifeCycle {

    private static final Duration LEGACY_SUSPENDED = Duration.ofDays(90);
    private static final Duration EXPIRED = Duration.ofDays(30);
    private static final Duration DISABLED_AFTER_EXPIRED = Duration.ofDays(90);
    private static final Duration DISABLED_AFTER_SUSPENDED = Duration.ofDays(30);
    private static final int MOST_STEPS = 200;

    private final Unknowns unknowns;
    private final Instant start;

    /** @param start a term that ended before it is the scenario's affair */
    LifeCycle(Unknowns unknowns, Instant start) {
        this.unknowns = unknowns;
        this.start = start;
    }

    void catchUp(HeldSubscription subscription, Instant now) {
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            Instant due = subscription.due();
            if (due == null) {
                due = due(subscription);
                subscription.due(due);
            }
            if (now.isBefore(due)) {
                return;
            }
            happen(subscription, due);
        }
    }

    /** When time alone will change something next. */
    private Instant due(HeldSubscription subscription) {
        boolean legacy = subscription.kind().isLegacy();
        return switch (subscription.status()) {
            case "active" -> endOfTerm(subscription);
            case "suspended" -> legacy ? subscription.since().plus(LEGACY_SUSPENDED) : endOfTerm(subscription);
            case "expired" -> subscription.since().plus(EXPIRED);
            case "disabled" ->
                subscription
                        .since()
                        .plus(
                                subscription.body().has("suspensionReasons")
                                        ? DISABLED_AFTER_SUSPENDED
                                        : DISABLED_AFTER_EXPIRED);
            default -> Instant.MAX;
        };
    }

    private Instant endOfTerm(HeldSubscription subscription) {
        if (!subscription.kind().hasTerms()) {
            return Instant.MAX;
        }
        return Durations.instant(subscription.body().path("commitmentEndDate").asString(""))
                .map(date -> afterTheDay(subscription.kind(), date))
                .filter(end -> end.isAfter(start))
                .orElse(Instant.MAX);
    }

    private void happen(HeldSubscription subscription, Instant at) {
        switch (subscription.status()) {
            case "active" -> {
                ObjectNode body = subscription.body();
                if (body.path("autoRenewEnabled").asBoolean(false)) {
                    renew(subscription, body, at);
                } else {
                    become(subscription, "expired", at);
                }
            }
            case "suspended" -> become(subscription, subscription.kind().isLegacy() ? "deleted" : "disabled", at);
            case "expired" -> become(subscription, "disabled", at);
            default -> become(subscription, "deleted", at);
        }
    }

    /** Documented: the end date of new commerce is inclusive, that of legacy is not. */
    private static Instant afterTheDay(Kind kind, Instant date) {
        return kind.isLegacy() || kind == Kind.MARKETPLACE
                ? date
                : date.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    }

    private void renew(HeldSubscription subscription, ObjectNode before, Instant end) {
        ObjectNode body = before.deepCopy();
        Instant next = end.plus(subscription.kind().term()).truncatedTo(ChronoUnit.DAYS);
        body.put("effectiveStartDate", end.toString()).put("commitmentEndDate", next.toString());
        if (body.path("isTrial").asBoolean(false)) {
            body.put("isTrial", false);
        }
        body.remove("scheduledNextTermInstructions");
        subscription.windowEnds(end.plus(subscription.kind().window()));
        if (body.hasNonNull("cancellationAllowedUntilDate")) {
            switch (unknowns.cancellationDateAfterRenewal()) {
                case "kept" -> {
                    // As it was, although the server keeps to the new window.
                }
                case "null" -> body.putNull("cancellationAllowedUntilDate");
                default ->
                    body.put(
                            "cancellationAllowedUntilDate",
                            subscription.windowEnds().toString());
            }
        }
        subscription.versions().become(body, end, Duration.ZERO);
        subscription.since(end);
    }

    private static void become(HeldSubscription subscription, String status, Instant at) {
        subscription.versions().become(subscription.body().deepCopy().put("status", status), at, Duration.ZERO);
        subscription.since(at);
    }
}
