package dev.offramp.partnercenter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the key that refresh tokens are encrypted with. */
final class EncryptionKey {

    private static final Logger log = LoggerFactory.getLogger(EncryptionKey.class);
    private static final int BYTES = 32;

    private EncryptionKey() {}

    /**
     * The seal of this installation.
     *
     * @param configured {@code offramp.encryption-key}, 32 bytes in Base64; when empty, the file is used
     * @param second {@code offramp.second-encryption-key}, which only opens; may be empty
     * @param shared whether other nodes use the same database, so that a file of this one would not do
     * @throws IllegalArgumentException with a sentence that says what to change
     */
    static Seal seal(String configured, String second, boolean shared, Path file) {
        if (shared && configured.isBlank()) {
            throw new IllegalArgumentException(
                    "offramp.encryption-key is missing: the database is PostgreSQL, and a key that lies on this machine alone could not open what other nodes have sealed. Write 32 random bytes in Base64, e.g. from: openssl rand -base64 32");
        }
        return new Seal(
                find(configured, file), second.isBlank() ? null : decoded(second, "offramp.second-encryption-key"));
    }

    /**
     * @param configured {@code offramp.encryption-key}, 32 bytes in Base64; when empty, the file is used
     * @param file made once, readable by the owner only
     */
    static byte[] find(String configured, Path file) {
        if (!configured.isBlank()) {
            return decoded(configured, "offramp.encryption-key");
        }
        try {
            if (!Files.exists(file)) {
                make(file);
                log.warn(
                        "There is no offramp.encryption-key, so that one was made in {}: without this file a person must sign in again. Keep a copy of it elsewhere.",
                        file);
            }
            return decoded(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The encryption key %s can be neither read nor made.".formatted(file), e);
        }
    }

    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Path fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(java.nio.ByteBuffer.wrap(Base64.getEncoder().encode(key)));
            channel.force(true);
        }
        try {
            // Whole or not at all, and never over a key that another process made meanwhile.
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // That one counts.
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static byte[] decoded(String text, String where) {
        try {
            byte[] key = Base64.getDecoder().decode(text.trim());
            if (key.length == BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // The sentence below says it; the text itself must not be shown.
        }
        throw new IllegalArgumentException(
                "%s is no key; write 32 random bytes in Base64, e.g. from: openssl rand -base64 32".formatted(where));
    }
}
