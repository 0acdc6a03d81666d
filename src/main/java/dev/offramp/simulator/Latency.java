package dev.offramp.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long something is held up: always the same, evenly between two lengths, or mostly short and seldom long.
 *
 * @param shape of the distribution
 * @param from the length, the shortest, or the mean
 * @param to the longest
 */
record Latency(Shape shape, Duration from, Duration to) {

    static final Latency NONE = fixed(Duration.ZERO);

    /** How lengths are spread. */
    enum Shape {
        FIXED,
        UNIFORM,
        EXPONENTIAL
    }

    static Latency fixed(Duration length) {
        return new Latency(Shape.FIXED, length, length);
    }

    static Latency of(JsonNode given) {
        if (!given.isObject()) {
            return fixed(Durations.length(given.asString("0s")));
        }
        if (given.path("distribution").asString().equals("uniform")) {
            return new Latency(
                    Shape.UNIFORM,
                    Durations.length(given.path("from").asString("0s")),
                    Durations.length(given.path("to").asString()));
        }
        return new Latency(
                Shape.EXPONENTIAL,
                Durations.length(given.path("mean").asString()),
                Durations.length(given.path("to").asString("1m")));
    }

    JsonNode node() {
        ObjectNode node = Json.object();
        return switch (shape) {
            case FIXED -> Json.tree(Durations.text(from));
            case UNIFORM ->
                node.put("distribution", "uniform")
                        .put("from", Durations.text(from))
                        .put("to", Durations.text(to));
            case EXPONENTIAL ->
                node.put("distribution", "exponential")
                        .put("mean", Durations.text(from))
                        .put("to", Durations.text(to));
        };
    }

    Duration draw(RandomGenerator random) {
        return switch (shape) {
            case FIXED -> from;
            case UNIFORM ->
                from.plusNanos((long) (random.nextDouble() * to.minus(from).toNanos()));
            case EXPONENTIAL -> {
                Duration drawn = Duration.ofNanos((long) (from.toNanos() * -Math.log(1 - random.nextDouble())));
                yield drawn.compareTo(to) > 0 ? to : drawn;
            }
        };
    }
}
