package dev.offramp.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the last commits in an H2 file whose process was killed. H2 writes each commit, but the head of its file only now
 * and then, and from there it follows where it once thought that the next commit would go: where one went elsewhere, H2
 * takes an older state for the newest, and forgets up to twenty commits that are in the file. A look at all of the file
 * does not, and leaves a head that is right.
 */
final class LastCommits {

    private static final Logger LOG = LoggerFactory.getLogger(LastCommits.class);
    private static final Pattern FILE = Pattern.compile("jdbc:h2:file:([^;]+)(;.*)?");
    private static final int HEAD = 4096;

    private LastCommits() {}

    /** Before the database is opened; does nothing where it was closed in order, is not there, or belongs to somebody. */
    static void find(String url) {
        file(url).filter(LastCommits::wasNotClosed).ifPresent(LastCommits::lookAtAllOf);
    }

    private static Optional<Path> file(String url) {
        var matcher = FILE.matcher(url);
        if (!matcher.matches() || url.toUpperCase(Locale.ROOT).contains(";CIPHER=")) {
            return Optional.empty();
        }
        var name = matcher.group(1) + ".mv.db";
        var path = name.startsWith("~/") ? Path.of(System.getProperty("user.home"), name.substring(2)) : Path.of(name);
        return Optional.of(path).filter(Files::isRegularFile);
    }

    private static boolean wasNotClosed(Path file) {
        try (var in = Files.newInputStream(file)) {
            return !new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1).contains(",clean:1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void lookAtAllOf(Path file) {
        try (var store =
                new MVStore.Builder().fileName(file.toString()).recoveryMode().open()) {
            LOG.info("The ledger was not closed; its last commit is number {}.", store.getCurrentVersion());
        } catch (MVStoreException e) {
            // Another process has it open, or it cannot be read: whoever opens the database says so.
            LOG.debug("The ledger's file could not be looked at.", e);
        }
    }
}
