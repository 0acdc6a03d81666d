package dev.offramp.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request as it came over the wire; header names are compared without case. */
record HttpRequest(String method, String target, Map<String, String> headers, byte[] body) {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The path without query and trailing slash, in lower case: Partner Center ignores case in paths. */
    String path() {
        String raw = target.contains("://") ? target.substring(target.indexOf('/', target.indexOf("://") + 3)) : target;
        int query = raw.indexOf('?');
        String path = query < 0 ? raw : raw.substring(0, query);
        while (path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT);
    }

    List<String> segments() {
        return Arrays.stream(path().split("/")).filter(part -> !part.isEmpty()).toList();
    }

    Optional<String> query(String name) {
        int start = target.indexOf('?');
        return start < 0
                ? Optional.empty()
                : Optional.ofNullable(pairs(target.substring(start + 1)).get(name.toLowerCase(Locale.ROOT)));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    Map<String, String> form() {
        return pairs(text());
    }

    private static Map<String, String> pairs(String encoded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        decoded(pair.substring(0, equals)).toLowerCase(Locale.ROOT),
                        decoded(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
