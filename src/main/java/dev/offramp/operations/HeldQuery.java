package dev.offramp.operations;

import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which held requests are meant; a missing or empty member means all.
 *
 * @param source the source, as the requests write it
 * @param operation e.g. cancel-subscription
 * @param reason what it is held for, e.g. budget-exceeded
 * @param group the group that the source gave it
 * @param job the job that carries it out
 * @param run the number of the run that brought it
 * @param number this one
 * @param lastChanceUntil those with a last chance until this time, the most urgent first, e.g. 2026-11-21T12:00:00Z
 */
record HeldQuery(
        @Nullable String source,
        @Nullable String operation,
        @Nullable String reason,
        @Nullable String group,
        @Nullable String job,
        @Nullable Long run,
        @Nullable Long number,
        @Nullable Instant lastChanceUntil) {

    private static final Operation[] DESTRUCTIVE =
            Arrays.stream(Operation.values()).filter(Operation::destructive).toArray(Operation[]::new);

    private static final Reason[] HELD = Arrays.stream(Reason.values())
            .filter(each -> each.status() == Status.HELD)
            .toArray(Reason[]::new);

    /** @throws Problem when one of the words does not exist */
    Filter filter() {
        return Filter.ALL
                .and(Status.HELD)
                .and(By.SOURCE, Asked.nothing(source))
                .and(By.OPERATION, Asked.word(operation, "operation", DESTRUCTIVE, Operation::word))
                .and(By.REASON, Asked.word(reason, "reason", HELD, Reason::word))
                .and(By.GROUP, Asked.nothing(group))
                .and(By.JOB, Asked.nothing(job))
                .and(By.RUN, run)
                .and(By.NUMBER, number)
                .and(By.LAST_CHANCE, lastChanceUntil == null ? null : lastChanceUntil.atOffset(ZoneOffset.UTC));
    }
}
