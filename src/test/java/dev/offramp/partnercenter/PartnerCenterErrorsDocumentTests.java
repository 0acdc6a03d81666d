package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.partnercenter.ErrorCatalogue.Entry;
import dev.offramp.partnercenter.ErrorCatalogue.Meaning;
import dev.offramp.partnercenter.ErrorCatalogue.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/partner-center-errors.md to the catalogue.
 *
 * <p>{@code ./mvnw -q test -Dtest=PartnerCenterErrorsDocumentTests -Derrors.write=true} writes the tables anew.
 */
class PartnerCenterErrorsDocumentTests {

    private static final Path DOCUMENT = Path.of("docs", "partner-center-errors.md");
    private static final Pattern TABLES = Pattern.compile("(?s)(?<=<!-- errors -->\n).*(?=<!-- end of errors -->)");

    @Test
    void holdsEveryErrorAsTheCatalogueHasIt() throws IOException {
        if (Boolean.getBoolean("errors.write")) {
            Files.writeString(
                    DOCUMENT,
                    TABLES.matcher(Files.readString(DOCUMENT)).replaceFirst(Matcher.quoteReplacement(tables())));
        }
        Matcher tables = TABLES.matcher(Files.readString(DOCUMENT));

        assertThat(tables.find()).isTrue();
        assertThat(tables.group())
                .as("docs/partner-center-errors.md; -Derrors.write=true writes it anew")
                .isEqualTo(tables());
    }

    private static String tables() {
        String classes = Arrays.stream(Meaning.values())
                .map(meaning -> "| %s | %s | %s |\n".formatted(word(meaning), onChange(meaning), onRead(meaning)))
                .collect(Collectors.joining());
        String themes = ErrorCatalogue.rows().stream()
                .collect(Collectors.groupingBy(Row::theme, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(theme -> """

                        ## %s

                        | status | code | class | advice |
                        |---|---|---|---|
                        %s""".formatted(
                                theme.getKey(),
                                theme.getValue().stream()
                                        .map(PartnerCenterErrorsDocumentTests::line)
                                        .collect(Collectors.joining())))
                .collect(Collectors.joining());
        return """

                ## Classes

                | class | after a change | after a read |
                |---|---|---|
                %s%s
                """.formatted(classes, themes);
    }

    private static String line(Row row) {
        Entry entry = row.entry();
        return "| %d | %s | %s%s | %s |\n"
                .formatted(
                        row.status(),
                        row.code().isEmpty() ? "any other" : row.code(),
                        word(entry.meaning()),
                        entry.delay().isZero() ? "" : ", " + inWords(entry.delay()),
                        entry.advice());
    }

    private static String word(Meaning meaning) {
        return meaning.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String inWords(Duration delay) {
        return delay.toHours() > 0 ? delay.toHours() + " h" : delay.toMinutes() + " min";
    }

    private static String onChange(Meaning meaning) {
        return switch (meaning) {
            case SIGN_IN ->
                "nothing happened; one new token, and when that is refused too, all that needs this sign-in "
                        + "stops until it works";
            case PERSON -> "nothing happened; all that needs this sign-in stops until a person has seen to it";
            case SECOND_FACTOR ->
                "nothing happened; only what needs the user stops until a person has signed in with a second "
                        + "factor; said of a call of the app alone, it is not for the app alone";
            case NOT_FOR_APP_ALONE ->
                "nothing happened; read and decided anew and made as the user, as far as `user-for-app` "
                        + "allows; else only this kind of call stops";
            case ROLE ->
                "nothing happened; all work stops when the app lacks the role, only what needs the user when "
                        + "the user lacks it";
            case PROGRAMME -> "nothing happened; all work stops until our standing is in order";
            case CUSTOMER_ACCESS ->
                "nothing happened; this request waits for a restart, and after three customers in a "
                        + "row it counts as a lack of the role";
            case NOT_OURS -> "nothing happened; a read must show that the customer is not ours";
            case NOT_OURS_ON_CUSTOMER -> "after an unlink like *not ours*, else *declined*";
            case NO_CUSTOMER -> "nothing happened; a read must show that there is no such customer";
            case NO_SUBSCRIPTION, NO_ORDER, NO_AZURE_SUBSCRIPTION, DECLINED ->
                "nothing happened; rejected: declined-by-partner-center";
            case NOT_FOUND -> "after an unlink like *not ours*, else *declined*";
            case ALREADY_DELETED -> "nothing happened; it is read again and decided anew";
            case WINDOW_CLOSED -> "nothing happened; rejected: window-closed";
            case STALE -> "nothing happened; it is read again and decided anew, a few times";
            case BUSY -> "nothing happened; deferred for the time that is named";
            case THROTTLED -> "nothing happened; no call of this kind leaves before `Retry-After` is over";
            case LOST -> "it may have happened: it is never simply sent again, but looked for by reading";
        };
    }

    private static String onRead(Meaning meaning) {
        return switch (meaning) {
            case SIGN_IN -> "asked once more with a new token, then as after a change";
            case PERSON, SECOND_FACTOR, ROLE, PROGRAMME, CUSTOMER_ACCESS -> "as after a change";
            case NOT_FOR_APP_ALONE -> "asked at once as the user, as far as `user-for-app` allows";
            case NOT_OURS, NOT_OURS_ON_CUSTOMER -> "the customer is not ours";
            case NO_CUSTOMER -> "there is no such customer";
            case NO_SUBSCRIPTION -> "there is no such subscription";
            case NO_ORDER -> "there is no such order";
            case NOT_FOUND -> "there is nothing of what was asked for, if the answer names a code";
            case ALREADY_DELETED, WINDOW_CLOSED, STALE, DECLINED, NO_AZURE_SUBSCRIPTION ->
                "not understood: no fact, and so no go";
            case BUSY -> "deferred for the time that is named, 5 min at least";
            case THROTTLED -> "no call of this kind leaves before `Retry-After` is over";
            case LOST -> "asked again a few times, then the read failed";
        };
    }
}
