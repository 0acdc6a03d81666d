package dev.offramp.request;

import static dev.offramp.request.Events.cancel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTests {

    private static final MessageReader READER = new MessageReader(new MessageSchemas(), 256 * 1024);

    @Test
    void findsAnAnswerToEveryMutilationOfAGoodMessage() {
        var random = new Random(4711);
        var good = cancel("good").bytes();
        for (var i = 0; i < 5_000; i++) {
            var bad = good.clone();
            for (var hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> READER.read(Events.raw(bad)))
                    .as(() -> new String(bad, StandardCharsets.ISO_8859_1))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void isNotDrownedByDepth() {
        var deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(READER.read(Events.raw(deep))).isInstanceOf(Reading.Fault.class);
    }

    @Test
    void isNotHeldUpByAHugeNumber() {
        var huge = cancel("huge").json().replace("\"reason\"", "\"expect\":{\"quantity\":1e999999999},\"reason\"");

        assertThat(READER.read(Events.raw(huge))).isInstanceOf(Reading.Fault.class);
    }

    @Test
    void readsWhatIsUnambiguousInAMessageWithDuplicates() {
        var text = cancel("twice").json().replaceFirst("\\{", "{\"correlationid\":\"a\",");

        assertThat(READER.read(Events.raw(text))).isInstanceOfSatisfying(Reading.Fault.class, fault -> {
            assertThat(fault.key()).isNotNull();
            assertThat(fault.asked()).isNotNull();
            assertThat(fault.asked().correlationId()).isNull();
        });
    }

    @Test
    void takesAStructuredMessageByItsContentTypeWhateverOtherHeadersSay() {
        var headers = new ArrayList<>(cancel("other").binaryHeaders());
        headers.removeFirst();
        headers.add(
                new IncomingRecord.Header("content-type", Events.utf8("application/cloudevents+json; charset=utf-8")));
        var record = new IncomingRecord(
                cancel("x").record().place(), Events.NOW, null, cancel("x").bytes(), headers);

        assertThat(READER.read(record))
                .isInstanceOfSatisfying(
                        Reading.Message.class,
                        message -> assertThat(message.asked().key().id()).isEqualTo("x"));
    }
}
