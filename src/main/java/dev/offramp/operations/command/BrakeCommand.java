package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code offramp brake}: stops every destructive call, of everything, one operation, one source or one group. */
@Command(
        name = "brake",
        mixinStandardHelpOptions = true,
        description = "Shows, pulls or releases the brake: while it is pulled, no destructive call starts on any node.",
        footer = {
            "",
            "Example:",
            "  offramp brake pull --operation remove-reseller-relationship --reason \"wrong list\"",
            "  offramp brake release --operation remove-reseller-relationship --reason \"list withdrawn\""
        })
final class BrakeCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public void run() {
        show(options, options.service().get("/brakes", Map.of()), out(spec));
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says what is pulled. This is also what 'brake' alone does.",
            footer = {"", "Example:", "  offramp brake status"})
    void status(@Mixin ServiceOptions asked) {
        show(asked, asked.service().get("/brakes", Map.of()), out(spec));
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Stops destructive calls of everything, or of one operation, source or group.",
            footer = {
                "",
                "Example:",
                "  offramp brake pull --source /contoso/billing --reason \"looks like a wrong list\"",
                "  offramp brake pull --group terminations-2026-11-20 --reason \"looks like a wrong list\""
            })
    void pull(@Mixin ServiceOptions asked, @ArgGroup @Nullable Scope scope, @Mixin Why why) {
        var which = scope == null ? new Scope() : scope;
        show(asked, asked.service().put(which.path(), which.query(), why.change()), out(spec));
    }

    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = "Lets destructive calls start again.",
            footer = {"", "Example:", "  offramp brake release --source /contoso/billing --reason \"list was right\""})
    void release(@Mixin ServiceOptions asked, @ArgGroup @Nullable Scope scope, @Mixin Why why) {
        var which = scope == null ? new Scope() : scope;
        ObjectNode change = why.change();
        show(asked, asked.service().delete(which.path(), which.query(), change), out(spec));
    }

    /** What the brake is to stop: everything when nothing is said. */
    static final class Scope {

        @Option(names = "--operation", paramLabel = "OPERATION", description = "Only this operation.")
        private @Nullable String operation;

        @Option(names = "--source", paramLabel = "SOURCE", description = "Only requests of this source.")
        private @Nullable String source;

        @Option(
                names = "--group",
                paramLabel = "GROUP",
                description = "Only requests of this group, whatever their source.")
        private @Nullable String group;

        String path() {
            if (operation != null) {
                return "/brakes/operation/" + Service.encoded(operation);
            }
            if (group != null) {
                return "/brakes/group";
            }
            return source == null ? "/brakes/all" : "/brakes/source";
        }

        Map<String, String> query() {
            String name = group == null ? source : group;
            return name == null ? Map.of() : Map.of("name", name);
        }
    }

    private static void show(ServiceOptions options, JsonNode answer, PrintWriter out) {
        options.print(out, answer, brakes -> {
            if (brakes.path("brakes").isEmpty()) {
                out.println("No brake is pulled.");
                return;
            }
            var table = new Table("BRAKE ON", "SINCE", "BY", "REASON");
            brakes.path("brakes")
                    .forEach(each -> table.row(
                            "all".equals(Cells.text(each, "scope"))
                                    ? "everything"
                                    : Cells.text(each, "scope") + " " + Cells.text(each, "name"),
                            Cells.time(each, "pulledAt"),
                            Cells.text(each, "by"),
                            Cells.text(each, "reason")));
            table.print(out);
        });
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return Cells.out(spec);
    }
}
