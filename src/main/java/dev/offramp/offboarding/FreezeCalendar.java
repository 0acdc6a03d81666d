package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All freezes, the one that begins first before the others. */
public record FreezeCalendar(List<Freeze> freezes) {

    public static final FreezeCalendar EMPTY = new FreezeCalendar(List.of());

    public FreezeCalendar {
        freezes = freezes.stream()
                .sorted(Comparator.comparing(Freeze::begins).thenComparing(Freeze::ends))
                .toList();
    }

    /** The freeze that keeps an operation back at this time; of several the one that ends last. */
    public Optional<Freeze> at(Operation operation, Instant time) {
        return freezes.stream()
                .filter(each -> each.concerns(operation) && each.holds(time))
                .max(Comparator.comparing(Freeze::ends));
    }
}
