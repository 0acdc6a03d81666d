package dev.offramp.reconcile;

import dev.offramp.ledger.NamedLease;
import dev.offramp.reconcile.RecordReading.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the comparisons that are due, on one node at a time; a node that dies leaves them to another one. It changes nothing
 * at Partner Center.
 */
final class Reconciler {

    /** So many days are made up for when nobody was there, or signed in. */
    private static final int MISSED = 7;

    private static final Duration AGAIN = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Reconciliations all;
    private final Calls calls;
    private final RecordReading reading;
    private final NamedLease lease;
    private final ReconcileProperties properties;
    private final BooleanSupplier daily;
    private final InstantSource clock;
    private final ReconcileJournal journal;
    private @Nullable LocalDate firedOn;

    /** @param daily whether the daily ones are wanted now: live, and signed in */
    Reconciler(
            Reconciliations all,
            Calls calls,
            RecordReading reading,
            NamedLease lease,
            ReconcileProperties properties,
            BooleanSupplier daily,
            InstantSource clock,
            ReconcileJournal journal) {
        this.all = all;
        this.calls = calls;
        this.reading = reading;
        this.lease = lease;
        this.properties = properties;
        this.daily = daily;
        this.clock = clock;
        this.journal = journal;
    }

    /** Fires the daily ones, and makes one that is due. */
    void look() {
        fire();
        if (all.due(clock.instant()).isEmpty() || !lease.hold(clock.instant())) {
            return;
        }
        try {
            // Another node may have made it in between.
            all.due(clock.instant()).ifPresent(this::make);
        } finally {
            lease.giveBack(clock.instant());
        }
    }

    private void fire() {
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!properties.daily()
                || today.equals(firedOn)
                || now.isBefore(today.atTime(properties.at()).toInstant(ZoneOffset.UTC))
                || !daily.getAsBoolean()) {
            return;
        }
        for (int back = MISSED; back >= 1; back--) {
            var day = today.minusDays(back);
            if (calls.knewRequestsBefore(start(day.plusDays(1)))) {
                all.fire(day, "daily", now);
            }
            // Whose records were late is looked at once more when all must be there.
            if (!isSoon(day, now)
                    && all.made(day).filter(each -> each.late() > 0).isPresent()) {
                all.fire(day, "again", now);
            }
        }
        firedOn = today;
    }

    /** Whether records of the day may still come. */
    private boolean isSoon(LocalDate day, Instant now) {
        return now.isBefore(start(day.plusDays(1)).plus(properties.lateAfter()));
    }

    private void make(Reconciliation asked) {
        var now = clock.instant();
        var day = asked.day();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        var objection = Reconciliations.objection(day, today);
        if (objection.isPresent()) {
            all.giveUp(asked.number(), objection.get(), now);
            return;
        }
        switch (reading.read(day.minusDays(1), day.plusDays(1), () -> lease.hold(clock.instant()))) {
            case Result.Whole(var records) -> {
                var from = start(day).minus(properties.tolerance());
                var until = start(day.plusDays(1)).plus(properties.tolerance());
                var findings =
                        Findings.of(day, records, calls.between(from, until), properties.tolerance(), isSoon(day, now));
                if (all.end(
                        asked.number(),
                        findings,
                        JSON.writeValueAsString(findings),
                        sentence(findings),
                        clock.instant())) {
                    journal.compared(asked, findings);
                }
            }
            case Result.NotRead(var why) -> notRead(asked, why);
        }
    }

    private void notRead(Reconciliation asked, String why) {
        var now = clock.instant();
        boolean givenUp = asked.askedAt().plus(properties.giveUpAfter()).isBefore(now);
        var message = "Partner Center's audit records could not be read: %s.".formatted(why);
        if (givenUp) {
            all.giveUp(asked.number(), message, now);
        } else {
            all.putOff(asked.number(), message + " It is tried again.", now.plus(AGAIN));
        }
        journal.notCompared(asked, why, givenUp);
    }

    private static String sentence(Findings findings) {
        if (findings.wantPerson()) {
            return "%d effects are explained by no call of this service, and %d effects of the ledger are in no record: a person must look."
                    .formatted(
                            findings.withoutRequest().size(), findings.missing().size());
        }
        if (!findings.unreadable().isEmpty()) {
            return "No finding; but %d records lack what they would be compared by."
                    .formatted(findings.unreadable().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
        }
        return findings.late().isEmpty()
                ? "All that the ledger tells is recorded, and nothing else was lost."
                : "Nothing else was lost; %d records may still come, and the day is compared again."
                        .formatted(findings.late().size());
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
