package dev.offramp.job;

import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code job.yaml}. What it does not say about batches, {@code offramp.batch.*} says.
 *
 * @param name the folder's name, e.g. {@code cancel-subscriptions}
 * @param description a sentence
 * @param takes where its requests come from
 * @param reversible whether what it does can be undone
 * @param approval what a person decides before something is done
 * @param limits how its requests are bundled and worked on
 * @param guards what keeps its requests back
 * @param window when it may work; null: always
 * @param schedule when a run of it is begun by itself; null: never
 * @param file what its files must keep to
 */
public record JobDefinition(
        String name,
        String description,
        Operation operation,
        Set<Way> takes,
        boolean reversible,
        Approval approval,
        Limits limits,
        Guards guards,
        @Nullable RunWindow window,
        @Nullable Schedule schedule,
        FileRules file) {

    public JobDefinition {
        takes = Set.copyOf(takes);
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "'%s' is no name of a job; write small letters, digits and dashes, at most %d."
                            .formatted(name, LONGEST_NAME));
        }
        if (operation == Operation.WITHDRAW) {
            throw new IllegalArgumentException("No job carries out withdraw: it takes effect at once.");
        }
        if (takes.isEmpty()) {
            throw new IllegalArgumentException("The job %s takes its requests from nowhere.".formatted(name));
        }
        if (schedule != null && !takes.contains(Way.FILE)) {
            throw new IllegalArgumentException("The job %s has a schedule, but takes no files.".formatted(name));
        }
    }

    private static final int LONGEST_NAME = 60;

    /** One whose held requests an approver releases. */
    public JobDefinition(
            String name,
            String description,
            Operation operation,
            Set<Way> takes,
            boolean reversible,
            Limits limits,
            Guards guards,
            @Nullable RunWindow window,
            @Nullable Schedule schedule,
            FileRules file) {
        this(name, description, operation, takes, reversible, Approval.RELEASE, limits, guards, window, schedule, file);
    }

    /** The source of the requests that its files bring: {@code file:<job>}. */
    public String fileSource() {
        return "file:" + name;
    }

    /** Where requests come from. */
    public enum Way {
        TOPIC,
        FILE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a person decides before something is done. */
    public enum Approval {
        /** What a guard holds is released by an approver; everything else needs nobody. */
        RELEASE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How requests are bundled and worked on; what is null, {@code offramp.batch.*} says.
     *
     * @param batchSize requests in one batch at most
     * @param chunkSize items per transaction
     * @param concurrency items that are worked on at the same time on a node
     * @param paceShare the share of the rate limit that it may use, in percent, 1 to 100
     * @param restartAfter after how long a failed batch is restarted by itself, failure by failure
     */
    public record Limits(
            @Nullable Integer batchSize,
            @Nullable Integer chunkSize,
            @Nullable Integer concurrency,
            int paceShare,
            @Nullable List<Duration> restartAfter) {

        public Limits {
            atLeastOne(batchSize, "batch-size");
            atLeastOne(chunkSize, "chunk-size");
            atLeastOne(concurrency, "concurrency");
            if (paceShare < 1 || paceShare > 100) {
                throw new IllegalArgumentException("pace-share is %d%%; write 1%% to 100%%.".formatted(paceShare));
            }
            restartAfter = restartAfter == null ? null : List.copyOf(restartAfter);
        }

        private static void atLeastOne(@Nullable Integer value, String member) {
            if (value != null && value < 1) {
                throw new IllegalArgumentException("%s is %d; write 1 or more.".formatted(member, value));
            }
        }

        public static final Limits USUAL = new Limits(null, null, null, 100, null);
    }

    /**
     * What keeps requests back until a person decides, beside what holds for every operation; null: nothing of its own.
     *
     * @param customers how many customers this job may touch in the budget's window
     * @param calls how many destructive calls it may make in the budget's window
     * @param customersPerRun how many customers each of its runs may touch
     * @param callsPerRun how many destructive calls each of its runs may make
     * @param canary who goes before the rest
     */
    public record Guards(
            @Nullable Limit customers,
            @Nullable Limit calls,
            @Nullable Limit customersPerRun,
            @Nullable Limit callsPerRun,
            @Nullable Canary canary) {

        /** So many customers in the budget's window. */
        public Guards(int customers) {
            this(Limit.of(customers), null, null, null, null);
        }

        public static final Guards USUAL = new Guards(null, null, null, null, null);
    }

    /**
     * Who goes before the rest of a run, of a group, or of what comes in one opening of the window.
     *
     * @param customers how many customers go first; 0: nobody
     * @param settle how long they must have been well before the rest goes on; null: as for every job
     */
    public record Canary(int customers, @Nullable Duration settle) {

        public Canary {
            if (customers < 0) {
                throw new IllegalArgumentException("canary.customers is %d; write 0 or more.".formatted(customers));
            }
        }
    }

    /**
     * What a file must keep to.
     *
     * @param badLines the share of bad lines, in percent, above which nothing of a file is executed
     */
    public record FileRules(int badLines) {

        public FileRules {
            if (badLines < 0 || badLines > 100) {
                throw new IllegalArgumentException("file.bad-lines is %d%%; write 0%% to 100%%.".formatted(badLines));
            }
        }

        public static final FileRules USUAL = new FileRules(5);
    }
}
