package dev.offramp.partnercenter.pace;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The rate limit of one node. */
class InMemoryPaceTests extends PaceKit {

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

    @Test
    @Override
    void letsABurstGoAtOnceAndSpreadsTheRest() {
        super.letsABurstGoAtOnceAndSpreadsTheRest();
    }

    @Test
    @Override
    void limitsACustomerWithoutLimitingAnother() {
        super.limitsACustomerWithoutLimitingAnother();
    }

    @Test
    @Override
    void freesSlotsThatAreGivenBack() {
        super.freesSlotsThatAreGivenBack();
    }

    @Test
    @Override
    void givesBackNoMoreThanWasReserved() {
        super.givesBackNoMoreThanWasReserved();
    }

    @Test
    @Override
    void startsNobodyBeforeAHoldIsOver() {
        super.startsNobodyBeforeAHoldIsOver();
    }

    @Test
    @Override
    void neverShortensAHold() {
        super.neverShortensAHold();
    }

    @Property(tries = 200)
    void neverStartsMoreThanTheAllowanceNorInsideAHold(@ForAll long seed) {
        neverStartsMoreThanTheAllowanceNorInsideAHold(seed, 400);
    }
}
