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

/** Finds the key that refresh tokens are encrypted with. */
final class EncryptionKey {

    private static final int BYTES = 32;

    private EncryptionKey() {}

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
