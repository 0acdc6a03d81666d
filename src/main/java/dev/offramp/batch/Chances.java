package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Subscription;
import java.time.Instant;

/** Keeps until when a request can still be carried out, as soon as that was read and whatever becomes of the request then. */
interface Chances {

    void note(long request, LastChance chance);

    /** What was read tells it better than the request does, if it is the subscription that the request names. */
    default void keep(Request request, Reading reading, Instant now) {
        switch (reading) {
            case Reading.Known known -> {
                if (known.facts() instanceof Facts.OfSubscription of) {
                    keep(request, of.subscription(), now);
                }
            }
            case Reading.More more -> keep(request, more.found(), now);
            case Reading.Throttled _, Reading.Denied _, Reading.Unavailable _ -> {}
        }
    }

    private void keep(Request request, Subscription found, Instant now) {
        if (found.id() != null && found.id().equals(request.subscriptionId())) {
            note(request.number(), LastChance.of(request.operation(), request.terms(), found, now));
        }
    }
}
