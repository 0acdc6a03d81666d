package dev.offramp.chaos;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be read when a round is over, from those who cannot have agreed on it.
 *
 * @param records what stands on the request topic
 * @param told every message of the outcome topic, repetitions too
 * @param refused partition and offset of each refused record
 * @param states what the simulator holds, by target: a subscription's status, a customer's relationship
 */
record Evidence(
        List<Sent> records,
        List<Told> told,
        List<Row> ledger,
        Set<Place> refused,
        List<Try> tries,
        List<Call> calls,
        Map<String, String> states) {

    /** Where a record stands. */
    record Place(int partition, long offset) {}

    /** @param id of the request in it; null when it is none */
    record Sent(Place place, @Nullable String id) {}

    record Told(String request, String outcome, int sequence, boolean isFinal, String words) {}

    /**
     * A request in the ledger.
     *
     * @param finals how many final outcomes stand beside it
     * @param words status, reason and effect
     */
    record Row(long number, String id, String operation, String target, int finals, String words) {}

    record Try(long request, String correlationId, Instant written) {}

    /** A destructive call as the simulator saw it, in order of arrival. */
    record Call(int number, Instant time, String operation, String target, String correlationId, boolean changed) {}
}
