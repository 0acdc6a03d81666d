package dev.offramp.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Loads files while the service runs. At shutdown the load at hand ends after its chunk, and any node goes on with it. */
final class LoadingLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LoadingLifecycle.class);

    private final Loader loader;
    private final Uploads uploads;
    private final Duration poll;
    private final Duration watch;
    private final boolean aloneWithTheDatabase;
    private final Semaphore wake;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean running;
    private volatile boolean loading;

    LoadingLifecycle(
            Loader loader,
            Uploads uploads,
            Duration poll,
            Duration watch,
            boolean aloneWithTheDatabase,
            Semaphore wake) {
        this.loader = loader;
        this.uploads = uploads;
        this.poll = poll;
        this.watch = watch;
        this.aloneWithTheDatabase = aloneWithTheDatabase;
        this.wake = wake;
    }

    @Override
    public void start() {
        if (aloneWithTheDatabase) {
            uploads.expireLeases();
        }
        running = true;
        loading = true;
        Thread.ofPlatform().name("loader").daemon(true).start(this::load);
        Thread.ofPlatform().name("loader-watch").daemon(true).start(this::watch);
    }

    private void load() {
        try {
            while (running) {
                var found = false;
                try {
                    found = loader.loadNext();
                } catch (RuntimeException e) { // The rim of the loop: a database that is away must not end it.
                    LOG.warn("Could not look for files to load ({}); looking again in {}.", e.getMessage(), poll);
                }
                if (!found && running) {
                    pause();
                }
            }
        } finally {
            loading = false;
            stopping.countDown();
        }
    }

    private void pause() {
        try {
            if (wake.tryAcquire(poll.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // Nobody of ours interrupts. The flag stays cleared: it would close H2's files under the next statement.
            LOG.warn("The loader thread was interrupted; it goes on.");
        }
    }

    private void watch() {
        while (loading) {
            try {
                loader.watch();
            } catch (RuntimeException e) { // The rim of the loop: a database that is away must not end it.
                LOG.warn("Could not renew the lease of a load ({}); trying again in {}.", e.getMessage(), watch);
            }
            try {
                boolean _ = stopping.await(watch.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                LOG.warn("The loader-watch thread was interrupted; it goes on.");
            }
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        loader.drain();
        running = false;
        wake.release();
        Thread.ofPlatform().name("loader-drain").daemon(true).start(() -> {
            try {
                stopping.await();
            } catch (InterruptedException e) {
                LOG.warn("The end of a load was not waited for; another node goes on with it.");
            }
            done.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** As the dispatcher: after the Kafka containers have stopped, before everything else. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 200;
    }
}
