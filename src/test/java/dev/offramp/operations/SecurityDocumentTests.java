package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/security.md to the table of verbs. */
class SecurityDocumentTests {

    private static final Path DOCUMENT = Path.of("docs", "security.md");
    private static final Pattern ROLES = Pattern.compile("(?s)(?<=<!-- roles -->\n).*(?=<!-- end of roles -->)");

    @Test
    void saysWhichRoleMayDoWhat() throws IOException {
        if (Boolean.getBoolean("security.write")) {
            Files.writeString(
                    DOCUMENT,
                    ROLES.matcher(Files.readString(DOCUMENT)).replaceFirst(Matcher.quoteReplacement(tables())));
        }
        var written = ROLES.matcher(Files.readString(DOCUMENT));

        assertThat(written.find()).isTrue();
        assertThat(written.group())
                .as("docs/security.md; -Dsecurity.write=true writes it anew")
                .isEqualTo(tables());
    }

    private static String tables() {
        return "| role | what it is |\n|---|---|\n"
                + Arrays.stream(Role.values())
                        .map(each -> "| %s | %s |\n".formatted(each.word(), each.meaning()))
                        .collect(Collectors.joining())
                + "\n| what | %s | how |\n|---%s|---|\n"
                        .formatted(
                                Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(" | ")),
                                "|---".repeat(Role.values().length))
                + Arrays.stream(Verb.values()).map(SecurityDocumentTests::row).collect(Collectors.joining())
                + "\n";
    }

    private static String row(Verb verb) {
        return "| %s | %s | %s |\n"
                .formatted(
                        verb.doing(),
                        EnumSet.allOf(Role.class).stream()
                                .map(role -> cell(verb, role))
                                .collect(Collectors.joining(" | ")),
                        verb.routes().stream()
                                .map(route -> "`%s`".formatted(route.toString().replace("/api/v1", "")))
                                .collect(Collectors.joining(", ")));
    }

    private static String cell(Verb verb, Role role) {
        if (verb.roles().isEmpty()) {
            return "yes";
        }
        if (!verb.roles().contains(role)) {
            return "";
        }
        return role == Role.REQUESTER ? "own" : "yes";
    }
}
