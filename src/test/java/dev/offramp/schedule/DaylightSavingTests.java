package dev.offramp.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A schedule is due once a day, also on the days on which an hour is missing or comes twice. */
class DaylightSavingTests {

    @ParameterizedTest(name = "{0} in {1} from {2} on")
    @CsvSource({
        // An ordinary day, then the day in spring without 02:00 to 03:00, then the day after.
        "0 2 * * *,  Europe/Berlin,    2027-03-27T00:00:00Z, 2027-03-27T01:00:00Z, 2027-03-28T01:00:00Z, 2027-03-29T00:00:00Z",
        "30 2 * * *, Europe/Berlin,    2027-03-27T00:00:00Z, 2027-03-27T01:30:00Z, 2027-03-28T01:30:00Z, 2027-03-29T00:30:00Z",
        // The day in autumn on which 02:30 comes twice.
        "30 2 * * *, Europe/Berlin,    2026-10-24T00:00:00Z, 2026-10-24T00:30:00Z, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "30 1 * * *, America/New_York, 2026-10-31T00:00:00Z, 2026-10-31T05:30:00Z, 2026-11-01T05:30:00Z, 2026-11-02T06:30:00Z",
        // Every hour, over the gap: no two firings at one time.
        "0 * * * *,  Europe/Berlin,    2027-03-28T00:00:00Z, 2027-03-28T01:00:00Z, 2027-03-28T02:00:00Z, 2027-03-28T03:00:00Z",
        // Asked within the hour that comes the second time.
        "30 2 * * *, Europe/Berlin,    2026-10-25T01:10:00Z, 2026-10-26T01:30:00Z, 2026-10-27T01:30:00Z, 2026-10-28T01:30:00Z",
        "0 2 * * *,  UTC,              2026-10-24T00:00:00Z, 2026-10-24T02:00:00Z, 2026-10-25T02:00:00Z, 2026-10-26T02:00:00Z"
    })
    void isDueOnceADay(String cron, ZoneId zone, Instant from, Instant first, Instant second, Instant third) {
        var schedule = new Schedule(cron, zone, "file", "run");

        assertThat(Stream.iterate(Schedules.next(schedule, from), each -> Schedules.next(schedule, each))
                        .limit(3))
                .containsExactly(first, second, third);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // Day of month and day of week: one of them is enough, as in a Kubernetes CronJob.
        "0 2 13 * 5,     2026-11-08T00:00:00Z, 2026-11-13T02:00:00Z, 2026-11-20T02:00:00Z, 2026-11-27T02:00:00Z",
        "0 2 1 * mon,    2026-11-28T00:00:00Z, 2026-11-30T02:00:00Z, 2026-12-01T02:00:00Z, 2026-12-07T02:00:00Z",
        "0 2 31 2 1,     2026-11-28T00:00:00Z, 2027-02-01T02:00:00Z, 2027-02-08T02:00:00Z, 2027-02-15T02:00:00Z",
        "0 2 1 * ?,      2026-11-28T00:00:00Z, 2026-12-01T02:00:00Z, 2027-01-01T02:00:00Z, 2027-02-01T02:00:00Z",
        "0 2 ? * sun,    2026-11-28T00:00:00Z, 2026-11-29T02:00:00Z, 2026-12-06T02:00:00Z, 2026-12-13T02:00:00Z",
        "0 5/9 * ? *,    2026-11-28T00:00:00Z, 2026-11-28T05:00:00Z, 2026-11-28T14:00:00Z, 2026-11-28T23:00:00Z"
    })
    void isDueOnTheDaysThatACronJobWouldBeDue(String cron, Instant from, Instant first, Instant second, Instant third) {
        isDueOnceADay(cron, ZoneId.of("UTC"), from, first, second, third);
    }
}
