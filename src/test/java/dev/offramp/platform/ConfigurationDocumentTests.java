package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.platform.KnownKeys.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/configuration.md to the configuration records: every key with its type, default and meaning, and no other.
 *
 * <p>{@code ./mvnw -q test -Dtest=ConfigurationDocumentTests -Dconfiguration.write=true} writes the tables anew.
 */
class ConfigurationDocumentTests {

    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Pattern TABLES = Pattern.compile("(?s)(?<=<!-- keys -->\n).*(?=<!-- end of keys -->)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(offramp\\.[^`]+)` \\|");

    private final List<Key> keys = KnownKeys.ofThisProgram().all();

    @Test
    void holdsEveryKeyAsTheCodeHasIt() throws IOException {
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(
                    DOCUMENT,
                    TABLES.matcher(Files.readString(DOCUMENT))
                            .replaceFirst(java.util.regex.Matcher.quoteReplacement(tables())));
        }
        var matcher = TABLES.matcher(Files.readString(DOCUMENT));

        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group())
                .as("docs/configuration.md; -Dconfiguration.write=true writes it anew")
                .isEqualTo(tables());
    }

    @Test
    void namesEachKeyOnce() throws IOException {
        var documented = ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .map(each -> each.group(1))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().map(Key::name).toList());
    }

    @Test
    void saysOfEveryKeyWhatItMeans() {
        assertThat(keys)
                .allSatisfy(key -> assertThat(key.description()).as(key.name()).isNotBlank());
    }

    private String tables() {
        var groups = keys.stream()
                .collect(Collectors.groupingBy(ConfigurationDocumentTests::group, TreeMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                        .map(each -> "\n## %s\n\n| key | type | default | meaning |\n|---|---|---|---|\n%s\n"
                                .formatted(
                                        each.getKey(),
                                        each.getValue().stream()
                                                .map(ConfigurationDocumentTests::row)
                                                .collect(Collectors.joining("\n"))))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String group(Key key) {
        String[] words = key.name().split("\\.");
        return words.length == 2 ? "offramp" : words[0] + "." + words[1];
    }

    private static String row(Key key) {
        String value = key.defaultValue();
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        key.name(),
                        type(key.type()),
                        value == null || value.isEmpty() ? "" : "`" + value + "`",
                        String.valueOf(key.description()).replaceAll("\\{@code ([^}]*)}", "`$1`"));
    }

    private static String type(String type) {
        return switch (type) {
            case "java.lang.Integer", "java.lang.Long" -> "number";
            case "java.lang.Boolean" -> "`true` or `false`";
            case "java.lang.String" -> "text";
            case "java.time.Duration" -> "duration";
            case "java.time.LocalTime" -> "time of the day";
            case "java.time.ZoneId" -> "time zone";
            case "java.util.List<java.time.Duration>" -> "durations";
            case "java.util.List<java.lang.String>" -> "texts";
            case "java.util.Map<java.lang.String,java.lang.Integer>" -> "number for each name";
            case "java.util.Map<java.lang.String,java.time.Duration>" -> "duration for each name";
            case "java.util.Map<java.lang.String,java.lang.String>" -> "text for each name";
            case "java.nio.file.Path" -> "directory";
            case "java.net.URI" -> "address";
            case "org.springframework.util.unit.DataSize" -> "size";
            default -> type.startsWith("java.util.List<dev.offramp.") ? "list" : words(type);
        };
    }

    private static String words(String type) {
        try {
            Object[] constants = Class.forName(type).getEnumConstants();
            assertThat(constants).as("type " + type).isNotNull();
            return Arrays.stream(constants)
                    .map(each -> "`%s`"
                            .formatted(((Enum<?>) each)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')))
                    .collect(Collectors.joining(" or "));
        } catch (ClassNotFoundException e) {
            throw new AssertionError("The document has no word for the type " + type, e);
        }
    }
}
