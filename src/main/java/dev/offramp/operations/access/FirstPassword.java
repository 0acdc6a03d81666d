package dev.offramp.operations.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code first-password} in the home directory, for its owner's eyes only: the generated password of the first
 * administrator, until it is changed.
 */
public final class FirstPassword {

    private static final Logger LOG = LoggerFactory.getLogger(FirstPassword.class);

    private final Path file;
    private final Users users;

    FirstPassword(Path home, Users users) {
        this.file = home.resolve("first-password");
        this.users = users;
    }

    /** Makes the first administrator when there is nobody, and removes the file of one that has changed the password. */
    void prepare() {
        var password = Password.generated();
        if (users.makeFirst(password, () -> write(password))) {
            LOG.info(
                    "There was no user, so that {} was made; the password is in {} until it is changed.",
                    Users.FIRST,
                    file);
        } else {
            removeWhenChanged();
        }
    }

    /** To be called after each change of a user. */
    public void removeWhenChanged() {
        try {
            if (Files.exists(file)
                    && !users.isPassword(Users.FIRST, Files.readString(file).strip())) {
                Files.delete(file);
                LOG.info("{} is gone: its password was changed.", file);
            }
        } catch (IOException e) {
            LOG.warn(
                    "The password in {} was changed, but the file could not be removed ({}): delete it.",
                    file,
                    e.getClass().getSimpleName());
        }
    }

    private void write(Password password) {
        try {
            Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "first-password", ".new", ownerOnly());
            try {
                Files.writeString(whole, password.text() + "\n");
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The first password cannot be written to %s (%s). Set offramp.home to a directory that this user may write."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
