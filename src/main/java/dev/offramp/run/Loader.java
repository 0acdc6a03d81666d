package dev.offramp.run;

import dev.offramp.job.Jobs;
import dev.offramp.job.Launching;
import dev.offramp.run.Looking.Seen;
import dev.offramp.run.Upload.State;
import dev.offramp.run.Uploads.Lease;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.core.NestedExceptionUtils;
import tools.jackson.databind.json.JsonMapper;

/** Loads complete uploads one after the other, each under a lease; what another node left goes on where it stood. */
final class Loader {

    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    private final Uploads uploads;
    private final Runs runs;
    private final Jobs jobs;
    private final Load.Open open;
    private final Launching launching;
    private final Job job;
    private final InstantSource clock;
    private final Terms terms;
    private volatile boolean draining;

    Loader(
            Uploads uploads,
            Runs runs,
            Jobs jobs,
            Load.Open open,
            Launching launching,
            Job job,
            InstantSource clock,
            Terms terms) {
        this.uploads = uploads;
        this.runs = runs;
        this.jobs = jobs;
        this.open = open;
        this.launching = launching;
        this.job = job;
        this.clock = clock;
        this.terms = terms;
    }

    /** Under which terms this node loads. */
    record Terms(String owner, Duration lease, List<Duration> restartAfter) {}

    /** Loads one upload, if one waits. */
    boolean loadNext() {
        if (draining) {
            return false;
        }
        var lease = uploads.claim(terms.owner(), terms.lease(), clock.instant());
        lease.ifPresent(this::load);
        return lease.isPresent();
    }

    /** Renews the leases of what is loaded here; what has lost its lease stops. */
    void watch() {
        for (var load : open.all()) {
            if (!uploads.renew(load.lease(), terms.lease(), clock.instant())) {
                load.stop();
            }
        }
    }

    /** What is loaded here ends after the chunk at hand, and nothing more is begun. */
    void drain() {
        draining = true;
        open.all().forEach(Load::stop);
    }

    private void load(Lease lease) {
        var upload = uploads.byNumber(lease.upload());
        var run = runs.byNumber(upload.run()).orElseThrow();
        try {
            switch (prepare(upload)) {
                case Seen.Useless(var sentence) -> refused(lease, run, sentence);
                case Seen.Clear(var layout) -> load(lease, run, upload, layout);
            }
        } catch (Exception e) { // The rim of a load: whatever broke is tried again.
            broke(lease, run, upload, e);
        }
    }

    private Seen prepare(Upload upload) throws IOException {
        if (upload.state() == State.CHECKING && upload.lines().read() == 0) {
            var arrived = digest(upload);
            if (!arrived.equals(upload.file().digest())) {
                return new Seen.Useless(
                        "What arrived has the digest %s, but %s was announced: the file was changed while it was read, or on its way. Hand it over again."
                                .formatted(arrived, upload.file().digest()));
            }
        }
        return Looking.at(uploads.content(upload.number()));
    }

    private String digest(Upload upload) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var in = new DigestInputStream(uploads.content(upload.number()), digest)) {
                var buffer = new byte[Uploads.PART];
                while (in.read(buffer) >= 0) {
                    continue;
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private void load(Lease lease, Run run, Upload upload, Layout layout) throws Exception {
        var definition = jobs.named(run.job());
        if (definition.isEmpty()) {
            refused(lease, run, "The job '%s' is no longer defined.".formatted(run.job()));
            return;
        }
        uploads.noteLayout(lease, JsonMapper.shared().writeValueAsString(layout));
        var load = new Load(lease, run, upload, definition.get(), layout);
        open.add(load);
        if (draining) {
            load.stop();
        }
        try {
            LOG.info("Loading {} into run {} of {}.", upload.file().name(), run.name(), run.job());
            end(load, launch(lease));
        } finally {
            open.remove(load);
        }
    }

    private JobExecution launch(Lease lease) throws Exception {
        var parameters = new JobParametersBuilder()
                .addLong(LoadingJob.UPLOAD, lease.upload())
                .toJobParameters();
        return launching.launch(job, parameters);
    }

    private void end(Load load, JobExecution execution) {
        var upload = uploads.byNumber(load.upload().number());
        if (execution.getStatus() == BatchStatus.COMPLETED) {
            if (upload.state() == State.LOADING) {
                var sentence = Sentences.loaded(upload.lines());
                uploads.end(load.lease(), State.LOADED, sentence, clock.instant());
                LOG.info(
                        "Loaded {} into run {} of {}: {}",
                        upload.file().name(),
                        load.run().name(),
                        load.run().job(),
                        sentence);
            }
            return;
        }
        if (execution.getStatus() == BatchStatus.STOPPED) {
            uploads.handBack(load.lease(), upload.failures(), null);
            return;
        }
        // Spring Batch says only that a chunk could not be processed; why, its root says.
        var cause = execution.getAllFailureExceptions().stream()
                .findFirst()
                .map(each -> Objects.requireNonNullElse(NestedExceptionUtils.getRootCause(each), each))
                .orElseGet(() -> new IllegalStateException("The job ended " + execution.getStatus() + "."));
        broke(load.lease(), load.run(), upload, cause);
    }

    private void refused(Lease lease, Run run, String sentence) {
        uploads.end(lease, State.REFUSED, sentence, clock.instant());
        LOG.info("Refused a file of run {} of {}: {}", run.name(), run.job(), sentence);
    }

    private void broke(Lease lease, Run run, Upload upload, Throwable cause) {
        if (cause instanceof Load.LeaseLost) {
            LOG.info("Another node loads run {} of {} now.", run.name(), run.job());
            return;
        }
        var failures = upload.failures();
        if (failures < terms.restartAfter().size()) {
            var pause = terms.restartAfter().get(failures);
            uploads.handBack(lease, failures + 1, clock.instant().plus(pause));
            LOG.warn(
                    "Loading a file of run {} of {} broke off; it goes on where it stood in {}, nobody needs to act.",
                    run.name(),
                    run.job(),
                    pause,
                    cause);
            return;
        }
        uploads.end(
                lease,
                State.FAILED,
                "Loading broke off %d times, last because of: %s. Look into the service's log; hand the same file over again, and it goes on where it stood."
                        .formatted(
                                failures + 1,
                                Objects.toString(
                                        cause.getMessage(), cause.getClass().getSimpleName())),
                clock.instant());
        LOG.error(
                "Loading a file of run {} of {} broke off {} times; it is not tried again by itself: look at the cause, then hand the same file over again.",
                run.name(),
                run.job(),
                failures + 1,
                cause);
    }
}
