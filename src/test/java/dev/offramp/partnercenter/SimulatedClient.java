package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.simulator.PartnerCenterSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The real client against a simulator, for tests of other packages. */
public final class SimulatedClient {

    private SimulatedClient() {}

    /** @param clock of the node whose client it is, and of the simulator */
    public static PartnerCenter of(PartnerCenterSimulator simulator, InstantSource clock) {
        return TestClient.signedInAt(
                simulator.baseUri(),
                PartnerTenantId.of(simulator.scenario().partnerTenantId()),
                simulator.refreshToken(),
                clock,
                new Holds(clock));
    }

    /** No limit of its own; a hold ends by the clock. */
    private static final class Holds implements Pace {

        private final InstantSource clock;
        private final Map<ResourceClass, Instant> until = new EnumMap<>(ResourceClass.class);

        private Holds(InstantSource clock) {
            this.clock = clock;
        }

        @Override
        public Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
            return new HandPace().reserve(customer, calls, share);
        }

        @Override
        public synchronized void hold(ResourceClass resource, Duration retryAfter) {
            until.put(resource, clock.instant().plus(retryAfter));
        }

        @Override
        public synchronized Duration held(ResourceClass resource) {
            Instant now = clock.instant();
            Instant end = until.getOrDefault(resource, now);
            return end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO;
        }
    }
}
