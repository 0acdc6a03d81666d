package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One request as a story, oldest first. */
final class Timeline {

    private static final int KIND = "decision".length();

    private static final String INDENT = " ".repeat("2026-11-20 08:15:30".length() + KIND + 4);

    private Timeline() {}

    static void print(JsonNode details, PrintWriter out) {
        JsonNode request = details.path("request");
        String number = Cells.text(request, "number");
        out.println("Request %s: %s of customer %s%s%s%s"
                .formatted(
                        number,
                        Cells.text(request, "operation"),
                        Cells.text(request, "customerId"),
                        preceded(", subscription ", request, "subscriptionId"),
                        preceded(", order ", request, "orderId"),
                        preceded(", line ", request, "orderLineItem")));
        out.println("Asked by %s%s, source %s, id %s%s%s: %s"
                .formatted(
                        Cells.text(request, "requestedBy"),
                        preceded(" for ", request, "reference"),
                        Cells.text(request, "source"),
                        Cells.text(request, "id"),
                        preceded(", group ", request, "group"),
                        preceded(", run ", request, "run"),
                        Cells.text(request, "cause")));
        out.println("It is %s: %s%s%s. %s"
                .formatted(
                        Cells.text(request, "status"),
                        Cells.text(request, "reason"),
                        preceded(", effect ", request, "effect"),
                        preceded(", in ", request, "batch"),
                        Cells.text(request, "message")));
        out.println();
        details.path("timeline").forEach(each -> print(out, each));
        Actions.print(details, "offramp request %s " + number + " --reason \"…\"", out);
    }

    private static void print(PrintWriter out, JsonNode entry) {
        out.println("%s  %-8s  %s"
                .formatted(Cells.time(entry, "at"), Cells.text(entry, "kind"), Cells.text(entry, "title")));
        JsonNode details = entry.path("details");
        if (details.isObject()) {
            for (Map.Entry<String, JsonNode> each : details.properties()) {
                String line = Cells.line(each.getValue());
                if (!line.isBlank()) {
                    out.println(INDENT + Cells.harmless(each.getKey()) + ": " + line);
                }
            }
        } else if (!Cells.line(details).isBlank()) {
            out.println(INDENT + Cells.line(details));
        }
    }

    private static String preceded(String by, JsonNode node, String member) {
        String text = Cells.text(node, member);
        return text.isEmpty() ? "" : by + text;
    }
}
