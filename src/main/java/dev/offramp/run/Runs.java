package dev.offramp.run;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.job.Jobs;
import dev.offramp.offboarding.Status;
import dev.offramp.run.Answer.Done;
import dev.offramp.run.Answer.InTheWay;
import dev.offramp.run.Answer.Missing;
import dev.offramp.run.Answer.Wrong;
import dev.offramp.run.Upload.State;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** All runs: files are announced, sent piece by piece, and looked after here; nodes load them when they are complete. */
public final class Runs {

    /** The longest piece of a file that is taken at once, in bytes. */
    public static final int LONGEST_PIECE = 4 * 1024 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int TRIES = 5;

    private static final String SELECT = """
            select u.*, r.number as run_no, r.job, r.name, r.plan_only,
                   r.created_by as run_by, r.cause as run_cause, r.created_at as run_at
            from run r
            join upload u on u.run_number = r.number
                and u.number = (select max(newest.number) from upload newest where newest.run_number = r.number)
            """;

    private final JdbcClient jdbc;
    private final Uploads uploads;
    private final Jobs jobs;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final long maxFileSize;
    private final LoadingJournal journal;
    private final Runnable arrived;

    /** @param arrived is told when a file is complete */
    Runs(
            JdbcClient jdbc,
            Uploads uploads,
            Jobs jobs,
            TransactionTemplate transactions,
            InstantSource clock,
            long maxFileSize,
            LoadingJournal journal,
            Runnable arrived) {
        this.jdbc = jdbc;
        this.uploads = uploads;
        this.jobs = jobs;
        this.transactions = transactions;
        this.clock = clock;
        this.maxFileSize = maxFileSize;
        this.journal = journal;
        this.arrived = arrived;
    }

    /**
     * Announces a file. Announced again, the same file (by its digest) goes on where it stood; another one becomes the
     * newest of the run as soon as the former is no longer being loaded.
     */
    public Answer announce(Announcement announced) {
        return objection(announced).orElseGet(() -> {
            ensureRun(announced);
            var answer = Objects.requireNonNull(transactions.execute(_ -> announce(lockedRun(announced), announced)));
            arrived.run();
            return answer;
        });
    }

    private Optional<Answer> objection(Announcement announced) {
        var definition = jobs.named(announced.job());
        if (definition.isEmpty()) {
            return Optional.of(new Missing("There is no job '%s'; there are %s."
                    .formatted(
                            announced.job(),
                            jobs.all().stream().map(JobDefinition::name).collect(Collectors.joining(", ")))));
        }
        if (!definition.get().takes().contains(Way.FILE)) {
            return Optional.of(
                    new Wrong("The job '%s' takes no files; its job.yaml says so.".formatted(announced.job())));
        }
        if (!NAME.matcher(announced.name()).matches()) {
            return Optional.of(new Wrong(
                    "The name '%s' is none for a run; write 1 to 100 letters, digits, dots, hyphens and underscores."
                            .formatted(dev.offramp.request.RowScreening.cited(announced.name()))));
        }
        var file = announced.file();
        if (!DIGEST.matcher(file.digest()).matches()) {
            return Optional.of(new Wrong("The file's digest must be its SHA-256 in 64 small hexadecimal digits."));
        }
        if (file.size() < 0 || file.size() > maxFileSize) {
            return Optional.of(
                    new Wrong("The file has %,d bytes, more than the %,d that are taken (offramp.runs.max-file-size)."
                            .formatted(file.size(), maxFileSize)));
        }
        return Optional.empty();
    }

    private Answer announce(long run, Announcement announced) {
        var now = clock.instant();
        var newest = newestOf(run);
        if (newest.isPresent()) {
            var upload = uploads.lock(newest.get());
            var same = upload.file().digest().equals(announced.file().digest())
                    && upload.file().size() == announced.file().size();
            if (same && upload.state() == State.FAILED) {
                uploads.retry(upload);
            }
            if (same && upload.state() != State.REFUSED) {
                return new Done(existing(run));
            }
            if (upload.state() == State.CHECKING || upload.state() == State.LOADING) {
                return new InTheWay(
                        "Another file of the run '%s' is still being loaded (%s). Wait until it is done, then hand this one over."
                                .formatted(announced.name(), upload.file().name()),
                        null);
            }
            if (upload.state() == State.RECEIVING || upload.state() == State.FAILED) {
                uploads.supersede(upload.number(), "Another file was handed over in its place.", now);
            }
        }
        uploads.add(run, announced, now);
        return new Done(existing(run));
    }

