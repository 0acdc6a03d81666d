package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Optional;

/** The time in which a request may be begun. */
final class TimeFrame {

    private TimeFrame() {}

    /** Empty inside the frame; both ends belong to it. */
    static Optional<Verdict> verdict(Terms terms, Instant now) {
        if (now.isAfter(terms.notAfter())) {
            return Optional.of(Blocks.because(
                    Reason.EXPIRED,
                    "The request was not to be begun after %s.".formatted(terms.notAfter()),
                    "If it is still wanted, send it as a new request."));
        }
        Instant notBefore = terms.notBefore();
        if (notBefore != null && now.isBefore(notBefore)) {
            return Optional.of(new Verdict.WaitUntil(
                    Reason.NOT_BEFORE, notBefore, "The request is not to be begun before %s.".formatted(notBefore)));
        }
        return Optional.empty();
    }
}
