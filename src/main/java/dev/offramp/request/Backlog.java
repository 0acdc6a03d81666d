package dev.offramp.request;

import dev.offramp.request.Valve.Why;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses intake while too many requests are open, and resumes it when a tenth of them has been worked off.
 *
 * <p>The open requests are counted now and then; in between, what was admitted since is added, so that a poll costs no
 * count.
 */
final class Backlog {

    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    private final LongSupplier countOpen;
    private final long maxOpen;
    private final Valve valve;
    private final AtomicLong estimate = new AtomicLong();

    Backlog(LongSupplier countOpen, long maxOpen, Valve valve) {
        this.countOpen = countOpen;
        this.maxOpen = maxOpen;
        this.valve = valve;
    }

    void grewBy(int admitted) {
        decide(estimate.addAndGet(admitted));
    }

    /** Counts anew. */
    void look() {
        var open = countOpen.getAsLong();
        estimate.set(open);
        decide(open);
    }

    private synchronized void decide(long open) {
        if (open >= maxOpen && !valve.isShut(Why.BACKLOG)) {
            valve.shut(Why.BACKLOG);
            log.warn(
                    "{} requests are open, offramp.intake.max-open is {}: intake pauses until fewer than {} are; records wait in Kafka, nobody needs to act.",
                    open,
                    maxOpen,
                    resumeBelow());
        } else if (open < resumeBelow() && valve.isShut(Why.BACKLOG)) {
            valve.open(Why.BACKLOG);
            log.info("{} requests are open: intake goes on.", open);
        }
    }

    private long resumeBelow() {
        return Math.max(1, maxOpen - maxOpen / 10);
    }
}
