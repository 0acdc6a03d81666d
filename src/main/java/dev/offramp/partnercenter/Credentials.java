package dev.offramp.partnercenter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out of the configuration by what we prove that we are the app registration. */
final class Credentials {

    private static final String KEY = "offramp.partner-center.";

    private Credentials() {}

    /**
     * Exactly one of secret, file of the secret, and certificate.
     *
     * @param demanded whether there must be one: without it nothing can be done at Partner Center
     * @return null when none is given and none demanded
     * @throws IllegalArgumentException with a sentence that says what to change
     */
    static @Nullable Credential of(PartnerCenterProperties properties, boolean demanded, Instant now) {
        List<String> given = given(properties);
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    "There are %s; keep one of them, and take the others away.".formatted(String.join(" and ", given)));
        }
        if (given.isEmpty()) {
            return none(properties, demanded);
        }
        if (properties.clientId().isBlank()) {
            throw new IllegalArgumentException(
                    "%sclient-id is missing; write the application (client) id of the app registration."
                            .formatted(KEY));
        }
        if (properties.certificate() != null) {
            return new CertificateFile(
                            properties.certificate(), properties.certificateKey(), properties.certificatePassword())
                    .read(now);
        }
        Path file = properties.clientSecretFile();
        return file == null ? new Credential.Secret(properties.clientSecret()) : inFile(file);
    }

    private static List<String> given(PartnerCenterProperties properties) {
        List<String> given = new ArrayList<>();
        if (!properties.clientSecret().isBlank()) {
            given.add(KEY + "client-secret");
        }
        if (properties.clientSecretFile() != null) {
            given.add(KEY + "client-secret-file");
        }
        if (properties.certificate() != null) {
            given.add(KEY + "certificate");
        }
        return given;
    }

    private static @Nullable Credential none(PartnerCenterProperties properties, boolean demanded) {
        if (properties.certificateKey() != null) {
            throw new IllegalArgumentException(
                    "%scertificate-key is given without %scertificate; name the certificate too.".formatted(KEY, KEY));
        }
        if (demanded || !properties.clientId().isBlank()) {
            throw new IllegalArgumentException(
                    "There is no secret to sign in with; write %sclient-id and one of %sclient-secret, %sclient-secret-file and %scertificate."
                            .formatted(KEY, KEY, KEY, KEY));
        }
        return null;
    }

    private static Credential inFile(Path file) {
        String where = KEY + "client-secret-file";
        String secret = new String(
                        CertificateFile.bytes(file, where, "name the file that holds the client secret"),
                        StandardCharsets.UTF_8)
                .strip();
        if (secret.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is %s, which is empty; write the client secret into it.".formatted(where, file));
        }
        return new Credential.Secret(secret);
    }
}
