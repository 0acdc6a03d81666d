package dev.offramp.batch;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Facts, verdicts and counts as JSON for the timeline. */
final class Json {

    private final JsonMapper mapper = JsonMapper.builder().build();

    String text(Object value) {
        return mapper.writeValueAsString(Map.of(value.getClass().getSimpleName(), value));
    }

    String plain(Object value) {
        return mapper.writeValueAsString(value);
    }
}
