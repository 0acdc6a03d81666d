package dev.offramp.request;

import static dev.offramp.request.Events.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BodyTests {

    private static final MessageReader READER = new MessageReader(new MessageSchemas(), 256 * 1024);

    @Test
    void isTheSameStructuredAndBinary() {
        assertThat(digest(cancel("x").binaryRecord()))
                .isEqualTo(digest(cancel("x").record()));
    }

    @Test
    void isTheSameWhateverTheOrderAndTheWhiteSpace() {
        var plain = cancel("x").data(data -> data.put("group", "g"));
        var other = JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(JsonMapper.shared()
                        .readTree(cancel("x")
                                .with(event -> {
                                    var data = event.remove("data");
                                    event.set("data", data);
                                })
                                .data(data -> {
                                    var reason = data.remove("reason");
                                    data.put("group", "g");
                                    data.set("reason", reason);
                                })
                                .json()));

        assertThat(digest(Events.raw(other))).isEqualTo(digest(plain.record()));
    }

    @Test
    void isTheSameInUpperCaseGuidsAndOtherSpellingsOfTimesAndNumbers() {
        var plain = cancel("x").data(data -> data.putObject("expect").put("quantity", 25));
        var other = cancel("x")
                .with(event -> event.put("time", "2026-11-20T09:15:30.000+01:00"))
                .data(data -> data.put("customerId", Events.CUSTOMER.toUpperCase(Locale.ROOT))
                        .putObject("expect")
                        .put("quantity", new java.math.BigDecimal("25.0")));

        assertThat(digest(other.record())).isEqualTo(digest(plain.record()));
    }

    @Test
    void isTheSameOverAnotherTraceAndTransport() {
        var other =
                cancel("x").with(event -> event.put("traceparent", "00-1-2-03").put("partitionkey", "7"));

        assertThat(digest(other.record())).isEqualTo(digest(cancel("x").record()));
    }

    @Test
    void isAnotherWhenAnythingElseIsAsked() {
        var first = digest(cancel("x").record());

        assertThat(digest(cancel("x").data(data -> data.put("mode", "plan")).record()))
                .isNotEqualTo(first);
        assertThat(digest(cancel("x")
                        .data(data -> data.put("reason", "contract 4711 terminated"))
                        .record()))
                .isNotEqualTo(first);
        assertThat(digest(cancel("x")
                        .with(event -> event.put("time", "2026-11-20T08:15:31Z"))
                        .record()))
                .isNotEqualTo(first);
    }

    @Test
    void tellsANumberFromItsText() {
        var number = cancel("x").data(data -> data.put("group", 25));
        var text = cancel("x").data(data -> data.put("group", "25"));

        assertThat(digest(number.record())).isNotEqualTo(digest(text.record()));
    }

    private static String digest(IncomingRecord record) {
        return switch (READER.read(record)) {
            case Reading.Message(Reading.Asked asked) -> asked.digest();
            case Reading.Fault fault -> fault.digest();
        };
    }
}
