package dev.offramp.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A guarantee that names a test names one that is there, and a link leads somewhere. */
class DocumentTests {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Tests)(?:#(\\w+))?`");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|mailto:|#)([^)#\\s]+)(?:#[^)]*)?\\)");

    @Test
    void everyTestThatADocumentNamesExists() {
        Map<String, Path> tests = testsByName();
        List<String> missing = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult named : TEST.matcher(text(document)).results().toList()) {
                Path source = tests.get(named.group(1));
                if (source == null
                        || named.group(2) != null && !text(source).contains("void " + named.group(2) + "(")) {
                    missing.add(ROOT.relativize(document) + " names " + named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theReadmeNamesATestForEachGuarantee() {
        List<String> rows = text(ROOT.resolve("README.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("| guarantee"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(5)
                .allSatisfy(row -> assertThat(TEST.matcher(row).find()).as(row).isTrue());
    }

    @Test
    void everyLinkLeadsToAFileOfThisRepository() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link : LINK.matcher(text(document)).results().toList()) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(document) + " links to " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static Map<String, Path> testsByName() {
        return files(ROOT.resolve("src/test/java"), "Tests.java").stream()
                .collect(Collectors.toMap(
                        each -> each.getFileName().toString().replace(".java", ""), each -> each, (one, _) -> one));
    }

    private static List<Path> documents() {
        return Stream.of("docs", "jobs", "schemas", "helm")
                .map(ROOT::resolve)
                .filter(Files::exists)
                .map(folder -> files(folder, ".md"))
                .reduce(
                        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md"))),
                        (all, more) -> {
                            all.addAll(more);
                            return all;
                        });
    }

    private static List<Path> files(Path folder, String ending) {
        try (var all = Files.walk(folder)) {
            return all.filter(each -> each.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
