package dev.offramp.safety;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protected list in a file, read again when that has changed. It never makes anybody loose by mistake: what cannot be
 * read, or is empty all at once, leaves the list as it was, and what is no longer in it counts until the file has not
 * changed for a moment, since it may be in the middle of being written.
 */
final class ProtectedFile implements Supplier<ProtectedList> {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Path file;
    private final LongSupplier nanos;
    private final ProtectionJournal journal;
    private ProtectedList settled;
    private ProtectedList current;
    private State seen;
    private @Nullable String trouble;
    private long lookedAt;

    /** By what a change is noticed. */
    private record State(
            @Nullable FileTime modified,
            long size,
            @Nullable Object key) {

        static final State GONE = new State(null, -1, null);
    }

    /** Told to the world beside the list. */
    interface ProtectionJournal {

        default void read(Path file, int customers, int domains) {}

        /** @param what a sentence, the file in it */
        default void broken(String what) {}
    }

    /** @throws IllegalArgumentException when it cannot be read or holds nobody; says what is wrong */
    ProtectedFile(Path file, LongSupplier nanos, ProtectionJournal journal) {
        this.file = file;
        this.nanos = nanos;
        this.journal = journal;
        seen = state();
        try {
            settled = parse();
        } catch (Unusable e) {
            throw new IllegalArgumentException(
                    "offramp.safety.protected-file: %s Nothing is begun without it.".formatted(e.getMessage()), e);
        }
        current = settled;
        lookedAt = nanos.getAsLong();
        journal.read(
                file, current.customers().size(), current.domains().written().size());
    }

    @Override
    public synchronized ProtectedList get() {
        long now = nanos.getAsLong();
        if (now - lookedAt >= BETWEEN_LOOKS.toNanos()) {
            lookedAt = now;
            look();
        }
        return current;
    }

    private void look() {
        State state = state();
        if (state.equals(seen) && trouble == null) {
            // Unchanged since the look before: whoever wrote it has ended.
            current = settled;
            return;
        }
        seen = state;
        try {
            ProtectedList read = parse();
            if (!read.equals(settled) || trouble != null) {
                journal.read(
                        file, read.customers().size(), read.domains().written().size());
            }
            current = current.and(read);
            settled = read;
            trouble = null;
        } catch (Unusable e) {
            String what = Objects.requireNonNull(e.getMessage());
            if (!what.equals(trouble)) {
                journal.broken(what);
            }
            trouble = what;
        }
    }

    private State state() {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return State.GONE;
        }
    }

    private ProtectedList parse() throws Unusable {
        try {
            ProtectedList read = ProtectedList.of(Files.readAllLines(file, StandardCharsets.UTF_8));
            if (read.isEmpty()) {
                throw new Unusable("%s names nobody.".formatted(file));
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new Unusable("%s, %s".formatted(file, e.getMessage()));
        } catch (CharacterCodingException e) {
            throw new Unusable("%s is not UTF-8.".formatted(file));
        } catch (IOException e) {
            throw new Unusable("%s cannot be read (%s).".formatted(file, e));
        }
    }

    /** The file holds no list. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }
}
