package dev.offramp.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * SHA-256 over texts, each behind its length in bytes and a colon and before a comma, so that no two lists of texts are
 * the same bytes (netstrings).
 */
final class Digest {

    /** As exact as both databases keep times. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final MessageDigest sha256;

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    Digest with(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha256.update(bytes);
        sha256.update((byte) ',');
        return this;
    }

    Digest with(long number) {
        return with(Long.toString(number));
    }

    Digest with(Instant time) {
        return with(MICROS.format(time));
    }

    /** 64 hexadecimal digits, after which it begins anew. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
