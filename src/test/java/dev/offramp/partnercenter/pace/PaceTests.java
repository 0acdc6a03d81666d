package dev.offramp.partnercenter.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What every rate limit must do; the clock is turned by hand. */
abstract class PaceTests {

    static final PartnerTenantId PARTNER = PartnerTenantId.of("0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b");
    static final CustomerId CONTOSO = CustomerId.of("c0000000-0000-4000-8000-00000000000a");
    static final CustomerId FABRIKAM = CustomerId.of("c0000000-0000-4000-8000-00000000000b");
    static final CustomerId ADATUM = CustomerId.of("c0000000-0000-4000-8000-00000000000c");
    static final Allowance RESOURCE = new Allowance(20, 5);
    static final Allowance CUSTOMER = new Allowance(12, 4);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** A rate limit whose clock stands still until it is told to go on. */
    interface Rig {
        ReservedPace pace();

        long now();

        void advance(Duration time);
    }

    abstract Rig rig(Allowance resource, Allowance customer);

    @Test
    void letsABurstGoAtOnceAndSpreadsTheRest() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));

        List<Duration> waits = new ArrayList<>();
        for (int call = 0; call < 8; call++) {
            waits.add(reserve(rig, CONTOSO, ResourceClass.CUSTOMER).remaining());
        }

        assertThat(waits.subList(0, 5)).containsOnly(Duration.ZERO);
        assertThat(waits.subList(5, 8))
                .containsExactly(Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(12));
    }

    @Test
    void limitsACustomerWithoutLimitingAnother() {
        Rig rig = rig(new Allowance(1000, 400), CUSTOMER);
        for (int call = 0; call < 4; call++) {
            assertThat(reserve(rig, CONTOSO, ResourceClass.CUSTOMER).remaining())
                    .isZero();
        }

        assertThat(reserve(rig, CONTOSO, ResourceClass.SUBSCRIPTION).remaining())
                .isPositive();
        assertThat(reserve(rig, FABRIKAM, ResourceClass.SUBSCRIPTION).remaining())
                .isZero();
    }

    @Test
    void freesSlotsThatAreGivenBack() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));
        Pace.Reservation all = reserve(
                rig,
                CONTOSO,
                ResourceClass.CUSTOMER,
                ResourceClass.CUSTOMER,
                ResourceClass.CUSTOMER,
                ResourceClass.CUSTOMER,
                ResourceClass.CUSTOMER);

        all.giveBack(List.of(ResourceClass.CUSTOMER, ResourceClass.CUSTOMER));

        assertThat(reserve(rig, CONTOSO, ResourceClass.CUSTOMER, ResourceClass.CUSTOMER)
                        .remaining())
                .isZero();
        assertThat(reserve(rig, CONTOSO, ResourceClass.CUSTOMER).remaining()).isPositive();
    }

    @Test
    void givesBackNoMoreThanWasReserved() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));
        Pace.Reservation one = reserve(rig, CONTOSO, ResourceClass.CUSTOMER);

        one.giveBack(List.of(ResourceClass.CUSTOMER, ResourceClass.CUSTOMER, ResourceClass.SUBSCRIPTION));
        one.giveBack(List.of(ResourceClass.CUSTOMER));

        for (int call = 0; call < 5; call++) {
            assertThat(reserve(rig, CONTOSO, ResourceClass.CUSTOMER).remaining())
                    .isZero();
        }
        assertThat(reserve(rig, CONTOSO, ResourceClass.CUSTOMER).remaining()).isPositive();
    }

    @Test
    void startsNobodyBeforeAHoldIsOver() {
        Rig rig = rig(RESOURCE, CUSTOMER);
        Pace.Reservation before = reserve(rig, CONTOSO, ResourceClass.CUSTOMER);

        rig.pace().hold(ResourceClass.CUSTOMER, Duration.ofSeconds(30));

        assertThat(rig.pace().held(ResourceClass.CUSTOMER)).isEqualTo(Duration.ofSeconds(30));
        assertThat(rig.pace().held(ResourceClass.SUBSCRIPTION)).isZero();
        assertThat(before.remaining()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(reserve(rig, FABRIKAM, ResourceClass.CUSTOMER).remaining())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(reserve(rig, ADATUM, ResourceClass.SUBSCRIPTION).remaining()).isZero();
        rig.advance(Duration.ofSeconds(30));
        assertThat(rig.pace().held(ResourceClass.CUSTOMER)).isZero();
    }

    @Test
    void letsAJobUseNoMoreThanItsShare() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));
        var half = new Pace.Share("cancels", 50);

        List<Duration> waits = new ArrayList<>();
        for (int call = 0; call < 12; call++) {
            waits.add(rig.pace()
                    .reserve(CONTOSO, List.of(ResourceClass.CUSTOMER), half)
                    .remaining());
        }

        assertThat(waits.stream().filter(wait -> wait.compareTo(Duration.ofMinutes(1)) < 0))
                .as("in the first minute")
                .hasSizeBetween(8, 10);
        assertThat(rig.pace()
                        .reserve(FABRIKAM, List.of(ResourceClass.SUBSCRIPTION), half)
                        .remaining())
                .as("each resource has a rate of its own")
                .isZero();
    }

    @Test
    void leavesToTheOthersWhatAJobMayNotUse() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));
        var tenth = new Pace.Share("cancels", 10);
        for (int call = 0; call < 2; call++) {
            rig.pace().reserve(CONTOSO, List.of(ResourceClass.CUSTOMER), tenth);
        }
        assertThat(rig.pace()
                        .reserve(CONTOSO, List.of(ResourceClass.CUSTOMER), tenth)
                        .remaining())
                .isPositive();

        rig.advance(Duration.ofMinutes(2));
        for (int call = 0; call < 4; call++) {
            assertThat(reserve(rig, FABRIKAM, ResourceClass.CUSTOMER).remaining())
                    .isZero();
        }
    }

    @Test
    void givesAJobsPlaceBackWithTheOthers() {
        Rig rig = rig(RESOURCE, new Allowance(1000, 100));
        var share = new Pace.Share("cancels", 10);
        var first = rig.pace().reserve(CONTOSO, List.of(ResourceClass.CUSTOMER), share);
        assertThat(first.remaining()).isZero();

        first.giveBack(List.of(ResourceClass.CUSTOMER));

        assertThat(rig.pace()
                        .reserve(FABRIKAM, List.of(ResourceClass.CUSTOMER), share)
                        .remaining())
                .isZero();
    }

    @Test
    void neverShortensAHold() {
        Rig rig = rig(RESOURCE, CUSTOMER);
        rig.pace().hold(ResourceClass.CUSTOMER, Duration.ofSeconds(30));

        rig.pace().hold(ResourceClass.CUSTOMER, Duration.ofSeconds(3));

        assertThat(rig.pace().held(ResourceClass.CUSTOMER)).isEqualTo(Duration.ofSeconds(30));
    }

    /** Callers that reserve, wait, call, give back and are told to be silent, in any order. */
    void neverStartsMoreThanTheAllowanceNorInsideAHold(long seed, int steps) {
        Random random = new Random(seed);
        Rig rig = rig(RESOURCE, CUSTOMER);
        List<Waiting> waiting = new ArrayList<>();
        List<Start> starts = new ArrayList<>();
        List<Hold> holds = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int dice = random.nextInt(100);
            if (dice < 55) {
                CustomerId customer = random.nextBoolean() ? CONTOSO : FABRIKAM;
                List<ResourceClass> calls = new ArrayList<>();
                for (int call = 0; call <= random.nextInt(4); call++) {
                    calls.add(ResourceClass.values()[random.nextInt(2)]);
                }
                waiting.add(new Waiting(customer, calls, rig.pace().reserve(customer, calls)));
            } else if (dice < 65 && !waiting.isEmpty()) {
                Waiting one = waiting.get(random.nextInt(waiting.size()));
                List<ResourceClass> unused =
                        one.calls().subList(0, random.nextInt(one.calls().size() + 1));
                List<ResourceClass> copy = List.copyOf(unused);
                unused.clear();
                one.reservation().giveBack(copy);
            } else if (dice < 69) {
                ResourceClass resource = ResourceClass.values()[random.nextInt(2)];
                Duration time = Duration.ofMillis(1 + random.nextInt(20_000));
                rig.pace().hold(resource, time);
                holds.add(new Hold(resource, rig.now(), rig.now() + time.toNanos()));
            } else {
                letTimePass(rig, Duration.ofMillis(1 + random.nextInt(6_000)), waiting, starts);
            }
            startWhoMay(rig, waiting, starts);
        }
        assertThat(holds)
                .allSatisfy(hold -> assertThat(starts)
                        .noneMatch(start -> start.resource() == hold.resource()
                                && start.at() > hold.from()
                                && start.at() < hold.until()));
        assertWithin(starts, Start::resource, RESOURCE.perMinute());
        assertWithin(starts, Start::customer, CUSTOMER.perMinute());
    }

    /** Callers wake up exactly when they were told to. */
    private static void letTimePass(Rig rig, Duration time, List<Waiting> waiting, List<Start> starts) {
        Duration left = time;
        while (left.isPositive()) {
            Duration step = left;
            for (Waiting one : waiting) {
                Duration wait = one.reservation().remaining();
                step = wait.compareTo(step) < 0 ? wait : step;
            }
            rig.advance(step);
            left = left.minus(step);
            startWhoMay(rig, waiting, starts);
        }
    }

    private static void startWhoMay(Rig rig, List<Waiting> waiting, List<Start> starts) {
        waiting.removeIf(one -> {
            if (!one.reservation().remaining().isZero()) {
                return false;
            }
            one.calls().forEach(call -> starts.add(new Start(call, one.customer(), rig.now())));
            return true;
        });
    }

    private static void assertWithin(List<Start> starts, Function<Start, Object> group, int most) {
        for (Start first : starts) {
            assertThat(starts.stream()
                            .filter(start -> group.apply(start).equals(group.apply(first)))
                            .filter(start -> start.at() >= first.at() && start.at() - first.at() < MINUTE)
                            .count())
                    .as("calls in the minute from %d", first.at())
                    .isLessThanOrEqualTo(most);
        }
    }

    static Pace.Reservation reserve(Rig rig, CustomerId customer, ResourceClass... calls) {
        return rig.pace().reserve(customer, List.of(calls));
    }

    private record Waiting(CustomerId customer, List<ResourceClass> calls, Pace.Reservation reservation) {}

    private record Start(ResourceClass resource, CustomerId customer, long at) {}

    private record Hold(ResourceClass resource, long from, long until) {}
}
