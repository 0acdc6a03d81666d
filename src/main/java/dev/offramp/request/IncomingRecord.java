package dev.offramp.request;

import dev.offramp.ledger.Admission.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record as Kafka gave it: nothing about it is known yet but where it stood.
 *
 * @param place null when it came from nowhere in Kafka, but by hand
 * @param timestamp Kafka's; null when the record has none
 */
record IncomingRecord(
        @Nullable Place place,
        @Nullable Instant timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    /** A header; Kafka allows several of one name. */
    record Header(String name, byte @Nullable [] value) {

        /** Null when there is none, or it is not in UTF-8. */
        @Nullable
        String text() {
            return decoded(value);
        }
    }

    static IncomingRecord of(ConsumerRecord<byte[], byte[]> read) {
        var headers = new java.util.ArrayList<Header>();
        read.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        var timestamp = read.timestampType() == TimestampType.NO_TIMESTAMP_TYPE || read.timestamp() < 0
                ? null
                : Instant.ofEpochMilli(read.timestamp());
        return new IncomingRecord(
                new Place(read.topic(), read.partition(), read.offset()),
                timestamp,
                read.key(),
                read.value(),
                List.copyOf(headers));
    }

    /** Where a record of the topic stood. */
    Place stood() {
        return Objects.requireNonNull(place, "a record of the topic has its place");
    }

    /** The whole value's length in bytes; 0 for a tombstone. */
    int length() {
        return value == null ? 0 : value.length;
    }

    /** Null when there is none, or it is not in UTF-8. */
    @Nullable
    String keyText() {
        return decoded(key);
    }

    private static @Nullable String decoded(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
