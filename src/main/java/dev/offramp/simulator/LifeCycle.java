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
        int steps = 0;
        while (steps < MOST_STEPS && step(subscription, now)) {
            steps++;
        }
    }

    private boolean step(HeldSubscription subscription, Instant now) {
        return switch (subscription.status()) {
            case "active" -> endOfTerm(subscription, now, "expired");
            case "suspended" ->
                subscription.kind().isLegacy()
                        ? after(subscription, LEGACY_SUSPENDED, "deleted", now)
                        : endOfTerm(subscription, now, "disabled");
            case "expired" -> after(subscription, EXPIRED, "disabled", now);
            case "disabled" ->
                after(
                        subscription,
                        subscription.body().has("suspensionReasons")
                                ? DISABLED_AFTER_SUSPENDED
                                : DISABLED_AFTER_EXPIRED,
                        "deleted",
                        now);
            default -> false;
        };
    }

    private boolean endOfTerm(HeldSubscription subscription, Instant now, String otherwise) {
        if (!subscription.kind().hasTerms() || now.equals(start)) {
            return false;
        }
        ObjectNode body = subscription.body();
        Instant end = Durations.instant(body.path("commitmentEndDate").asString(""))
                .map(date -> afterTheDay(subscription.kind(), date))
                .orElse(Instant.MAX);
        if (end.isBefore(start) || now.isBefore(end)) {
            return false;
        }
        boolean renews = subscription.status().equals("active")
                && body.path("autoRenewEnabled").asBoolean(false);
        if (renews) {
            renew(subscription, body, end);
        } else {
            become(subscription, otherwise, end);
        }
        return true;
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

    private static boolean after(HeldSubscription subscription, Duration time, String next, Instant now) {
        Instant due = subscription.since().plus(time);
        if (now.isBefore(due)) {
            return false;
        }
        become(subscription, next, due);
        return true;
    }

    private static void become(HeldSubscription subscription, String status, Instant at) {
        subscription.versions().become(subscription.body().deepCopy().put("status", status), at, Duration.ZERO);
        subscription.since(at);
    }
}
