package dev.offramp.audit;

import dev.offramp.audit.Lines.Line;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks an export without the service and its database: each block against its entries, its hash, the block before, and
 * the hashes that were published.
 */
public final class Verification {

    /**
     * What was found.
     *
     * @param blocks how many blocks
     * @param removed of these, how many whose entries retention took away; their hashes hold the chain together
     * @param sealed how many entries stand in blocks
     * @param unsealed how many entries stand in none yet
     * @param compared how many blocks were compared with a published hash
     * @param broken the first thing that is not as it was, as a sentence; null when there is none
     */
    public record Found(
            long blocks,
            long removed,
            long sealed,
            long unsealed,
            long compared,
            @Nullable String broken) {}

    /** The hashes that were published are no hashes. */
    public static final class UnreadableException extends Exception {

        private final String sentence;

        UnreadableException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        public String sentence() {
            return sentence;
        }
    }

    private final Map<Long, Set<String>> published;
    private final long highestPublished;

    private long line;
    private long removed;
    private long sealed;
    private long unsealed;
    private long compared;
    /** The block before, checked. */
    private @Nullable Block last;
    /** The block whose entries are being read. */
    private @Nullable Block open;

    private Block.Content content = new Block.Content();
    private long lastEntry;
    private @Nullable String broken;

    private Verification(Map<Long, Set<String>> published) {
        this.published = published;
        highestPublished =
                published.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /**
     * Checks an export.
     *
     * @param published records of the topic of hashes, one in a line; nothing is compared when there is none
     * @throws UnreadableException when a line of these is no record of that topic
     */
    public static Found of(Stream<String> export, Stream<String> published) throws UnreadableException {
        var verification = new Verification(hashes(published));
        export.takeWhile(_ -> verification.broken == null).forEach(verification::read);
        return verification.end();
    }

    private static Map<Long, Set<String>> hashes(Stream<String> published) throws UnreadableException {
        var hashes = new HashMap<Long, Set<String>>();
        long line = 0;
        for (var record : (Iterable<String>) published::iterator) {
            line++;
            if (record.isBlank()) {
                continue;
            }
            var block = Lines.readPublished(record);
            if (block.isEmpty()) {
                throw new UnreadableException(
                        "Line %d of the published hashes is no record of that topic; write its values, one in a line."
                                .formatted(line));
            }
            hashes.computeIfAbsent(block.get().number(), _ -> new HashSet<>())
                    .add(block.get().hash());
        }
        return hashes;
    }

    private void read(String text) {
        line++;
        if (text.isBlank()) {
            return;
        }
        Optional<Line> read = Lines.read(text);
        if (read.isEmpty()) {
            broken = "Line %d is neither a block nor an entry.".formatted(line);
            return;
        }
        switch (read.get()) {
            case Line.OfBlock(Block block) -> begin(block);
            case Line.OfEntry entry -> add(entry);
        }
    }

    private void begin(Block block) {
        endBlock();
        if (broken != null) {
            return;
        }
        long before = before();
        if (unsealed > 0) {
            broken = "Block %d stands behind entries that are not sealed.".formatted(block.number());
        } else if (block.number() != before + 1) {
            broken = "Block %d is missing: block %d follows.".formatted(before + 1, block.number());
        } else if (!block.previous().equals(last == null ? Block.NONE : last.hash())) {
            broken = "Block %d does not follow block %d: it names another hash before it."
                    .formatted(block.number(), before);
        } else if (!block.hash().equals(block.computedHash())) {
            broken = "Block %d was changed: its members give another hash.".formatted(block.number());
        } else {
            compare(block);
        }
        open = block;
        content = new Block.Content();
        lastEntry = 0;
    }

    private long before() {
        return last == null ? 0 : last.number();
    }

    private void compare(Block block) {
        var known = published.getOrDefault(block.number(), Set.of());
        if (known.isEmpty()) {
            return;
        }
        compared++;
        if (!known.contains(block.hash())) {
            broken = "Block %d was published with the hash %s and has another one: it was made anew."
                    .formatted(block.number(), String.join(" and ", known));
        } else if (known.size() > 1) {
            broken = "Block %d was published with %d different hashes: the chain was cut and continued."
                    .formatted(block.number(), known.size());
        }
    }

    private void add(Line.OfEntry entry) {
        if (entry.block() == null) {
            endBlock();
            unsealed++;
            return;
        }
        var block = open;
        if (block == null || block.number() != entry.block()) {
            broken = "Entry %d says that it is of block %d and does not stand there."
                    .formatted(entry.written().number(), entry.block());
        } else if (entry.written().number() <= lastEntry) {
            broken = "The entries of block %d are not in the order of their numbers.".formatted(block.number());
        } else {
            lastEntry = entry.written().number();
            content.add(entry.written());
        }
    }

    /** What follows is not of the block that is open. */
    private void endBlock() {
        var block = open;
        if (block == null || broken != null) {
            return;
        }
        open = null;
        last = block;
        if (content.entries() == 0 && block.removedAt() != null) {
            removed++;
        } else if (content.entries() != block.entries()) {
            broken = "Block %d has %d entries and was sealed with %d."
                    .formatted(block.number(), content.entries(), block.entries());
        } else if (!content.digest().equals(block.content())) {
            broken = "An entry of block %d was changed.".formatted(block.number());
        } else {
            sealed += block.entries();
        }
    }

    private Found end() {
        endBlock();
        if (broken == null && highestPublished > before()) {
            broken = "Block %d was published and is missing: the end of the trail was cut off.".formatted(before() + 1);
        }
        return new Found(before(), removed, sealed, unsealed, compared, broken);
    }
}
