package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long an operation is not begun after its request was admitted, so that what was asked for by mistake can still be taken
 * back.
 *
 * @param by the time of each operation that has one
 */
public record CoolingOff(Map<Operation, Duration> by) {

    public static final CoolingOff NONE = new CoolingOff(Map.of());

    /** What cannot be undone by the partner alone gets an hour. */
    public static final CoolingOff USUAL =
            new CoolingOff(Map.of(Operation.REMOVE_RESELLER_RELATIONSHIP, Duration.ofHours(1)));

    public CoolingOff {
        by.forEach((operation, time) -> {
            if (time.isNegative()) {
                throw new IllegalArgumentException(
                        "The cooling-off of %s is %s; write 0 or more.".formatted(operation.word(), time));
            }
            if (!operation.destructive() && time.isPositive()) {
                throw new IllegalArgumentException(
                        "%s changes nothing at Partner Center and cannot cool off.".formatted(operation.word()));
            }
        });
        by = Map.copyOf(by);
    }

    public Duration of(Operation operation) {
        return by.getOrDefault(operation, Duration.ZERO);
    }

    /** When the request may be begun; empty when it may be now. */
    public Optional<Instant> until(Operation operation, Instant admittedAt, Instant now) {
        return Optional.of(admittedAt.plus(of(operation))).filter(now::isBefore);
    }

    /** The same with these instead of what is said of their operations. */
    public CoolingOff with(Map<Operation, Duration> others) {
        Map<Operation, Duration> all = new EnumMap<>(Operation.class);
        all.putAll(by);
        all.putAll(others);
        return new CoolingOff(all);
    }
}
