package dev.offramp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainRecordsTests {

    /** With what the compiler writes beside a component. */
    record Noted(@Nullable String word, List<String> words, int number) {}

    @TempDir
    private Path folder;

    @Test
    void takesTheAnnotationsOffAndLeavesTheRest() throws Exception {
        var plain = components(plain(Noted.class));

        assertThat(components(Noted.class).getFirst().getAnnotatedType().getAnnotations())
                .isNotEmpty();
        assertThat(plain)
                .allSatisfy(each ->
                        assertThat(each.getAnnotatedType().getAnnotations()).isEmpty());
        assertThat(plain).extracting(RecordComponent::getName).containsExactly("word", "words", "number");
        assertThat(plain.get(1).getGenericType()).hasToString("java.util.List<java.lang.String>");
    }

    @Test
    void leavesAloneWhatIsNoRecord() throws IOException {
        var file = copy(PlainRecordsTests.class);
        var before = Files.readAllBytes(file);

        PlainRecords.main(folder.toString());

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private Class<?> plain(Class<?> type) throws Exception {
        var file = copy(type);
        PlainRecords.main(folder.toString());
        return new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                try {
                    var bytes = name.equals(type.getName())
                            ? Files.readAllBytes(file)
                            : read(type.getClassLoader().loadClass(name));
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }.loadClass(type.getName());
    }

    private Path copy(Class<?> type) throws IOException {
        return Files.write(folder.resolve(type.getSimpleName() + ".class"), read(type));
    }

    private static byte[] read(Class<?> type) throws IOException {
        try (var from = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return from.readAllBytes();
        }
    }

    private static List<RecordComponent> components(Class<?> type) {
        return Stream.of(type.getRecordComponents()).toList();
    }
}
