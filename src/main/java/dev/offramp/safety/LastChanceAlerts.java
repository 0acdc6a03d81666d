package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.LastChances.Near;
import dev.offramp.ledger.NamedLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells people of what stands still while its last chance comes near: once a day before it and once four hours before. One
 * node does it; what was told stands in the ledger with its entry in the audit trail, so that nobody is told twice.
 */
final class LastChanceAlerts {

    static final int CHUNK = 500;

    /** The nearest first: what is told of as that near need not be told of as less near. */
    static final List<Duration> WITHIN = List.of(Duration.ofHours(4), Duration.ofHours(24));

    private static final int NAMED = 3;

    private final LastChances chances;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final NamedLease lease;
    private final InstantSource clock;
    private final ChanceJournal journal;

    LastChanceAlerts(
            LastChances chances,
            Audit audit,
            TransactionTemplate transactions,
            NamedLease lease,
            InstantSource clock,
            ChanceJournal journal) {
        this.chances = chances;
        this.audit = audit;
        this.transactions = transactions;
        this.lease = lease;
        this.clock = clock;
        this.journal = journal;
    }

    /** Told to the world beside the ledger. */
    interface ChanceJournal {

        /** @param first the most urgent of them, in words */
        default void near(int count, Duration within, String first) {}

        default void counted(Duration within, long count) {}

        default void alertsFailed(RuntimeException cause) {}
    }

    /** Tells of all that have come near by now, unless another node does. */
    void round() {
        if (!lease.hold(clock.instant())) {
            WITHIN.forEach(each -> journal.counted(each, 0));
            return;
        }
        for (Duration within : WITHIN) {
            List<Near> told;
            do {
                told = Objects.requireNonNull(transactions.execute(_ -> chunk(within, clock.instant())));
                if (!told.isEmpty()) {
                    journal.near(told.size(), within, first(told));
                }
            } while (told.size() == CHUNK);
            journal.counted(within, chances.count(clock.instant(), within));
        }
    }

    /** Another node need not wait. */
    void end() {
        lease.giveBack(clock.instant());
    }

    private List<Near> chunk(Duration within, Instant now) {
        List<Near> near = chances.lockUntold(now, within, CHUNK);
        if (!near.isEmpty()) {
            chances.told(near.stream().map(Near::request).toList(), within);
            audit.add(
                    new Audit.Entry(
                            HoldExpiry.WHO,
                            "last chance near",
                            near.size() == 1 ? "request " + near.getFirst().request() : near.size() + " requests",
                            "within " + Words.duration(within),
                            first(near)),
                    now);
        }
        return near;
    }

    private static String first(List<Near> near) {
        String named = near.stream().limit(NAMED).map(LastChanceAlerts::inWords).collect(Collectors.joining("; "));
        return near.size() > NAMED ? "%s; and %d more".formatted(named, near.size() - NAMED) : named;
    }

    private static String inWords(Near near) {
        return "request %d%s, %s: %s, until %s (%s)"
                .formatted(
                        near.request(),
                        near.customer() == null ? "" : " of " + near.customer(),
                        near.status().word(),
                        near.reason(),
                        near.chance().at(),
                        near.chance().of().word());
    }
}
