package dev.offramp.benchmark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A CSV file of cancellations, the same with each number of lines. */
record GeneratedFile(Path path, long size, String digest) {

    /** Three subscriptions for each customer. */
    static GeneratedFile write(Path path, int lines, char separator) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var out = new BufferedWriter(new java.io.OutputStreamWriter(
                    new DigestOutputStream(Files.newOutputStream(path), digest),
                    java.nio.charset.StandardCharsets.UTF_8))) {
                out.write("customerId,subscriptionId,reference,expect.quantity\n".replace(',', separator));
                for (var line = 1; line <= lines; line++) {
                    out.write(guid(1, line / 3));
                    out.write(separator);
                    out.write(guid(2, line));
                    out.write(separator);
                    out.write("contract " + line);
                    out.write(separator);
                    out.write("10\n");
                }
            }
            return new GeneratedFile(path, Files.size(path), HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** In no order, as real ones are. */
    private static String guid(int kind, int number) {
        var mixed = number * 0x9E3779B97F4A7C15L;
        return "%08x-%04x-4%03x-8%03x-%012x"
                .formatted(mixed >>> 32, mixed >>> 16 & 0xFFFF, mixed & 0xFFF, kind, number);
    }
}
