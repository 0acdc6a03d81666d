package dev.offramp.platform;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory that belongs to this installation and that nobody else may look into. */
final class Home {

    private Home() {}

    /** Creates the directory with mode 0700 when it is not there; one that is there keeps its mode. */
    static Path create(Path directory) {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        try {
            return Files.createDirectories(directory, ownerOnly());
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(
                    "offramp.home is %s, which is a file; name a directory.".formatted(directory), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "offramp.home is %s, which cannot be created (%s); name a directory that this user may write."
                            .formatted(directory, e.getMessage()),
                    e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        };
    }
}
