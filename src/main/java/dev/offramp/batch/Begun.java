package dev.offramp.batch;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Blocker;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What becomes of a request that meets a "no" between two of its steps. Rejected means that nothing was changed, so it
 * waits for what stands in the way until its time is over, and is failed then; whoever does not want to wait withdraws it.
 */
final class Begun {

    /** How often a blocker without a date is looked at. */
    private static final Duration DAILY = Duration.ofDays(1);

    private static final Duration JUST_AFTER = Duration.ofSeconds(1);

    private Begun() {}

    /**
     * @param no a rejection
     * @param effect what was changed before it
     */
    static Resolution instead(Request request, Resolution no, Effect effect, Instant now) {
        return switch (no.reason()) {
            // What this request had turned off is on again: nothing of it is left.
            case RENEWED -> no.with(Effect.NONE);
            case EXPIRED ->
                Resolution.of(
                        Reason.DEADLINE_PASSED,
                        effect,
                        no.message() + " What was done of it stays done; the rest is given up.",
                        Details.with()
                                .advice("If the rest is still wanted, send it as a new request.")
                                .build());
            default -> waiting(request, no, effect, now);
        };
    }

    private static Resolution waiting(Request request, Resolution no, Effect effect, Instant now) {
        Instant next = nextLook(request, no, now);
        Details details = no.details();
        return new Resolution(
                Reason.WAITING_FOR_BLOCKER,
                effect,
                "A part of the request is carried out, and now something stands in the way (%s): %s"
                        .formatted(no.reason().word(), no.message()),
                next,
                null,
                Resolution.Doubt.NONE,
                Details.with()
                        .advice(
                                "It goes on when the way is clear, until %s; withdraw it if the rest is not wanted any more. %s"
                                        .formatted(
                                                request.terms().notAfter(),
                                                Objects.requireNonNullElse(details.advice(), ""))
                                        .strip())
                        .blockers(details.blockers())
                        .nextWindowAt(details.nextWindowAt())
                        .partnerCenter(details.partnerCenter())
                        .nextAttemptAt(next)
                        .build());
    }

    /** On the first date when all blockers name one, else daily; and once more when its time is over. */
    private static Instant nextLook(Request request, Resolution no, Instant now) {
        List<Blocker> blockers = no.details().blockers();
        boolean dated = !blockers.isEmpty() && blockers.stream().allMatch(each -> each.until() != null);
        Stream<Instant> looks = dated
                ? blockers.stream().map(each -> Objects.requireNonNull(each.until()))
                : Stream.of(now.plus(DAILY));
        return Stream.concat(looks, Stream.of(request.terms().notAfter().plus(JUST_AFTER)))
                .filter(each -> each.isAfter(now))
                .min(Instant::compareTo)
                .orElse(now.plus(DAILY));
    }
}
