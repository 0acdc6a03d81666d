package dev.offramp.safety;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log what kept the guards' loop from its work. */
final class LoggingGuardJournal implements GuardLoop.Journal {

    private static final Logger log = LoggerFactory.getLogger(LoggingGuardJournal.class);

    @Override
    public void failed(RuntimeException cause) {
        log.warn(
                "What guards hold and need not hold any more could not be looked for ({}): it is tried again.",
                cause.toString());
    }
}