    private long lockedRun(Announcement announced) {
        return jdbc.sql("select number from run where job = :job and name = :name and plan_only = :plan for update")
                .param("job", announced.job())
                .param("name", announced.name())
                .param("plan", announced.plan())
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new IllegalStateException("The run was not written"));
    }

    private void ensureRun(Announcement announced) {
        for (var number = 1; number <= TRIES; number++) {
            try {
                transactions.executeWithoutResult(_ -> insertMissing(announced));
                return;
            } catch (DuplicateKeyException anotherWasFaster) {
                continue;
            }
        }
    }

    private void insertMissing(Announcement announced) {
        jdbc.sql("insert into job (name) select :job where not exists (select 1 from job where name = :job)")
                .param("job", announced.job())
                .update();
        jdbc.sql("""
                insert into run (job, name, plan_only, created_by, cause, created_at)
                select :job, :name, :plan, :by, :cause, :now
                where not exists (select 1 from run where job = :job and name = :name and plan_only = :plan)
                """)
                .param("job", announced.job())
                .param("name", announced.name())
                .param("plan", announced.plan())
                .param("by", announced.by())
                .param("cause", announced.cause())
                .param("now", RunRows.time(clock.instant()))
                .update();
    }

    private Optional<Long> newestOf(long run) {
        return jdbc.sql("select max(number) from upload where run_number = :run")
                .param("run", run)
                .query((row, _) -> row.getObject(1) == null ? -1L : row.getLong(1))
                .optional()
                .filter(number -> number >= 0);
    }

    private Run existing(long run) {
        return byNumber(run).orElseThrow(() -> new IllegalStateException("Run %d has no file".formatted(run)));
    }

    /** Takes a piece of the newest file that begins at {@code offset}. */
    public Answer take(long run, long offset, byte[] piece) {
        var answer = Objects.requireNonNull(transactions.execute(_ -> keep(run, offset, piece)));
        journal.pieceTaken(run);
        arrived.run();
        return answer;
    }

    private Answer keep(long run, long offset, byte[] piece) {
        var newest = newestOf(run);
        if (newest.isEmpty()) {
            return new Missing("There is no run %d.".formatted(run));
        }
        var upload = uploads.lock(newest.get());
        if (upload.state() != State.RECEIVING) {
            return new InTheWay(
                    "The file is %s; no more of it is expected."
                            .formatted(upload.state().word()),
                    upload.received());
        }
        if (offset != upload.received()) {
            return new InTheWay(
                    "%,d bytes have arrived and this piece begins at %,d; go on at %,d."
                            .formatted(upload.received(), offset, upload.received()),
                    upload.received());
        }
        if (piece.length > LONGEST_PIECE) {
            return new Wrong(
                    "The piece has %,d bytes; send at most %,d at once.".formatted(piece.length, LONGEST_PIECE));
        }
        if (offset + piece.length > upload.file().size()) {
            return new Wrong(
                    "With this piece the file would have %,d bytes, but %,d were announced. Announce it again as it is."
                            .formatted(offset + piece.length, upload.file().size()));
        }
        uploads.keep(upload, piece, clock.instant());
        return new Done(existing(run));
    }

    public Optional<Run> byNumber(long number) {
        return jdbc.sql(SELECT + " where r.number = :number")
                .param("number", number)
                .query(RunRows::run)
                .optional();
    }

    /** Newest first by number; {@code before} is the cursor (exclusive), null for the first page. */
    public List<Run> list(@Nullable String job, @Nullable Long before, int limit) {
        var statement = jdbc.sql(SELECT
                        + " where r.number < :before %s order by r.number desc limit :limit"
                                .formatted(job == null ? "" : "and r.job = :job"))
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit);
        return (job == null ? statement : statement.param("job", job))
                .query(RunRows::run)
                .list();
    }

    public RequestCounts requestsOf(long run) {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        jdbc.sql("select status, count(*) as counted from request where run_number = :run group by status")
                .param("run", run)
                .query(row -> {
                    counts.put(Status.named(row.getString("status")), row.getLong("counted"));
                });
        Map<Status, Long> working = new EnumMap<>(Status.class);
        jdbc.sql("""
                select r.status, count(*) as counted
                from batch b
                join request r on r.batch_number = b.number
                where b.state = 'running' and r.run_number = :run and r.status in ('accepted', 'deferred')
                group by r.status
                """).param("run", run).query(row -> {
            working.put(Status.named(row.getString("status")), row.getLong("counted"));
        });
        var accepted = counts.getOrDefault(Status.ACCEPTED, 0L);
        var deferred = counts.getOrDefault(Status.DEFERRED, 0L);
        var acceptedWorking = Math.min(accepted, working.getOrDefault(Status.ACCEPTED, 0L));
        var deferredWorking = Math.min(deferred, working.getOrDefault(Status.DEFERRED, 0L));
        return new RequestCounts(
                accepted - acceptedWorking,
                acceptedWorking + deferredWorking,
                deferred - deferredWorking,
                counts.getOrDefault(Status.HELD, 0L),
                counts.getOrDefault(Status.STALLED, 0L),
                counts.getOrDefault(Status.SUCCEEDED, 0L),
                counts.getOrDefault(Status.REJECTED, 0L),
                counts.getOrDefault(Status.WITHDRAWN, 0L),
                counts.getOrDefault(Status.PLANNED, 0L),
                counts.getOrDefault(Status.FAILED, 0L));
    }

    /** How the lines of a run's newest file that became no request are written out. */
    public RejectFile rejectsOf(Run run) {
        var layout = run.upload().layout();
        return new RejectFile(
                layout == null ? null : JsonMapper.shared().readValue(layout, Layout.class), run, uploads);
    }
}
