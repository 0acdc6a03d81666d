package dev.offramp.operations.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file to be handed in; standard input has been spooled to a temporary one, as it cannot be read twice.
 *
 * @param name what it is called for people
 * @param size in bytes
 * @param digest SHA-256 of its bytes, in hex: the same bytes are the same file
 */
record Upload(Path path, String name, long size, String digest, boolean spooled) implements AutoCloseable {

    static final String STANDARD_INPUT = "-";

    private static final int BUFFER = 1 << 16;

    static Upload of(String file) {
        return file.equals(STANDARD_INPUT) ? spool(System.in) : read(Path.of(file), file);
    }

    private static Upload spool(InputStream input) {
        try {
            Path spooled = Files.createTempFile("offramp-", ".input");
            spooled.toFile().deleteOnExit();
            try (var out = Files.newOutputStream(spooled)) {
                input.transferTo(out);
            }
            return measured(spooled, "standard input", true);
        } catch (IOException e) {
            throw Failure.usage("Standard input cannot be kept in a temporary file (%s).".formatted(Service.reason(e)));
        }
    }

    private static Upload read(Path path, String name) {
        try {
            if (Files.isDirectory(path)) {
                throw Failure.usage("%s is a directory; name a file.".formatted(name));
            }
            Path last = path.getFileName();
            return measured(path, last == null ? name : last.toString(), false);
        } catch (NoSuchFileException e) {
            throw Failure.usage("There is no file %s.".formatted(name));
        } catch (IOException e) {
            throw Failure.usage("%s cannot be read (%s).".formatted(name, Service.reason(e)));
        }
    }

    private static Upload measured(Path path, String name, boolean spooled) throws IOException {
        long size = 0;
        var sha256 = sha256();
        try (var in = new DigestInputStream(Files.newInputStream(path), sha256)) {
            var buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
            }
        }
        if (size == 0) {
            throw Failure.usage("There is nothing in %s, so there is nothing to run.".formatted(name));
        }
        return new Upload(path, name, size, HexFormat.of().formatHex(sha256.digest()), spooled);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The bytes from there on, at most so many. */
    byte[] piece(long offset, int most) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var bytes = ByteBuffer.allocate((int) Math.min(most, size - offset));
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw Failure.usage(
                            "%s became shorter while it was sent; hand it in again when it is whole.".formatted(name));
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw Failure.usage("%s cannot be read (%s).".formatted(name, Service.reason(e)));
        }
    }

    /** Beside the input; null when that was standard input. */
    @Nullable
    Path rejects() {
        return spooled ? null : path.resolveSibling(path.getFileName() + ".rejected");
    }

    @Override
    public void close() {
        if (spooled) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw Failure.usage("The temporary file %s cannot be deleted (%s); delete it by hand."
                        .formatted(path, Service.reason(e)));
            }
        }
    }
}
