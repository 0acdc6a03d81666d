package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offramp.partnercenter.ErrorCatalogue.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ErrorCatalogueTests {

    private static final Path DOCUMENTS =
            Path.of(System.getProperty("partner-center.documents", "../shared/partner-center"));

    @Test
    void tellsOneNumberUnderTwoStatusesApart() {
        assertThat(ErrorCatalogue.of(403, "2006").advice()).contains("may not sell");
        assertThat(ErrorCatalogue.of(400, "2006").advice()).contains("offer");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 412, 417})
    void hasASafeMeaningForCodesThatNobodyDocumented(int status) {
        assertThat(ErrorCatalogue.of(status, "31415926")).isEqualTo(ErrorCatalogue.of(status, null));
        assertThat(ErrorCatalogue.of(status, "31415926").meaning()).isNotEqualTo(Meaning.LOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 408, 500, 501, 502, 503, 504, 599})
    void doesNotKnowWhetherItHappenedAfterOtherStatuses(int status) {
        assertThat(ErrorCatalogue.of(status, null).meaning()).isEqualTo(Meaning.LOST);
    }

    /** Told from the documents, not from the file that the catalogue is read from. */
    @ParameterizedTest
    @CsvSource({
        "401, 400, SIGN_IN, PT0S",
        "401, 800001, PERSON, PT0S",
        "401, 900420, PERSON, PT0S",
        "401, 900421, SECOND_FACTOR, PT0S",
        "401, 10001, SECOND_FACTOR, PT0S",
        "403, 900309, PERSON, PT0S",
        "403, 900329, NOT_FOR_APP_ALONE, PT0S",
        "403, 900308, ROLE, PT0S",
        "403, 900150, ROLE, PT0S",
        "403, 900149, PROGRAMME, PT0S",
        "403, 800039, PROGRAMME, PT0S",
        "403, 900123, PROGRAMME, PT0S",
        "403, 900124, PROGRAMME, PT0S",
        "403, 2032, CUSTOMER_ACCESS, PT0S",
        "403, 20002, NOT_OURS, PT0S",
        "403, 900159, NOT_OURS, PT0S",
        "403, 800073, BUSY, PT24H",
        "403, 800075, DECLINED, PT0S",
        "400, 2011, ALREADY_DELETED, PT0S",
        "400, 2055, STALE, PT0S",
        "417, 800036, STALE, PT0S",
        "409, 800082, BUSY, PT2M",
        "409, 900278, BUSY, PT24H",
        "409, 800060, BUSY, PT5M",
        "400, 900277, BUSY, PT24H",
        "409, 27009, DECLINED, PT0S",
        "400, 900117, WINDOW_CLOSED, PT0S",
        "400, 900213, WINDOW_CLOSED, PT0S",
        "400, 900257, DECLINED, PT0S",
        "403, 900115, DECLINED, PT0S",
        "404, 20000, NO_ORDER, PT0S",
        "404, 800111, NO_AZURE_SUBSCRIPTION, PT0S",
        "500, 800094, LOST, PT0S",
        "500, 900192, LOST, PT0S",
        "501, 0, LOST, PT0S"
    })
    void knowsWhatTheDocumentedErrorsMean(int status, String code, Meaning meaning, Duration delay) {
        assertThat(ErrorCatalogue.of(status, code).meaning()).isEqualTo(meaning);
        assertThat(ErrorCatalogue.of(status, code).delay()).isEqualTo(delay);
    }

    @Test
    void hasARowForEveryCodeOfTheDocuments() throws IOException {
        Path codes = DOCUMENTS.resolve("error-codes.json");
        Path page = DOCUMENTS.resolve("api.md");
        assumeTrue(
                Files.isRegularFile(codes) && Files.isRegularFile(page),
                () -> "The documented codes do not lie at %s; the catalogue was not compared with them."
                        .formatted(DOCUMENTS));
        Set<String> documented = new TreeSet<>();
        JsonMapper.builder()
                .build()
                .readTree(Files.readString(codes))
                .forEach(row -> documented.add(
                        row.get("http").asInt() + "/" + row.get("code").asString()));
        Matcher rows = Pattern.compile("(?m)^\\| (\\d{3}) \\| ([*\\d /]+) \\|").matcher(Files.readString(page));
        while (rows.find()) {
            Pattern.compile("\\d+")
                    .matcher(rows.group(2))
                    .results()
                    .forEach(code -> documented.add(rows.group(1) + "/" + code.group()));
        }

        assertThat(documented).hasSizeGreaterThan(180);
        assertThat(ErrorCatalogue.rows())
                .extracting(row -> row.status() + "/" + row.code())
                .containsAll(documented);
    }
}
