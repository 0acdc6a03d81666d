package dev.offramp.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/**
 * What a child process is started from. After packaging ({@code offramp.packaged}) it is the packaged jar, taken apart as
 * in the image, with a cache of its classes from one training start; our test classes come behind it as a jar of their
 * own. Before, it is this JVM's own class path.
 *
 * @param options of Java
 */
record ProgramFiles(String classPath, List<String> options) {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    /** What test code brings that is started inside a child. */
    private static final List<String> TEST_PACKAGES = List.of("dev/offramp/crash", "dev/offramp/chaos");

    static ProgramFiles here() {
        return Shared.FILES;
    }

    /** What starts Offramp alone: the jar where there is one that is as new as the classes, else the classes. */
    static List<String> whole() {
        var jar = freshJar();
        if (isPackaged() && jar.isEmpty()) {
            throw new IllegalStateException("The jar was to be packaged by now, and there is none in " + TARGET);
        }
        return jar.map(each -> List.of("-jar", each.toString()))
                .orElseGet(() -> List.of("-cp", withoutTests(ownClassPath()), "dev.offramp.Offramp"));
    }

    private static boolean isPackaged() {
        return Boolean.getBoolean("offramp.packaged");
    }

    static String ownClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String withoutTests(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(each -> !each.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Optional<Path> freshJar() {
        try (var files = Files.list(TARGET);
                var classes = Files.walk(TARGET.resolve("classes"))) {
            long newest = classes.filter(Files::isRegularFile)
                    .mapToLong(each -> each.toFile().lastModified())
                    .max()
                    .orElse(0);
            return files.filter(each -> each.getFileName().toString().matches("offramp-[0-9.]+\\.jar"))
                    .filter(each -> each.toFile().lastModified() >= newest)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds the files of this build; the class loader sees to it that they are made once. */
    private static final class Shared {

        private static final ProgramFiles FILES =
                isPackaged() ? packaged(freshJar().orElseThrow()) : new ProgramFiles(ownClassPath(), List.of());

        private static ProgramFiles packaged(Path jar) {
            var folder = TARGET.resolve("program");
            var thin = folder.resolve(jar.getFileName());
            var cache = folder.resolve("offramp.aot");
            try {
                if (!Files.exists(cache)
                        || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                    takeApart(jar, folder);
                    train(thin, cache);
                }
                return new ProgramFiles(
                        thin + File.pathSeparator + testClasses(folder),
                        List.of("-XX:AOTCache=" + cache, "-Xlog:disable"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void takeApart(Path jar, Path folder) throws IOException {
            var command = Program.java(List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--force"));
            command.addAll(List.of("--destination", folder.toString()));
            Files.createDirectories(folder);
            try (var extract = Program.start(new ProcessBuilder(command))) {
                if (extract.exitCode() != 0) {
                    throw new IllegalStateException("The jar was not taken apart: " + extract.newestLines());
                }
            }
        }

        /** One life of the service; at its end Java writes down what a start needs. */
        private static void train(Path jar, Path cache) {
            Training.run(Program.java(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable", "-cp", jar.toString())));
            if (!Files.exists(cache)) {
                throw new IllegalStateException("The training left no cache in " + cache);
            }
        }

        private static Path testClasses(Path folder) throws IOException {
            var jar = folder.resolve("test-classes.jar");
            var classes = TARGET.resolve("test-classes");
            try (var out = new JarOutputStream(Files.newOutputStream(jar));
                    var files = Files.walk(classes)) {
                for (var each : files.filter(Files::isRegularFile).toList()) {
                    var name = classes.relativize(each).toString();
                    if (TEST_PACKAGES.stream().anyMatch(name::startsWith)) {
                        out.putNextEntry(new JarEntry(name));
                        Files.copy(each, out);
                    }
                }
            }
            return jar;
        }
    }
}
