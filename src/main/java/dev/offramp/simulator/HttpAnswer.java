package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back over the wire, and how far: an answer can be cut off on purpose. */
record HttpAnswer(int status, Map<String, String> headers, byte[] body, Ending ending) {

    /** How the exchange ends on the wire. */
    enum Ending {
        COMPLETE("given"),
        HALF_BODY("half-body"),
        CUT_OFF("cut-off"),
        RESET("reset");

        private final String word;

        Ending(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    HttpAnswer {
        headers = Map.copyOf(headers);
    }

    static HttpAnswer json(int status, String json) {
        return new HttpAnswer(
                status,
                Map.of("Content-Type", "application/json; charset=utf-8"),
                json.getBytes(StandardCharsets.UTF_8),
                Ending.COMPLETE);
    }

    static HttpAnswer text(int status, String text) {
        return new HttpAnswer(
                status,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8),
                Ending.COMPLETE);
    }

    static HttpAnswer html(int status, String page) {
        return new HttpAnswer(
                status,
                Map.of("Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-store"),
                page.getBytes(StandardCharsets.UTF_8),
                Ending.COMPLETE);
    }

    static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), new byte[0], Ending.COMPLETE);
    }

    HttpAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, more, body, ending);
    }

    HttpAnswer ending(Ending other) {
        return new HttpAnswer(status, headers, body, other);
    }
}
