package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** When a call whose reply nobody knows may be made again, for all times. */
class InDoubtPropertyTests {

    @Property
    void neverRepeatsBeforeTheCallCanHaveNoEffectAnyMore(
            @ForAll @IntRange(max = 900) int readAfter, @ForAll @IntRange(max = 5) int reads, @ForAll Seen seen) {
        InDoubt.Doubt doubt = new InDoubt.Doubt(new Step.RemoveRelationship(), NOW, NOW, reads);
        Instant at = NOW.plusSeconds(readAfter);
        boolean repeats = InDoubt.DEFAULT.next(doubt, seen, at, at) instanceof InDoubt.Next.RepeatNow;
        Statistics.collect(repeats);
        Statistics.coverage(coverage -> coverage.check(true).count(times -> times >= 5));
        if (repeats) {
            assertThat(seen).isEqualTo(Seen.NO_EFFECT);
            assertThat(at).isAfter(NOW.plusSeconds(360));
            assertThat(reads).isPositive();
        }
    }
}
