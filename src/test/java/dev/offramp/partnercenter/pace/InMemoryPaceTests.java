package dev.offramp.partnercenter.pace;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The rate limit of one node. */
class InMemoryPaceTests extends PaceTests {

    @Override
    Rig rig(Allowance resource, Allowance customer) {
        return new HandRig(resource, customer);
    }

    private static final class HandRig implements Rig {
        // Such readings have no meaning by themselves; they may be negative.
        private long now = -Duration.ofMinutes(5).toNanos();
        private final ReservedPace pace;

        HandRig(Allowance resource, Allowance customer) {
            pace = new ReservedPace(new InMemoryTimetable(this::now), PARTNER, resource, customer, this::now);
        }

        @Override
        public ReservedPace pace() {
            return pace;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void advance(Duration time) {
            now += time.toNanos();
        }
    }

    @Property(tries = 200)
    void neverStartsMoreThanTheAllowanceNorInsideAHold(@ForAll long seed) {
        neverStartsMoreThanTheAllowanceNorInsideAHold(seed, 400);
    }
}
