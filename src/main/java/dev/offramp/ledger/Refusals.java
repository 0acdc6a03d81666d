package dev.offramp.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records that could not become requests. */
public interface Refusals {

    /** Writes a refusal and queues it for publishing; the same record at the same place only once. */
    void add(Refusal refusal, Instant now);

    List<Numbered> unsent(int limit);

    void sent(Collection<Long> numbers);

    /** Newest first. */
    List<Numbered> list(@Nullable Long before, int limit);

    Optional<Numbered> byNumber(long number);

    /**
     * One refused record.
     *
     * @param reason the word that says why, e.g. {@code invalid-message}, {@code id-reused-with-other-body}
     * @param value at most 256 KB of the raw value; null for a tombstone
     * @param length the whole value's length in bytes
     * @param digest SHA-256 of the whole value, hex
     * @param firstDigest for a reused id: the digest of the body that came first
     */
    record Refusal(
            Admission.Place place,
            String reason,
            String message,
            @Nullable String source,
            @Nullable String id,
            byte @Nullable [] recordKey,
            byte @Nullable [] value,
            int length,
            String digest,
            @Nullable String firstDigest) {}

    /** A refusal with its number. */
    record Numbered(long number, Refusal refusal, Instant refusedAt) {}
}
