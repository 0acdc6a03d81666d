package dev.offramp.breakage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A safeguard taken out of one source file.
 *
 * @param what the safeguard, in words
 * @param type the class in whose source it stands, e.g. {@code dev.offramp.safety.Gate}
 * @param text the exact text that makes the safeguard; it stands in that file once
 * @param instead what stands there when the safeguard is missing
 * @param caughtBy the test that must fail then
 */
record Breakage(String what, String type, String text, String instead, NamedTest caughtBy) {

    /** One test method, e.g. {@code dev.offramp.safety.GateTests#staysShutUnderTheBrake()}, with its parameter types. */
    record NamedTest(String type, String method) {

        static NamedTest of(String name) {
            return new NamedTest(name.substring(0, name.indexOf('#')), name.substring(name.indexOf('#') + 1));
        }

        @Override
        public String toString() {
            return type + "#" + method;
        }
    }

    static Breakage of(String what, String type, String text, String instead, String caughtBy) {
        return new Breakage(what, "dev.offramp." + type, text, instead, NamedTest.of("dev.offramp." + caughtBy));
    }

    Path file() {
        return Path.of("src/main/java").resolve(type.replace('.', '/') + ".java");
    }

    /** @throws IllegalStateException when the text is not there exactly once: then this breakage breaks nothing */
    String brokenSource() {
        String source = read(file());
        int first = source.indexOf(text);
        if (first < 0 || source.indexOf(text, first + 1) >= 0) {
            throw new IllegalStateException(
                    "'%s' does not stand exactly once in %s. The safeguard was rewritten; say in Breakages how it is taken out now: %s"
                            .formatted(what, file(), text));
        }
        return source.substring(0, first) + instead + source.substring(first + text.length());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
