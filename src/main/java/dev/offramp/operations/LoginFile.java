package dev.offramp.operations;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file {@code login} in the home directory: where the service answers, and the token that it wants to see. Whoever
 * may read the file may operate the service; so only its owner may.
 */
public final class LoginFile {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;

    private LoginFile(Path file) {
        this.file = file;
    }

    public static LoginFile in(Path home) {
        return new LoginFile(home.resolve("login"));
    }

    public Path path() {
        return file;
    }

    /**
     * A log-in.
     *
     * @param server where the service answers, e.g. {@code http://127.0.0.1:8080}
     */
    public record Login(URI server, String token) {

        public Login {
            if (token.isBlank()) {
                throw new IllegalArgumentException("A log-in without a token");
            }
        }

        Login at(URI address) {
            return new Login(address, token);
        }

        /** Without the token: it is a secret. */
        @Override
        public String toString() {
            return "log-in at " + server;
        }
    }

    /**
     * Reads the file.
     *
     * @return empty when it is not there
     * @throws IllegalStateException with a sentence when it is there and cannot be used
     */
    public Optional<Login> read() {
        try {
            JsonNode content = JSON.readTree(Files.readString(file));
            return Optional.of(new Login(
                    URI.create(content.path("server").asString("")),
                    content.path("token").asString("")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The log-in file %s cannot be read (%s). Only the user who runs the service may read it."
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        } catch (JacksonException | IllegalArgumentException e) {
            // Without the cause, which would quote the file.
            throw new IllegalStateException(
                    "The log-in file %s is damaged. Delete it and start the service again: it writes a new one."
                            .formatted(file));
        }
    }

    /** Whether others than the owner may read it; false where the file system does not know. */
    boolean isOpenToOthers() throws IOException {
        return isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
    }

    /** Puts the log-in in place at once and whole, with mode 0600 from its first byte on. */
    void write(Login login) throws IOException {
        Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "login", ".new", ownerOnly());
        try {
            Files.writeString(
                    whole,
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(JSON.createObjectNode()
                                    .put("server", login.server().toString())
                                    .put("token", login.token())));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
