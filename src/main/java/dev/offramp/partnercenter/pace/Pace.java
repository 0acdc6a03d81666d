package dev.offramp.partnercenter.pace;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.util.List;

/**
 * The shared rate limit: per partner tenant and resource class, and per customer. Slots are reserved in one round trip
 * and waited for by the caller without a connection ("your turn is in 320 ms"); nobody polls.
 */
public interface Pace {

    /** Reserves one slot for each call of {@code calls}, in that order, together. */
    Reservation reserve(CustomerId customer, List<ResourceClass> calls);

    /** Partner Center asked for silence: no call of this class starts before {@code retryAfter} is over. */
    void hold(ResourceClass resource, Duration retryAfter);

    /** How long the hold of this class still lasts on this node's knowledge; zero when there is none. */
    Duration held(ResourceClass resource);

    /** Reserved slots. */
    interface Reservation {

        /** How long from now the caller must wait before the first call; it looks again after waiting, as a hold may have come. */
        Duration remaining();

        /** Gives back the slots that were not used, newest first; more than were reserved is not possible. */
        void giveBack(List<ResourceClass> unused);
    }
}
