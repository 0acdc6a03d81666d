package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreezeTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** The clock goes forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00. */
    @ParameterizedTest
    @CsvSource({
        "2026-12-20,       2027-01-03,       2026-12-19T23:00:00Z, 2027-01-03T23:00:00Z",
        "2026-12-24,       2026-12-24,       2026-12-23T23:00:00Z, 2026-12-24T23:00:00Z",
        "2026-12-24T18:00, 2026-12-25T06:00, 2026-12-24T17:00:00Z, 2026-12-25T05:00:00Z",
        "2026-03-29T02:30, 2026-03-29T04:00, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
        "2026-03-28,       2026-03-29T02:30, 2026-03-27T23:00:00Z, 2026-03-29T01:00:00Z",
        "2026-10-25T02:30, 2026-10-25T04:00, 2026-10-25T00:30:00Z, 2026-10-25T03:00:00Z",
        "2026-10-24,       2026-10-25T02:30, 2026-10-23T22:00:00Z, 2026-10-25T01:30:00Z"
    })
    void beginsAndEndsByTheClockOnTheWall(String from, String until, Instant begins, Instant ends) {
        var freeze = Freeze.of(from, until, BERLIN, Set.of(), "holidays");

        assertThat(freeze.begins()).isEqualTo(begins);
        assertThat(freeze.ends()).isEqualTo(ends);
        assertThat(freeze.holds(begins.minusSeconds(1))).isFalse();
        assertThat(freeze.holds(begins)).isTrue();
        assertThat(freeze.holds(ends.minusSeconds(1))).isTrue();
        assertThat(freeze.holds(ends)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,          true,  true",
        "REMOVE_RESELLER_RELATIONSHIP, true,  false",
        "WITHDRAW,                     false, false"
    })
    void concernsWhatItNamesAndEverythingDestructiveWhereItNamesNothing(
            Operation operation, boolean byAll, boolean byCancel) {
        assertThat(Freeze.of("2026-12-20", "2026-12-21", BERLIN, Set.of(), "x").concerns(operation))
                .isEqualTo(byAll);
        assertThat(Freeze.of("2026-12-20", "2026-12-21", BERLIN, Set.of(Operation.CANCEL_SUBSCRIPTION), "x")
                        .concerns(operation))
                .isEqualTo(byCancel);
    }

    @Test
    void saysWhatIsWrongWithWhatIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freeze.of("20.12.2026", "2026-12-21", BERLIN, Set.of(), "x"))
                .withMessage(
                        "from: '20.12.2026' is no local date or date-time; write e.g. 2026-12-20 or 2026-12-20T18:00.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freeze.of("2026-12-20", "2026-12-21T18:00Z", BERLIN, Set.of(), "x"))
                .withMessageStartingWith("until: '2026-12-21T18:00Z' is no local date");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freeze.of("2026-12-20", "2026-12-19", BERLIN, Set.of(), "holidays"))
                .withMessageStartingWith("The freeze 'holidays' ends at 2026-12-20T00:00, which is not after");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freeze.of("2026-12-20", "2026-12-21", BERLIN, Set.of(), " "))
                .withMessageStartingWith("A freeze needs a reason");
    }

    /** Minutes of 2026-12-20. */
    @ParameterizedTest
    @CsvSource({"0, ", "60, a", "119, b", "180, b", "239, b", "240, ", "300, c", "330, "})
    void keepsBackUntilTheLastOfThoseThatHold(int minute, @Nullable String expected) {
        var day = LocalDateTime.parse("2026-12-20T00:00");
        var calendar = new FreezeCalendar(List.of(
                freeze(day, 300, 330, "c"),
                freeze(day, 90, 240, "b"),
                freeze(day, 60, 120, "a"),
                new Freeze(day, day.plusDays(1), ZoneId.of("Z"), Set.of(Operation.REMOVE_RESELLER_RELATIONSHIP), "d")));
        var time = Instant.parse("2026-12-20T00:00:00Z").plus(Duration.ofMinutes(minute));

        assertThat(calendar.at(Operation.CANCEL_SUBSCRIPTION, time).map(Freeze::reason))
                .isEqualTo(java.util.Optional.ofNullable(expected));
        assertThat(calendar.at(Operation.REMOVE_RESELLER_RELATIONSHIP, time).map(Freeze::reason))
                .contains("d");
        assertThat(calendar.freezes()).extracting(Freeze::reason).containsExactly("d", "a", "b", "c");
    }

    private static Freeze freeze(LocalDateTime day, int from, int until, String reason) {
        return new Freeze(day.plusMinutes(from), day.plusMinutes(until), ZoneId.of("Z"), Set.of(), reason);
    }

    /** In no zone, and over no change of its clock, is a moment let through that the wall clock shows as frozen. */
    @Property(tries = 2000)
    void holdsWheneverTheClockOnTheWallShowsATimeWithinIt(
            @ForAll("zones") ZoneId zone,
            @ForAll("moments") Instant begins,
            @ForAll("minutes") long length,
            @ForAll("minutes") long looked) {
        var from = LocalDateTime.ofInstant(begins, zone);
        var until = from.plusMinutes(length + 121);
        var time = begins.plus(Duration.ofMinutes(looked));
        var freeze = new Freeze(from, until, zone, Set.of(), "x");
        var wall = LocalDateTime.ofInstant(time, zone);

        if (!wall.isBefore(from) && wall.isBefore(until)) {
            assertThat(freeze.holds(time)).as("%s shows %s", zone, wall).isTrue();
        }
        if (freeze.holds(time)) {
            assertThat(wall)
                    .as("not longer than a change of the clock makes it")
                    .isAfterOrEqualTo(from.minusHours(2))
                    .isBefore(until.plusHours(2));
        }
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
                .map(ZoneId::of);
    }

    /** Half of them near a change of a clock. */
    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                        "2026-03-29T01:00:00Z",
                                        "2026-10-25T01:00:00Z",
                                        "2026-03-08T07:00:00Z",
                                        "2026-11-01T06:00:00Z",
                                        "2026-04-04T15:00:00Z",
                                        "2026-10-03T15:30:00Z")
                                .map(Instant::parse),
                        Arbitraries.longs()
                                .between(0, 365)
                                .map(day ->
                                        Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day))))
                .flatMap(moment -> minutes().map(more -> moment.plus(Duration.ofMinutes(more - 1440))));
    }

    @Provide
    Arbitrary<Long> minutes() {
        return Arbitraries.longs().between(0, 2880);
    }
}
