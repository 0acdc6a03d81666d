package dev.offramp.operations.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp budget}: how much may be touched without a person. */
@Command(
        name = "budget",
        mixinStandardHelpOptions = true,
        description = "Shows how much may be touched without a person, and how much of it is used.",
        footer = {"", "Example:", "  offramp budget list"})
final class BudgetCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'budget list'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Lists the budgets: what they allow, what is used, and when the next customer or call counts no more.",
            footer = {"", "Example:", "  offramp budget list"})
    void list(@Mixin ServiceOptions options) {
        JsonNode answer = options.service().get("/budgets");
        var out = Cells.out(spec);
        options.print(out, answer, budgets -> {
            var table = new Table("BUDGET OF", "ALLOWS", "", "IN", "USED", "FREE", "NEXT FREE");
            budgets.path("budgets")
                    .forEach(each -> table.row(
                            Cells.text(each, "scope") + " " + Cells.text(each, "name"),
                            Cells.text(each, "allowed"),
                            Cells.text(each, "unit"),
                            Cells.text(each, "in"),
                            each.path("holds").asBoolean() ? Cells.text(each, "used") : "",
                            each.path("holds").asBoolean() ? Cells.text(each, "free") : "not now",
                            Cells.time(each, "nextFreeAt")));
            table.print(out);
            out.println(base(budgets.path("customerBase")));
        });
    }

    private static String base(JsonNode base) {
        if (!base.isObject()) {
            return "Nobody has said or counted how many customers there are: of a share of them, only its number counts.";
        }
        if (base.has("doubted")) {
            return "%s customers hold; %s were counted at %s, which is far from the count before."
                    .formatted(
                            Cells.text(base, "customers"), Cells.text(base, "doubted"), Cells.time(base, "countedAt"));
        }
        return base.has("countedAt")
                ? "%s customers, counted at %s.".formatted(Cells.text(base, "customers"), Cells.time(base, "countedAt"))
                : "%s customers, as configured.".formatted(Cells.text(base, "customers"));
    }
}
