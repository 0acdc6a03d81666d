package dev.offramp.batch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a run waits until the time is over or it is stopped, whichever comes first. */
interface Waiting {

    /** By the machine's clock. */
    Waiting REAL = (stopped, atMost) -> {
        boolean _ = stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    };

    void until(CountDownLatch stopped, Duration atMost) throws InterruptedException;
}
