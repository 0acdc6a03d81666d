package dev.offramp.audit;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Audit.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exports of audit trails for tests. */
final class Trails {

    static final Instant START = Instant.parse("2026-11-21T08:00:00.123456Z");

    private Trails() {}

    static Written entry(long number) {
        return new Written(
                number,
                START.plusSeconds(number),
                new Audit.Entry("ann", "brake pulled", "brake all", "wrong list №" + number, "in a hurry"));
    }

    /** So many blocks of two entries each. */
    static List<Block> blocks(int count) {
        var blocks = new ArrayList<Block>();
        @Nullable Block before = null;
        for (var number = 1; number <= count; number++) {
            before = Block.sealing(entriesOf(number), before, START.plus(Duration.ofMinutes(number)));
            blocks.add(before);
        }
        return blocks;
    }

    static List<Written> entriesOf(long block) {
        return List.of(entry(2 * block - 1), entry(2 * block));
    }

    /** The export of so many blocks, and one entry that is not sealed. */
    static List<String> export(int count) {
        var lines = new ArrayList<String>();
        for (var block : blocks(count)) {
            lines.add(Lines.of(block));
            entriesOf(block.number()).forEach(each -> lines.add(Lines.of(each, block.number())));
        }
        lines.add(Lines.of(entry(2L * count + 1), null));
        return lines;
    }

    /** What the topic of hashes holds. */
    static List<String> published(List<Block> blocks) {
        return blocks.stream().map(each -> Lines.published(each).toString()).toList();
    }
}
