package dev.offramp.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.reconcile.Comparison.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonTests {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration TOLERANCE = Duration.ofMinutes(15);
    private static final CustomerId CUSTOMER = CustomerId.of("5921f00a-32c0-4457-aaa1-e8018c650895");
    private static final CustomerId ANOTHER = CustomerId.of("a7a0cb8d-3c19-4a7c-a2a7-0d5dc1f9b6a4");

    @Test
    void findsTheEffectThatSomebodyElseCaused() {
        var ours = done("subscription-1", NOON, 1);
        var oursRecorded = recorded("subscription-1", NOON.plusSeconds(2), null);
        var theirs = recorded("subscription-2", NOON.plusSeconds(3), null);

        var comparison = compare(List.of(theirs, oursRecorded), List.of(ours));

        assertThat(comparison.matched()).containsExactly(new Match(oursRecorded, ours));
        assertThat(comparison.withoutRequest()).containsExactly(theirs);
        assertThat(comparison.withoutEffect()).isEmpty();
    }

    @Test
    void findsTheRequestWhoseEffectNoRecordShows() {
        var done = done("subscription-1", NOON, 1);

        var comparison = compare(List.of(), List.of(done));

        assertThat(comparison.withoutEffect()).containsExactly(done);
    }

    @Test
    void believesTheCorrelationIdBeforeTheTime() {
        var early = done("subscription-1", NOON, 1);
        var late = done("subscription-1", NOON.plusSeconds(600), 2);
        var ofTheLate = recorded("subscription-1", NOON, "correlation-2");
        var ofTheEarly = recorded("subscription-1", NOON.plusSeconds(590), null);

        var comparison = compare(List.of(ofTheLate, ofTheEarly), List.of(early, late));

        assertThat(comparison.matched())
                .containsExactlyInAnyOrder(new Match(ofTheLate, late), new Match(ofTheEarly, early));
    }

    @Test
    void doesNotBelieveACorrelationIdOfAnotherCustomer() {
        var done = done("subscription-1", NOON, 1);
        var elsewhere = new Recorded(
                NOON, Effect.SUBSCRIPTION_UPDATED, ANOTHER, Set.of("subscription-1"), "correlation-1", false, "jane");

        var comparison = compare(List.of(elsewhere), List.of(done));

        assertThat(comparison.withoutRequest()).containsExactly(elsewhere);
        assertThat(comparison.withoutEffect()).containsExactly(done);
    }

    @Test
    void countsTwoEffectsOfOneRequestAsOneTooMany() {
        var done = done("subscription-1", NOON, 1);
        var once = recorded("subscription-1", NOON, null);
        var twice = recorded("subscription-1", NOON.plusSeconds(60), null);

        var comparison = compare(List.of(twice, once), List.of(done));

        assertThat(comparison.matched()).containsExactly(new Match(once, done));
        assertThat(comparison.withoutRequest()).containsExactly(twice);
    }

    @Test
    void takesNothingTogetherThatIsTooFarApartInTime() {
        var done = done("subscription-1", NOON, 1);
        var onTime = recorded("subscription-1", NOON.plus(TOLERANCE), null);
        var tooLate = recorded("subscription-1", NOON.plus(TOLERANCE).plusMillis(1), null);

        assertThat(compare(List.of(onTime), List.of(done)).matched()).hasSize(1);
        assertThat(compare(List.of(tooLate), List.of(done)).matched()).isEmpty();
    }

    @Test
    void takesARecordThatNamesNoResourceForTheOneChangeOfThatCustomer() {
        var done = done("subscription-1", NOON, 1);
        var unnamed = new Recorded(NOON, Effect.SUBSCRIPTION_UPDATED, CUSTOMER, Set.of(), null, false, "jane");

        assertThat(compare(List.of(unnamed), List.of(done)).matched()).hasSize(1);
    }

    @Property(tries = 200)
    void losesNothingAndUsesNothingTwiceInWhateverOrder(@ForAll long seed, @ForAll @IntRange(max = 12) int count) {
        var random = new Random(seed);
        var records = new ArrayList<Recorded>();
        var effects = new ArrayList<Done>();
        for (int each = 0; each < count; each++) {
            var resource = "subscription-" + random.nextInt(3);
            var at = NOON.plusSeconds(random.nextInt(3600));
            if (random.nextInt(4) > 0) {
                effects.add(done(resource, at, each));
            }
            if (random.nextInt(4) > 0) {
                records.add(recorded(
                        resource,
                        at.plusSeconds(random.nextInt(60)),
                        random.nextBoolean() ? "correlation-" + each : null));
            }
        }
        var comparison = compare(records, effects);
        var shuffledRecords = new ArrayList<>(records);
        var shuffledEffects = new ArrayList<>(effects);
        Collections.shuffle(shuffledRecords, random);
        Collections.shuffle(shuffledEffects, random);

        assertThat(comparison.matched().size() + comparison.withoutRequest().size())
                .isEqualTo(records.size());
        assertThat(comparison.matched().size() + comparison.withoutEffect().size())
                .isEqualTo(effects.size());
        assertThat(compare(shuffledRecords, shuffledEffects).matched())
                .containsExactlyInAnyOrderElementsOf(comparison.matched());
    }

    private static Comparison compare(List<Recorded> recorded, List<Done> done) {
        return Comparison.of(recorded, done, TOLERANCE);
    }

    private static Recorded recorded(String resource, Instant at, @Nullable String correlationId) {
        return new Recorded(at, Effect.SUBSCRIPTION_UPDATED, CUSTOMER, Set.of(resource), correlationId, false, "jane");
    }

    private static Done done(String resource, Instant at, long request) {
        return new Done(at, Effect.SUBSCRIPTION_UPDATED, CUSTOMER, resource, "correlation-" + request, request);
    }
}
