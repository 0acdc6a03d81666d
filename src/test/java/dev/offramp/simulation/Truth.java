package dev.offramp.simulation;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.SubscriptionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is the case at Partner Center, whatever anybody reads or is told. */
final class Truth {

    final Map<CustomerId, List<SubscriptionId>> subscriptions = new HashMap<>();

    /** What ended a subscription or a relationship, by the target's id. */
    final Map<String, Effect> effects = new HashMap<>();

    final List<Sent> calls = new ArrayList<>();

    /** What others changed about subscriptions that was not ours to change. */
    final List<Change> changes = new ArrayList<>();

    /** Somebody else changed how many seats there are. */
    record Change(CustomerId customer, SubscriptionId subscription, long at) {}

    int seatsOf(SubscriptionId subscription) {
        int seats = 25;
        for (var each : changes) {
            seats += each.subscription().equals(subscription) ? 1 : 0;
        }
        return seats;
    }

    /** A destructive call that left a node. */
    static final class Sent {

        final long request;
        final String step;
        final UUID correlationId;
        final long at;

        @Nullable
        Effect effect;

        Sent(long request, String step, UUID correlationId, long at) {
            this.request = request;
            this.step = step;
            this.correlationId = correlationId;
            this.at = at;
        }
    }

    /** A change that is in force from some time on, and to be read from some later time on. */
    static final class Effect {

        final long at;
        final long visibleAt;

        /** From when on the next reads are served by a replica that lags behind all the same; 0 when none will be. */
        long lagsFrom;

        /** Until when they are, which is known from the first of them on. */
        long lagsUntil;

        long lastStaleRead;

        Effect(long at, long visibleAt, long lagsFrom) {
            this.at = at;
            this.visibleAt = visibleAt;
            this.lagsFrom = lagsFrom;
        }
    }

    boolean isInForce(String target, long now) {
        var effect = effects.get(target);
        return effect != null && effect.at <= now;
    }
}
