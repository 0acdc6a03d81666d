package dev.offramp.safety;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what becomes of the protected file to the log, and shows whether it is broken. */
final class LoggingProtectionJournal implements ProtectedFile.ProtectionJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingProtectionJournal.class);

    private final AtomicInteger broken = new AtomicInteger();

    LoggingProtectionJournal(Optional<MeterRegistry> metrics) {
        metrics.ifPresent(registry -> Gauge.builder("offramp.protected.file.broken", broken, AtomicInteger::get)
                .description("1 while the protected list in the file cannot be read, and an older one holds")
                .register(registry));
    }

    @Override
    public void read(Path file, int customers, int domains) {
        broken.set(0);
        log.info("{} protects {} customers by their id and {} domains.", file, customers, domains);
    }

    @Override
    public void broken(String what) {
        broken.set(1);
        log.error("The protected list cannot be read: {} The one that was read last holds until it can.", what);
    }
}
