package dev.offramp.architecture.counterexamples.batch;

import java.util.concurrent.ThreadPoolExecutor;

/** Interrupts all threads of an executor. */
public final class ShutsDownNow {

    void stop(ThreadPoolExecutor workers) {
        workers.shutdownNow();
    }
}
