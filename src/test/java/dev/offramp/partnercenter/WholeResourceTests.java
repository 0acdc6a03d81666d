package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeResourceTests {

    @Test
    void changesNothingButTheStatus() {
        assertThat(WholeResource.withStatus(
                        "{ \"price\": 1.10, \"big\": 12345678901234567890,\n\"status\" : \"active\", \"a\\u0062\": [1, {\"status\": \"x\"}] }",
                        "deleted"))
                .isEqualTo(
                        "{ \"price\": 1.10, \"big\": 12345678901234567890,\n\"status\" : \"deleted\", \"a\\u0062\": [1, {\"status\": \"x\"}] }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Status\":\"active\"}|{\"Status\":\"deleted\"}",
                "{\"status\":null}|{\"status\":\"deleted\"}",
                "{\"status\":12 }|{\"status\":\"deleted\" }",
                "{\"status\":12,\"a\":1}|{\"status\":\"deleted\",\"a\":1}",
                "{\"status\":{\"status\":1},\"a\":1}|{\"status\":\"deleted\",\"a\":1}",
                "{\"status\":[],\"a\":1}|{\"status\":\"deleted\",\"a\":1}",
                "{\"status\":\"a\\\"}\",\"a\":1}|{\"status\":\"deleted\",\"a\":1}",
                "{\"s\\u0074atus\":\"active\"}|{\"s\\u0074atus\":\"deleted\"}",
                "{\"links\":{\"status\":\"up\"}}|{\"status\":\"deleted\",\"links\":{\"status\":\"up\"}}",
                "{}|{\"status\":\"deleted\"}",
                "{ }|{\"status\":\"deleted\" }"
            })
    void findsTheStatusWhereverAndHoweverItStands(String before, String after) {
        assertThat(WholeResource.withStatus(before, "deleted")).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"autoRenewEnabled\": true, \"a\": 1e400}|{\"autoRenewEnabled\": false, \"a\": 1e400}",
                "{\"AutoRenewEnabled\":null}|{\"AutoRenewEnabled\":false}",
                "{\"a\": {\"autoRenewEnabled\": true}}|{\"autoRenewEnabled\":false,\"a\": {\"autoRenewEnabled\": true}}",
                "{\"lineItems\":[{\"autoRenewEnabled\":true}],\"autoRenewEnabled\":true,\"status\":\"active\"}|{\"lineItems\":[{\"autoRenewEnabled\":true}],\"autoRenewEnabled\":false,\"status\":\"active\"}"
            })
    void turnsOffOnlyTheAutoRenewalOfTheResourceItself(String before, String after) {
        assertThat(WholeResource.withAutoRenewal(before, false)).isEqualTo(after);
    }

    @Test
    void changesEverySpellingOfTheMember() {
        assertThat(WholeResource.withStatus("{\"Status\":\"a\",\"x\":1.10,\"status\": \"b\",\"X\":2}", "deleted"))
                .isEqualTo("{\"Status\":\"deleted\",\"x\":1.10,\"status\": \"deleted\",\"X\":2}");
    }

    @Property(tries = 500)
    void keepsEveryOtherCharacterOfAnyResource(
            @ForAll("members") List<String> before,
            @ForAll("values") String status,
            @ForAll("blanks") String blank,
            @ForAll("members") List<String> after) {
        String head = "{" + blank + joined(before, "", ",") + "\"status\"" + blank + ":" + blank;
        String tail = blank + joined(after, ",", "") + "}" + blank;

        assertThat(WholeResource.withStatus(head + status + tail, "deleted")).isEqualTo(head + "\"deleted\"" + tail);
    }

    private static String joined(List<String> members, String prefix, String suffix) {
        StringBuilder all = new StringBuilder();
        members.forEach(member -> all.append(prefix).append(member).append(suffix));
        return all.toString();
    }

    @Provide
    Arbitrary<String> blanks() {
        return Arbitraries.of("", " ", "\n  ", "\t\r\n");
    }

    @Provide
    Arbitrary<List<String>> members() {
        return Arbitraries.integers()
                .between(0, 1_000_000)
                .flatMap(number -> values().map(value -> "\"m" + number + "\": " + value))
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> plain = Arbitraries.of(
                "1.10",
                "-0.0",
                "1E+400",
                "123456789012345678901234567890",
                "true",
                "null",
                "\"\"",
                "\"a \\\" quoted \\\\ text\"",
                "\"\\u0000\\ud83d\\ude00 ü 語 😀\"",
                "\"2019-01-04T01:00:12.6647304Z\"",
                "[]",
                "{}");
        Arbitrary<String> text = Arbitraries.strings()
                .withCharRange(' ', '\uD7FF')
                .excludeChars('"', '\\')
                .ofMaxLength(5000)
                .map(letters -> '"' + letters + '"');
        Arbitrary<String> simple = Arbitraries.oneOf(plain, text);
        Arbitrary<String> array = simple.list().ofMaxSize(4).map(elements -> "[ " + String.join(" , ", elements) + "]");
        Arbitrary<String> object = simple.map(value -> "{\"status\":" + value + ", \"deep\": {\"status\": 1.10}}");
        return Arbitraries.oneOf(simple, array, object);
    }
}
