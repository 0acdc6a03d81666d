package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the service says may be done with a thing now, and why the rest may not. */
final class Actions {

    private Actions() {}

    /** @param command how it would be said, without the verb, e.g. {@code offramp batch %s B-7 --reason "…"} */
    static void print(JsonNode details, String command, PrintWriter out) {
        var actions = details.path("allowedActions").valueStream().toList();
        var allowed = actions.stream().filter(Actions::isAllowed).toList();
        out.println();
        if (!allowed.isEmpty()) {
            out.println("What can be done:");
            allowed.forEach(each -> out.println("  " + command.formatted(word(each))));
        }
        var why = actions.stream()
                .filter(each -> !isAllowed(each))
                .map(each -> Cells.text(each, "why"))
                .distinct()
                .map(each -> "  " + each)
                .collect(Collectors.joining(System.lineSeparator()));
        if (!why.isEmpty()) {
            out.println("What cannot:");
            out.println(why);
        }
    }

    private static boolean isAllowed(JsonNode action) {
        return action.path("allowed").asBoolean(false);
    }

    private static String word(JsonNode action) {
        return Cells.text(action, "action");
    }
}
