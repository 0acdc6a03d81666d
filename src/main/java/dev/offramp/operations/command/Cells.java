package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;

/** How members of an answer stand in a table. */
final class Cells {

    private static final int SECONDS = "2026-11-20T08:15:30".length();

    private Cells() {}

    static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }

    static String[] texts(JsonNode node, String... members) {
        return Arrays.stream(members).map(member -> text(node, member)).toArray(String[]::new);
    }

    /** To the second; the rest is for machines ({@code --output json}). */
    static String time(JsonNode node, String member) {
        String time = text(node, member);
        return time.length() > SECONDS ? time.substring(0, SECONDS).replace('T', ' ') : time;
    }

    /** E.g. "1 request" or "3 requests". */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    static PrintWriter out(@Nullable CommandSpec spec) {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.root().commandLine().getOut();
    }
}
