package dev.offramp.run;

import dev.offramp.job.JobDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One upload that is being loaded in this process, under a lease. */
final class Load {

    private final Uploads.Lease lease;
    private final Run run;
    private final Upload upload;
    private final JobDefinition definition;
    private final Layout layout;
    private volatile boolean stopped;

    Load(Uploads.Lease lease, Run run, Upload upload, JobDefinition definition, Layout layout) {
        this.lease = lease;
        this.run = run;
        this.upload = upload;
        this.definition = definition;
        this.layout = layout;
    }

    Uploads.Lease lease() {
        return lease;
    }

    Run run() {
        return run;
    }

    Upload upload() {
        return upload;
    }

    JobDefinition definition() {
        return definition;
    }

    Layout layout() {
        return layout;
    }

    /** Asks it to end after the chunk at hand. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** The loads of this process. A step that finds none here has no lease and does nothing. */
    static final class Open {

        private final Map<Long, Load> byUpload = new ConcurrentHashMap<>();

        void add(Load load) {
            byUpload.put(load.lease().upload(), load);
        }

        void remove(Load load) {
            byUpload.remove(load.lease().upload(), load);
        }

        Optional<Load> of(long upload) {
            return Optional.ofNullable(byUpload.get(upload));
        }

        Load existing(long upload) {
            return of(upload)
                    .orElseThrow(() -> new IllegalStateException(
                            "Upload %d was started without a lease; only the loader starts loads.".formatted(upload)));
        }

        Iterable<Load> all() {
            return byUpload.values();
        }
    }

    /** Somebody else loads it now: what the chunk at hand wrote is rolled back. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLost() {
            super("The lease of this load is no longer ours.");
        }
    }
}
