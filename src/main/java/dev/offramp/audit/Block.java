package dev.offramp.audit;

import dev.offramp.ledger.Audit.Written;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some audit entries under one hash, which holds the hash of the block before.
 *
 * <p>{@code content} is the digest of the digests of its entries in the order of their numbers; {@code hash} is the digest
 * of the word {@code offramp-audit-1}, the number, the previous hash, the time, the count of entries and the content. So
 * the chain can still be checked when the entries of old blocks are gone.
 *
 * @param number from 1, without a gap
 * @param previous the hash of the block before, {@link #NONE} in the first
 * @param sealedAt by the deciding clock, in microseconds
 * @param entries how many
 * @param removedAt when retention took its entries away, null while they stand
 */
public record Block(
        long number,
        String previous,
        Instant sealedAt,
        int entries,
        String content,
        String hash,
        @Nullable Instant removedAt) {

    /** What stands before the first block. */
    public static final String NONE = "0".repeat(64);

    private static final String VERSION = "offramp-audit-1";

    /** Seals entries, in the order of their numbers, behind a block; null when there is none before. */
    static Block sealing(List<Written> entries, @Nullable Block before, Instant now) {
        var content = new Content();
        entries.forEach(content::add);
        var number = before == null ? 1 : before.number() + 1;
        var previous = before == null ? NONE : before.hash();
        var at = now.truncatedTo(ChronoUnit.MICROS);
        var digest = content.digest();
        return new Block(
                number, previous, at, entries.size(), digest, hash(number, previous, at, entries.size(), digest), null);
    }

    /** The hash that its other members give. */
    String computedHash() {
        return hash(number, previous, sealedAt, entries, content);
    }

    private static String hash(long number, String previous, Instant sealedAt, int entries, String content) {
        return new Digest()
                .with(VERSION)
                .with(number)
                .with(previous)
                .with(sealedAt)
                .with(entries)
                .with(content)
                .hex();
    }

    /** The digest of entries that come one after the other. */
    static final class Content {

        private final Digest all = new Digest();
        private int entries;

        void add(Written written) {
            var entry = written.entry();
            all.with(new Digest()
                    .with(written.number())
                    .with(written.at())
                    .with(entry.who())
                    .with(entry.what())
                    .with(entry.target())
                    .with(entry.cause())
                    .with(entry.details())
                    .hex());
            entries++;
        }

        int entries() {
            return entries;
        }

        String digest() {
            return all.hex();
        }
    }
}
