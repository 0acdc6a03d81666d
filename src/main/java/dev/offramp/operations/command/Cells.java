package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;

/** How members of an answer stand in a table. */
final class Cells {

    private static final int SECONDS = "2026-11-20T08:15:30".length();

    private static final Pattern BREAKS = Pattern.compile("[\\r\\n\\t]+");

    /** Control and format characters, e.g. escape sequences of terminals and changes of the writing direction. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private Cells() {}

    static String text(JsonNode node, String member) {
        return harmless(node.path(member).asString(""));
    }

    /** What others wrote must neither move the cursor nor break the table: senders choose groups, sources and reasons. */
    private static String harmless(String text) {
        return UNSEEN.matcher(BREAKS.matcher(text).replaceAll(" ")).replaceAll("\uFFFD");
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
