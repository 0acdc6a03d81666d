package dev.offramp.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Starts the scheduler with the service and stops it before the database. */
final class SchedulerLifecycle implements SmartLifecycle {

    private final Supplier<Scheduler> made;
    private @Nullable Scheduler scheduler;

    SchedulerLifecycle(Supplier<Scheduler> made) {
        this.made = made;
    }

    @Override
    public synchronized void start() {
        if (scheduler == null) {
            scheduler = made.get();
            scheduler.start();
        }
    }

    @Override
    public synchronized void stop() {
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return scheduler != null;
    }
}
