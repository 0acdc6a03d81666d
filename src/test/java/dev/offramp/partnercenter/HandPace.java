package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A rate limit without a limit, whose holds stay as long as the test wants. */
final class HandPace implements Pace {

    private final Map<ResourceClass, Duration> holds = new EnumMap<>(ResourceClass.class);
    private int reserved;

    synchronized int reserved() {
        return reserved;
    }

    synchronized void release() {
        holds.clear();
    }

    @Override
    public synchronized Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
        reserved += calls.size();
        return new Reservation() {
            @Override
            public Duration remaining() {
                return Duration.ZERO;
            }

            @Override
            public void giveBack(List<ResourceClass> unused) {}
        };
    }

    @Override
    public synchronized void hold(ResourceClass resource, Duration retryAfter) {
        holds.put(resource, retryAfter);
    }

    @Override
    public synchronized Duration held(ResourceClass resource) {
        return holds.getOrDefault(resource, Duration.ZERO);
    }
}
