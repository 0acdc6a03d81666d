package dev.offramp.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Turns the dates of a scenario that count from its start into dates. */
final class SeedDates {

    private final Instant now;

    SeedDates(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    Instant now() {
        return now;
    }

    Optional<Instant> date(JsonNode given, String member) {
        String text = given.path(member).asString("");
        return text.isEmpty() ? Optional.empty() : Durations.relative(text, now).or(() -> Durations.instant(text));
    }

    Instant date(JsonNode given, String member, Instant otherwise) {
        return date(given, member).orElse(otherwise);
    }

    /** Puts a scenario's own members into a body; texts such as +3d become dates. */
    void override(ObjectNode body, ObjectNode members) {
        members.properties().forEach(member -> {
            JsonNode value = member.getValue();
            body.set(
                    member.getKey(),
                    value.isString()
                            ? Durations.relative(value.asString(), now)
                                    .<JsonNode>map(date -> StringNode.valueOf(date.toString()))
                                    .orElse(value)
                            : value.deepCopy());
        });
    }
}
