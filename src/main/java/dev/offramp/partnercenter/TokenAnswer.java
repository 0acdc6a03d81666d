package dev.offramp.partnercenter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What we need of the token endpoint's answer and MSAL does not tell. It never prints.
 *
 * @param refreshToken null when the answer has none, which leaves the old one in force
 */
record TokenAnswer(@Nullable String refreshToken, Duration lifetime) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long UNNAMED = 300;

    static TokenAnswer of(String body) {
        JsonNode node = parsed(body);
        // The first form of the endpoint writes its numbers as text.
        String seconds = Members.filled(node, "expires_in");
        boolean named = seconds != null && seconds.matches("\\d{1,9}");
        long lifetime = named ? Long.parseLong(seconds) : UNNAMED;
        return new TokenAnswer(Members.filled(node, "refresh_token"), Duration.ofSeconds(lifetime));
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.isObject() ? node : JSON.createObjectNode();
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    @Override
    public String toString() {
        return "TokenAnswer[not shown]";
    }
}
