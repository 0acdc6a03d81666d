package dev.offramp.batch;

import dev.offramp.offboarding.Facts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was read in a few characters, so that it can be told later whether anything of it has changed. */
final class PlanFacts {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private PlanFacts() {}

    /** SHA-256 over everything but when it was read. */
    static String digest(Facts facts) {
        JsonNode tree = JSON.valueToTree(facts);
        if (tree instanceof ObjectNode object) {
            object.remove("readAt");
        }
        byte[] text =
                (facts.getClass().getSimpleName() + JSON.writeValueAsString(tree)).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
