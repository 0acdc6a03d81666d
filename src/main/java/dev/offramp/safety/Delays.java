package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What keeps a request from being begun for a time and passes by itself: its cooling-off, a freeze, and the
 * window of its job. Nothing is put off past its last chance: then a person decides whether the delay or the request
 * matters more.
 */
final class Delays {

    private final CoolingOff coolingOff;
    private final FreezeCalendar freezes;
    private final Jobs jobs;
    private final Chances chances;

    Delays(CoolingOff coolingOff, FreezeCalendar freezes, Jobs jobs, Chances chances) {
        this.coolingOff = coolingOff;
        this.freezes = freezes;
        this.jobs = jobs;
        this.chances = chances;
    }

    /** What is known of last chances beyond what a request says itself. */
    interface Chances {

        Optional<LastChance> of(long request);
    }

    /**
     * One that holds.
     *
     * @param sentence the same as long as it holds, since a release is for what it says
     */
    private record Delay(Reason reason, Instant until, String sentence) {}

    /** How a request is put off, or held, that may not be begun now; a plan only reads. */
    Optional<Resolution> of(Request request, Instant now) {
        // What is over ends now; only to say so it need not wait.
        if (request.terms().planOnly() || now.isAfter(request.terms().notAfter())) {
            return Optional.empty();
        }
        List<Delay> behind = inTurn(request, now);
        return behind.isEmpty() ? Optional.empty() : within(request, putOff(request, behind), now);
    }

    /** One after the other until it may be begun: where one ends, another may hold. */
    private List<Delay> inTurn(Request request, Instant now) {
        List<Delay> all = new ArrayList<>();
        Instant begins = now;
        for (var next = longest(request, begins); next.isPresent(); next = longest(request, begins)) {
            all.add(next.get());
            begins = next.get().until();
        }
        return all;
    }

    private Optional<Delay> longest(Request request, Instant at) {
        return Stream.of(cooling(request, at), freeze(request, at), window(request, at))
                .flatMap(Optional::stream)
                .filter(each -> !request.released().mentions(Reason.LAST_CHANCE, each.sentence()))
                .max(Comparator.comparing(Delay::until));
    }

    private Optional<Delay> cooling(Request request, Instant at) {
        return Guards.isGuarded(request)
                ? coolingOff
                        .until(request.operation(), request.admittedAt(), at)
                        .map(until -> new Delay(
                                Reason.COOLING_OFF,
                                until,
                                "It cools off for %s after it was admitted; until %s it can still be withdrawn."
                                        .formatted(Words.duration(coolingOff.of(request.operation())), until)))
                : Optional.empty();
    }

    private Optional<Delay> freeze(Request request, Instant at) {
        return Guards.isGuarded(request)
                ? freezes.at(request.operation(), at)
                        .map(freeze -> new Delay(
                                Reason.OUTSIDE_RUN_WINDOW,
                                freeze.ends(),
                                "Frozen until %s, nothing of %s is carried out: %s."
                                        .formatted(
                                                freeze.ends(),
                                                request.operation().word(),
                                                freeze.reason())))
                : Optional.empty();
    }

    private Optional<Delay> window(Request request, Instant at) {
        var job = request.admission().job();
        return jobs.named(job)
                .flatMap(each -> Optional.ofNullable(each.window()))
                .filter(window -> !window.isOpen(at))
                .map(window -> {
                    var opens = window.opensAt(at);
                    return new Delay(
                            Reason.OUTSIDE_RUN_WINDOW,
                            opens,
                            "The job %s works %s; it goes on at %s.".formatted(job, window.inWords(), opens));
                });
    }

    private static Resolution putOff(Request request, List<Delay> behind) {
        Delay last = behind.getLast();
        return new Resolution(
                last.reason(),
                request.effect(),
                behind.stream().map(Delay::sentence).collect(Collectors.joining(" ")),
                last.until(),
                null,
                Resolution.Doubt.NONE,
                Details.with().nextAttemptAt(last.until()).build());
    }

    /**
     * What is only observed is judged in time instead of being held; what was begun waits as it did, since holding it could
     * end it with less than it may still come to by itself.
     */
    private Optional<Resolution> within(Request request, Resolution putOff, Instant now) {
        var chance = chances.of(request.number())
                .filter(each -> each.at().isAfter(now))
                .orElseGet(() -> LastChance.of(request.operation(), request.terms(), null, now));
        Instant until = putOff.wakeAt();
        if (request.effect() != Effect.NONE || until == null || !chance.isMissedBy(until)) {
            return Optional.of(putOff);
        }
        return request.admission().mode() == Mode.OBSERVE
                ? Optional.empty()
                : Optional.of(Resolution.of(
                        Reason.LAST_CHANCE,
                        request.effect(),
                        "%s By then its last chance (%s, %s) is over."
                                .formatted(putOff.message(), chance.of().word(), chance.at()),
                        Details.with()
                                .decideBy(chance.at())
                                .advice("Release it to have it carried out in spite of that, or reject it.")
                                .build()));
    }
}
