package dev.offramp.operations;

import dev.offramp.offboarding.Freeze;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Operation;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The times in which nothing is carried out. */
@RestController
@RequestMapping("/api/v1/freezes")
class FreezesApi {

    private final FreezeCalendar calendar;
    private final InstantSource clock;

    FreezesApi(FreezeCalendar calendar, InstantSource clock) {
        this.calendar = calendar;
        this.clock = clock;
    }

    /**
     * One freeze.
     *
     * @param from by the clock on the wall in its time zone
     * @param until the same; does not belong to it any more
     * @param beginsAt the same as {@code from}, everywhere
     * @param endsAt the same as {@code until}, everywhere
     * @param operations which are not carried out; empty when none is
     * @param state ahead, on or over
     */
    record FreezeView(
            LocalDateTime from,
            LocalDateTime until,
            String timeZone,
            Instant beginsAt,
            Instant endsAt,
            List<String> operations,
            String reason,
            String state) {

        static FreezeView of(Freeze freeze, Instant now) {
            return new FreezeView(
                    freeze.from(),
                    freeze.until(),
                    freeze.zone().getId(),
                    freeze.begins(),
                    freeze.ends(),
                    freeze.operations().stream().map(Operation::word).sorted().toList(),
                    freeze.reason(),
                    freeze.holds(now) ? "on" : now.isBefore(freeze.begins()) ? "ahead" : "over");
        }
    }

    /** All that are configured, the one that begins first before the others. */
    record FreezesView(List<FreezeView> freezes) {}

    @GetMapping
    FreezesView list() {
        Instant now = clock.instant();
        return new FreezesView(calendar.freezes().stream()
                .map(each -> FreezeView.of(each, now))
                .toList());
    }
}
