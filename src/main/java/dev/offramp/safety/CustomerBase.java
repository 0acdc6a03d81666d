package dev.offramp.safety;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How many customers the partner has: what a share of them is a share of. */
public interface CustomerBase {

    /** What budgets go by; empty when nobody has said or counted it, or not lately. */
    Optional<Size> size(Instant now);

    /** Whether somebody should count: a budget goes by the base, nobody has said it, and the last count is a day old. */
    boolean wantsCount(Instant now);

    /** Writes down what was counted, and says what it means. */
    Size counted(long customers, Instant now);

    /**
     * How many customers there are.
     *
     * @param countedAt null when it was configured
     * @param doubted what was counted last, when it is so far from the count before that the smaller of both holds
     */
    record Size(
            long customers,
            @Nullable Instant countedAt,
            @Nullable Long doubted) {

        static Size configured(long customers) {
            return new Size(customers, null, null);
        }

        OptionalLong asNumber() {
            return OptionalLong.of(customers);
        }
    }

    /** One count. */
    record Count(long customers, Instant at) {}

    /** An older count says nothing about today. */
    Duration GOOD_FOR = Duration.ofDays(7);

    /** After it there is another one. */
    Duration AGAIN_AFTER = Duration.ofDays(1);

    /**
     * What to believe. A base that shrank to less than half of the count before, or grew to more than twice of it, is
     * doubted: the smaller of both holds until the next count.
     *
     * @param newestFirst the last counts; the first two matter
     */
    static Optional<Size> believed(List<Count> newestFirst, Instant now) {
        if (newestFirst.isEmpty() || !newestFirst.getFirst().at().plus(GOOD_FOR).isAfter(now)) {
            return Optional.empty();
        }
        Count last = newestFirst.getFirst();
        if (newestFirst.size() == 1) {
            return Optional.of(new Size(last.customers(), last.at(), null));
        }
        long before = newestFirst.get(1).customers();
        boolean doubted = last.customers() < before - last.customers() || last.customers() - before > before;
        return Optional.of(
                doubted
                        ? new Size(Math.min(before, last.customers()), last.at(), last.customers())
                        : new Size(last.customers(), last.at(), null));
    }
}
