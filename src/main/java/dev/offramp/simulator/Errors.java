package dev.offramp.simulator;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Error bodies in the documented shape: code, description, data, source. */
final class Errors {

    private Errors() {}

    static String body(String code, String description) {
        return body(code, description, List.of());
    }

    static String body(String code, String description, List<String> data) {
        ObjectNode body = Json.object();
        if (code.chars().allMatch(Character::isDigit)) {
            body.put("code", Integer.parseInt(code));
        } else {
            body.put("code", code);
        }
        body.put("description", description);
        data.forEach(body.putArray("data")::add);
        body.put("source", "PartnerFD");
        return Json.text(body);
    }
}
