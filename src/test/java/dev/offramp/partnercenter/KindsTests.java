package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fixture is named after its kind, and after a dot what is special about it. */
class KindsTests {

    private static final Path FOLDER = Path.of("src/test/resources/partnercenter/kinds");
    private static final Pattern MEMBER = Pattern.compile("\"([a-z])([A-Za-z]*)\":");

    @ParameterizedTest
    @MethodSource("fixtures")
    void tellsEachKindApart(Path fixture) throws IOException {
        assertThat(kind(Files.readString(fixture))).isEqualTo(kindOf(fixture));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void tellsEachKindApartInPascalCase(Path fixture) throws IOException {
        String pascal = MEMBER.matcher(Files.readString(fixture))
                .replaceAll(name -> "\"" + name.group(1).toUpperCase(Locale.ROOT) + name.group(2) + "\":");
        assertThat(pascal).contains("\"OfferName\":").doesNotContain("\"offerName\":");
        assertThat(kind(pascal)).isEqualTo(kindOf(fixture));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindHasAFixture(Kind kind) throws IOException {
        assertThat(fixtures()).anyMatch(fixture -> kindOf(fixture) == kind);
    }

    @Test
    void knowsNoKindOfNothing() {
        assertThat(kind("{}")).isEqualTo(Kind.UNKNOWN);
    }

    /** A product type that is not documented says nothing, whatever else the resource says. */
    @Property(tries = 200)
    void takesNoUndocumentedProductTypeForAKnownOne(@ForAll @StringLength(min = 1, max = 12) String type) {
        String letters = type.replaceAll("[^a-z]", "x") + "!";
        assertThat(kind("{\"productType\":{\"id\":\"%s\"},\"offerId\":\"A:0001:B\",\"isMicrosoftProduct\":false}"
                        .formatted(letters)))
                .isIn(Kind.UNKNOWN, Kind.RESERVATION);
    }

    private static List<Path> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    private static Kind kindOf(Path fixture) {
        String name = fixture.getFileName().toString();
        return Kind.valueOf(
                name.substring(0, name.indexOf('.')).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Kind kind(String json) {
        return Resources.subscription(json).orElseThrow().subscription().kind();
    }
}
