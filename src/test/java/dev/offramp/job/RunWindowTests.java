package dev.offramp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RunWindowTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void opensInTheEveningAndClosesInTheMorningOfTheNextDay() {
        var nights = new RunWindow(Set.of(DayOfWeek.FRIDAY), LocalTime.of(20, 0), LocalTime.of(6, 0), BERLIN);

        assertThat(nights.isOpen(at("2026-11-20T18:59:59Z"))).isFalse();
        assertThat(nights.isOpen(at("2026-11-20T19:00:00Z"))).isTrue();
        assertThat(nights.isOpen(at("2026-11-21T04:59:59Z"))).isTrue();
        assertThat(nights.isOpen(at("2026-11-21T05:00:00Z"))).isFalse();
        assertThat(nights.opensAt(at("2026-11-21T05:00:00Z"))).isEqualTo(at("2026-11-27T19:00:00Z"));
        assertThat(nights.opensAt(at("2026-11-20T22:00:00Z"))).isEqualTo(at("2026-11-20T22:00:00Z"));
        assertThat(nights.inWords()).isEqualTo("friday 20:00 to 06:00 Europe/Berlin");
    }

    @Test
    void isOpenForAWholeDayWhenItEndsWhereItBegins() {
        var saturdays = new RunWindow(Set.of(DayOfWeek.SATURDAY), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, BERLIN);

        assertThat(saturdays.isOpen(at("2026-11-20T22:59:59Z"))).isFalse();
        assertThat(saturdays.isOpen(at("2026-11-20T23:00:00Z"))).isTrue();
        assertThat(saturdays.isOpen(at("2026-11-21T22:59:59Z"))).isTrue();
        assertThat(saturdays.isOpen(at("2026-11-21T23:00:00Z"))).isFalse();
    }

    @Test
    void doesNotOpenOnADayWhoseClockLeavesItOut() {
        var hour = new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(2, 10), LocalTime.of(2, 50), BERLIN);

        // On 2026-03-29 the clock goes from 02:00 to 03:00.
        assertThat(hour.opensAt(at("2026-03-28T12:00:00Z"))).isEqualTo(at("2026-03-30T00:10:00Z"));
    }

    @Test
    void opensAtTheMomentOfTheChangeWhenItsBeginningIsLeftOut() {
        var early = new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(2, 30), LocalTime.of(4, 0), BERLIN);

        assertThat(early.opensAt(at("2026-03-28T12:00:00Z"))).isEqualTo(at("2026-03-29T01:00:00Z"));
        assertThat(early.isOpen(at("2026-03-29T01:59:59Z"))).isTrue();
        assertThat(early.isOpen(at("2026-03-29T02:00:00Z"))).isFalse();
    }

    @Test
    void takesTheFirstOfATimeThatComesTwice() {
        var early = new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(1, 0), LocalTime.of(2, 30), BERLIN);

        // On 2026-10-25 the clock goes from 03:00 back to 02:00.
        assertThat(early.isOpen(at("2026-10-25T00:29:59Z"))).isTrue();
        assertThat(early.isOpen(at("2026-10-25T00:30:00Z"))).isFalse();
        assertThat(early.isOpen(at("2026-10-25T01:15:00Z"))).isFalse();
    }

    @Test
    void mustOpenOnSomeDay() {
        assertThatThrownBy(() -> new RunWindow(Set.of(), LocalTime.NOON, LocalTime.MIDNIGHT, BERLIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 500)
    void nextOpensWhenItIsOpenAndNotBefore(@ForAll("windows") RunWindow window, @ForAll("times") Instant time) {
        var opens = window.opensAt(time);

        assertThat(window.isOpen(opens)).isTrue();
        assertThat(opens).isAfterOrEqualTo(time);
        if (window.isOpen(time)) {
            assertThat(opens).isEqualTo(time);
        } else {
            assertThat(window.isOpen(opens.minusNanos(1))).isFalse();
        }
    }

    @Property(tries = 500)
    void isShutFromNowUntilItNextOpens(
            @ForAll("windows") RunWindow window, @ForAll("times") Instant time, @ForAll("shares") double share) {
        var opens = window.opensAt(time);
        Assume.that(opens.isAfter(time));

        var between = time.plusMillis((long) (Duration.between(time, opens).toMillis() * share));

        Assume.that(between.isBefore(opens));
        assertThat(window.isOpen(between)).isFalse();
    }

    @Property(tries = 500)
    void isWhatTheClockOnTheWallSaysWhereNobodyTurnsIt(
            @ForAll("windows") RunWindow window, @ForAll("times") Instant time) {
        var rules = window.zone().getRules();
        var change = rules.nextTransition(time.minus(Duration.ofDays(3)));
        Assume.that(change == null || change.getInstant().isAfter(time.plus(Duration.ofDays(3))));

        var local = time.atZone(window.zone());
        var clock = local.toLocalTime();
        boolean sinceToday = window.days().contains(local.getDayOfWeek())
                && !clock.isBefore(window.from())
                && (clock.isBefore(window.until()) || !window.until().isAfter(window.from()));
        boolean sinceYesterday = window.days().contains(local.getDayOfWeek().minus(1))
                && !window.until().isAfter(window.from())
                && clock.isBefore(window.until());

        assertThat(window.isOpen(time)).isEqualTo(sinceToday || sinceYesterday);
    }

    @Provide
    Arbitrary<RunWindow> windows() {
        return Combinators.combine(
                        Arbitraries.of(DayOfWeek.class).set().ofMinSize(1),
                        Arbitraries.integers().between(0, 24 * 60 - 1),
                        Arbitraries.integers().between(0, 24 * 60 - 1),
                        Arbitraries.of(
                                "Europe/Berlin",
                                "America/New_York",
                                "America/Sao_Paulo",
                                "Australia/Lord_Howe",
                                "Pacific/Apia",
                                "Asia/Tehran",
                                "Africa/Casablanca",
                                "UTC"))
                .as((days, from, until, zone) -> new RunWindow(
                        days,
                        LocalTime.ofSecondOfDay(from * 60L),
                        LocalTime.ofSecondOfDay(until * 60L),
                        ZoneId.of(zone)));
    }

    @Provide
    Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(
                        at("2011-01-01T00:00:00Z").getEpochSecond(),
                        at("2030-01-01T00:00:00Z").getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    @Provide
    Arbitrary<Double> shares() {
        return Arbitraries.doubles().between(0, 1);
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
