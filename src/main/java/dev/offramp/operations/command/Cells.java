package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    static String harmless(String text) {
        return UNSEEN.matcher(BREAKS.matcher(text).replaceAll(" ")).replaceAll("\uFFFD");
    }

    static String[] texts(JsonNode node, String... members) {
        return Arrays.stream(members).map(member -> text(node, member)).toArray(String[]::new);
    }

    /** The elements of a list, or the members of an object, in one line; a text as it is. */
    static String line(JsonNode node) {
        if (node.isArray()) {
            return node.valueStream().map(Cells::line).collect(Collectors.joining(", "));
        }
        if (node.isObject()) {
            return node.properties().stream()
                    .filter(each ->
                            !each.getValue().isNull() && !each.getValue().isMissingNode())
                    .map(each -> harmless(each.getKey()) + " " + line(each.getValue()))
                    .filter(each -> !each.isBlank())
                    .collect(Collectors.joining(", "));
        }
        return harmless(node.asString(""));
    }

    static String line(JsonNode node, String member) {
        return line(node.path(member));
    }

    /** Each member on a line of its own; those of an object below it. */
    static void members(JsonNode node, PrintWriter out) {
        members(node, "", out);
    }

    private static void members(JsonNode node, String indent, PrintWriter out) {
        node.properties().forEach(each -> {
            if (each.getValue().isObject()) {
                out.println(indent + harmless(each.getKey()) + ":");
                members(each.getValue(), indent + "  ", out);
            } else {
                out.println(indent + harmless(each.getKey()) + ": " + line(each.getValue()));
            }
        });
    }

    /** To the second; the rest is for machines ({@code --output json}). */
    static String time(JsonNode node, String member) {
        return time(text(node, member));
    }

    static String time(String time) {
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
