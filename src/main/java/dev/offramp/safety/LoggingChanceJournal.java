package dev.offramp.safety;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log which last chances are near, and shows how many. */
final class LoggingChanceJournal implements LastChanceAlerts.ChanceJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingChanceJournal.class);

    private final Map<Duration, AtomicLong> counts = LastChanceAlerts.WITHIN.stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), _ -> new AtomicLong()));

    LoggingChanceJournal(Optional<MeterRegistry> metrics) {
        metrics.ifPresent(registry -> counts.forEach((within, count) -> Gauge.builder(
                        "offramp.requests.last_chance", count, AtomicLong::get)
                .tag("within", within.toHours() + "h")
                .description("requests that are held or stalled and whose last chance lies ahead within this time")
                .register(registry)));
    }

    @Override
    public void near(int count, Duration within, String first) {
        log.warn(
                "{} requests stand still while their last chance is over within {} h: {}. Decide: bin/offramp held list --last-chance-within {}h",
                count,
                within.toHours(),
                first,
                within.toHours());
    }

    @Override
    public void counted(Duration within, long count) {
        Optional.ofNullable(counts.get(within)).ifPresent(each -> each.set(count));
    }

    @Override
    public void alertsFailed(RuntimeException cause) {
        log.warn("Last chances that are near could not be told ({}): it is tried again.", cause.toString());
    }
}
