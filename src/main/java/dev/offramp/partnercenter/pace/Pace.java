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
    default Reservation reserve(CustomerId customer, List<ResourceClass> calls) {
        return reserve(customer, calls, Share.WHOLE);
    }

    /** The same for somebody who may use only a share of the partner tenant's rate. */
    Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share);

    /**
     * A share of the partner tenant's rate of each resource class.
     *
     * @param job whose share it is; all its calls on all nodes together keep it
     * @param percent 1 to 100; who may use the whole rate shares it with everybody and has no lane of its own
     */
    record Share(String job, int percent) {

        static final int ALL = 100;

        public static final Share WHOLE = new Share("", ALL);

        public Share {
            if (percent < 1 || percent > ALL) {
                throw new IllegalArgumentException("A share of %d%% is none; write 1%% to 100%%.".formatted(percent));
            }
        }

        boolean isWhole() {
            return percent == ALL;
        }
    }

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
