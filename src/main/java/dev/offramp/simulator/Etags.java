package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Etags in the documented form: base64 of id and version. */
final class Etags {

    private static final int MOST_VERSIONS = 1000;

    private Etags() {}

    static String of(String id, int version) {
        String plain = "{\"id\":\"" + id.toLowerCase(Locale.ROOT) + "\",\"version\":" + version + "}";
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** The etag after one more change; a scenario's own etag of another form is followed by version 2. */
    static String after(String id, String etag) {
        int version = 1;
        while (version < MOST_VERSIONS && !of(id, version).equals(etag)) {
            version++;
        }
        return of(id, version == MOST_VERSIONS ? 2 : version + 1);
    }
}
