package dev.offramp.architecture.counterexamples.batch;

import java.util.concurrent.CountDownLatch;

/** Was interrupted while it waited, and says so to its caller: no counterexample. */
public final class RestoresItsFlag {

    void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
