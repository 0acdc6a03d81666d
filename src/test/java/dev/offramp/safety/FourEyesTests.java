package dev.offramp.safety;

import static dev.offramp.safety.Person.Kind.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.FourEyes.Judgement;
import dev.offramp.safety.Person.Known;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What takes two persons, and who is another person than whom. */
class FourEyesTests {

    private static final FourEyes RULE =
            new FourEyes(3, Duration.ofHours(24), Duration.ofHours(12), Set.of("ann", "bob"));

    private static final Known ANN = new Known(USER, "ann");
    private static final Person LOGIN_FILE = new Person.Unknown("The log-in file does not tell people apart.");

    @ParameterizedTest(name = "after [{0}], [{1}] takes two: {2}")
    @CsvSource({
        "'',        a b c,   false",
        "'',        a b c d, true",
        "'',        a a a a, false",
        "a,         b c,     false",
        "a,         b c d,   true",
        "a b,       b c,     false",
        "a b c,     d,       true",
        "a b c,     a b,     false",
        "a b c d e, a,       false",
        "a b c d e, f,       true",
        "a b c d e, '',      false"
    })
    void takesTwoForMoreCustomersThanOnePersonLetsGoInTheWindow(String alone, String these, boolean together) {
        var judged = RULE.judge(ANN, new HashSet<>(customers(alone)), customers(these));

        assertThat(judged instanceof Judgement.Together).isEqualTo(together);
        assertThat(judged instanceof Judgement.Alone).isNotEqualTo(together);
    }

    @Test
    void asksForTheSecondPersonInTheNameOfTheFirstAndCountsEachCustomerOnce() {
        assertThat(RULE.judge(ANN, Set.of(), customers("a b c d d"))).isEqualTo(new Judgement.Together(ANN, 4));
    }

    @Test
    void saysToWhomItDoesNotKnowWhyThisTakesTwo() {
        assertThat(RULE.judge(LOGIN_FILE, Set.copyOf(customers("a b c")), customers("d d")))
                .isEqualTo(
                        new Judgement.Refused(
                                "These are 1 customer, and 3 were let go on by one person alone in the last 24 h: more than 3 take two persons. The log-in file does not tell people apart."));
        assertThat(RULE.judge(LOGIN_FILE, Set.of(), customers("a b c d")))
                .isInstanceOfSatisfying(
                        Judgement.Refused.class,
                        refused -> assertThat(refused.sentence())
                                .startsWith("These are 4 customers, and 0 were let go on"));
        assertThat(RULE.judge(LOGIN_FILE, Set.of(), customers("a b c"))).isEqualTo(new Judgement.Alone());
    }

    @ParameterizedTest(name = "{0} {1} and then {2} {3}: {4}")
    @CsvSource({
        "USER,  ann, USER,  bob,   ",
        "TOKEN, ann, TOKEN, bob,   ",
        "USER,  ann, USER,  ann,   ann asked for it; a second person must confirm it.",
        "USER,  ann, USER,  ANN,   ann asked for it; a second person must confirm it.",
        "USER,  ann, USER,  ' ann ', ann asked for it; a second person must confirm it.",
        "USER,  Ann, USER,  ann,   Ann asked for it; a second person must confirm it.",
        "TOKEN, ann, TOKEN, ann,   ann asked for it; a second person must confirm it.",
        "USER,  ann, TOKEN, bob,   'ann asked for it with the log-in of a user; one person may have log-ins of both kinds, so that the second person must use a user as well.'",
        "TOKEN, ann, USER,  bob,   'ann asked for it with the log-in of a token; one person may have log-ins of both kinds, so that the second person must use a token as well.'",
        "TOKEN, ann, USER,  ann,   'ann asked for it with the log-in of a token; one person may have log-ins of both kinds, so that the second person must use a token as well.'"
    })
    void takesForTheSecondPersonOnlyOneThatIsSurelyAnother(
            Person.Kind firstKind, String first, Person.Kind secondKind, String second, String refusal) {
        assertThat(RULE.refusal(new Known(firstKind, first), new Known(secondKind, second)))
                .isEqualTo(java.util.Optional.ofNullable(refusal));
    }

    @Test
    void takesNobodyForTheSecondPersonWhomItDoesNotKnow() {
        assertThat(RULE.refusal(ANN, LOGIN_FILE)).contains("The log-in file does not tell people apart.");
    }

    @Property(tries = 200)
    void nobodyIsAnotherThanOneselfHoweverTheNameIsWritten(
            @ForAll Person.Kind kind,
            @ForAll Person.Kind other,
            @ForAll @AlphaChars @StringLength(min = 1, max = 9) String name) {
        var one = new Known(kind, name);
        var written = List.of(name, name.toUpperCase(Locale.ROOT), " " + name, name + "\t");

        assertThat(written).allSatisfy(each -> {
            assertThat(new Known(other, each).isAnotherThan(one)).isFalse();
            assertThat(RULE.refusal(one, new Known(other, each))).isPresent();
        });
    }

    @Property(tries = 200)
    void whoIsAnotherIsSoBothWays(
            @ForAll Person.Kind kind,
            @ForAll Person.Kind other,
            @ForAll @AlphaChars @StringLength(min = 1, max = 3) String one,
            @ForAll @AlphaChars @StringLength(min = 1, max = 3) String two) {
        var first = new Known(kind, one);
        var second = new Known(other, two);

        assertThat(first.isAnotherThan(second))
                .isEqualTo(second.isAnotherThan(first))
                .isEqualTo(kind == other && !one.equalsIgnoreCase(two));
    }

    @Test
    void countsWhatOnePersonLetGoInTheWindow() {
        assertThat(RULE.countedSince(Instant.parse("2026-11-20T10:00:00Z"))).isEqualTo("2026-11-19T10:00:00Z");
    }

    private static List<CustomerId> customers(String names) {
        return Stream.of(names.split(" "))
                .filter(each -> !each.isEmpty())
                .map(Admissions::customer)
                .toList();
    }
}
