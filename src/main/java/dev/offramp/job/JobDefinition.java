package dev.offramp.job;

import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code job.yaml}. What it does not say about batches, {@code offramp.batch.*} says.
 *
 * @param name the folder's name, e.g. {@code cancel-subscriptions}
 * @param description a sentence
 * @param takes where its requests come from
 * @param reversible whether what it does can be undone
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
        Limits limits,
        Guards guards,
        @Nullable RunWindow window,
        @Nullable Schedule schedule,
        FileRules file) {

    public JobDefinition {
        takes = Set.copyOf(takes);
    }

    /** The source of the requests that its files bring: {@code file:<job>}. */
    public String fileSource() {
        return "file:" + name;
    }

    /** Where requests come from. */
    public enum Way {
        TOPIC,
        FILE
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

        public static final Limits USUAL = new Limits(null, null, null, 100, null);
    }

    /**
     * What keeps requests back until a person decides, beside what holds for every operation.
     *
     * @param customers how many customers this job may touch in the budget's window; null: as many as its operation
     */
    public record Guards(@Nullable Integer customers) {

        public static final Guards USUAL = new Guards(null);
    }

    /**
     * What a file must keep to.
     *
     * @param badLines the share of bad lines, in percent, above which nothing of a file is executed
     */
    public record FileRules(int badLines) {

        public static final FileRules USUAL = new FileRules(5);
    }
}
