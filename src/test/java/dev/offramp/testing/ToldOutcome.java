package dev.offramp.testing;

import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One outcome as it was read from the topic.
 *
 * @param event the whole CloudEvent
 */
public record ToldOutcome(JsonNode event) {

    /** All that was told of one request, in the order of its sequence, repeats left out. */
    public static List<ToldOutcome> of(String request, List<ToldOutcome> all) {
        return all.stream()
                .filter(each -> each.request().equals(request))
                .sorted(Comparator.comparingInt(ToldOutcome::sequence))
                .distinct()
                .toList();
    }

    /** The outcome's own id, the same in every repetition. */
    public String id() {
        return event.path("id").asString();
    }

    public JsonNode data() {
        return event.path("data");
    }

    /** The id of the request that it is about. */
    public String request() {
        return data().path("request").path("id").asString();
    }

    public String customer() {
        return data().path("customerId").asString();
    }

    public int sequence() {
        return data().path("sequence").asInt();
    }

    public Status status() {
        return reason().status();
    }

    public Reason reason() {
        return Reason.named(data().path("reason").asString());
    }

    /** {@code succeeded: done}. */
    public String words() {
        return data().path("status").asString() + ": " + data().path("reason").asString();
    }

    public boolean isFinal() {
        return data().path("final").asBoolean();
    }

    public String message() {
        return data().path("message").asString();
    }

    /** The batch that it happened in, such as {@code B-7}. */
    public Optional<String> batch() {
        return Stream.of(data().path("batch"))
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .findFirst();
    }
}
