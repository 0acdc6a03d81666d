package dev.offramp.architecture.counterexamples.batch;

/** Interrupts a thread. */
public final class InterruptsAWorker {

    void stop(Thread worker) {
        worker.interrupt();
    }
}
