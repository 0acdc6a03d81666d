package dev.offramp.architecture.counterexamples.batch;

import java.util.concurrent.Future;

/** Interrupts whatever runs behind a future. */
public final class CancelsAFuture {

    void stop(Future<?> work) {
        work.cancel(true);
    }
}
