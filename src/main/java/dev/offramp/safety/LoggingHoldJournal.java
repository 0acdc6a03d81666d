package dev.offramp.safety;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what becomes of held requests to the log, and counts. */
final class LoggingHoldJournal implements HoldExpiry.HoldJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingHoldJournal.class);

    private final Optional<MeterRegistry> metrics;

    LoggingHoldJournal(Optional<MeterRegistry> metrics) {
        this.metrics = metrics;
    }

    @Override
    public void expired(int count, long first) {
        metrics.ifPresent(registry -> registry.counter("offramp.held.expired").increment(count));
        log.warn(
                "{} held requests expired, as nobody decided about them in time; the first of them is request {}.",
                count,
                first);
    }

    @Override
    public void failed(RuntimeException cause) {
        log.warn("Held requests that have expired could not be ended ({}): it is tried again.", cause.toString());
    }
}
