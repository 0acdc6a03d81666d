package dev.offramp.safety;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether this is the right partner tenant: when too many customers of a source turn out not to be ours, every further
 * unlink of it is held until a person has decided.
 */
public interface TenantDoubt {

    /** A source in doubt. */
    record Doubt(String source, Instant since, String cause) {}

    /** Notes what reading the customer of an unlink showed, in the order in which it comes here. */
    void note(Request request, long batch, boolean foreign, Instant now);

    /** The doubt about a source; empty when there is none. */
    Optional<Doubt> of(String source);

    /** All sources in doubt. */
    List<Doubt> list();

    /**
     * Ends the doubt about a source: a person has looked. What is held because of it is released or rejected by itself.
     *
     * @return false when there was none
     */
    boolean clear(String source, String who, String cause, Instant now);

    /** How an unlink is held while its source is in doubt; empty when it is not, or a person has released it. */
    default Optional<Resolution> hold(Request request) {
        if (request.operation() != Operation.REMOVE_RESELLER_RELATIONSHIP
                || request.released().contains(Reason.CONFIRMATION_NEEDED)) {
            return Optional.empty();
        }
        return of(request.key().source()).map(doubt -> held(request, doubt));
    }

    private static Resolution held(Request request, Doubt doubt) {
        return Resolution.of(
                Reason.CONFIRMATION_NEEDED,
                request.effect(),
                "Many customers of source %s are not ours (%s, since %s): is this the right partner tenant?"
                        .formatted(doubt.source(), doubt.cause(), doubt.since()),
                Details.with()
                        .advice(
                                "Compare the source's list with the customers of this partner tenant; then release or reject, or end the doubt.")
                        .build());
    }
}
