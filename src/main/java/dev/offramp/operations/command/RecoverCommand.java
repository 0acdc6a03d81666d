package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp recover-from-backup}: the way out of a database that was restored from an older copy, or lost. */
@Command(
        name = "recover-from-backup",
        mixinStandardHelpOptions = true,
        description = {
            "Leads out of a database that was restored from an older copy, or is empty and was not always.",
            "Takes over what had been told on the outcome topic, lets the request topics be read again from where the"
                    + " database knows it, and makes no call before what was sent meanwhile must show.",
            "One node runs meanwhile, the others are stopped. It can be repeated."
        },
        footer = {
            "",
            "Example:",
            "  offramp recover-from-backup --plan",
            "  offramp recover-from-backup --reason \"restored the copy of 02:00 after a disk failure\""
        })
final class RecoverCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--plan", description = "Says what would be done, and changes nothing.")
    private boolean plan;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit trail.")
    private @Nullable String reason;

    @Override
    public void run() {
        if (plan) {
            print(options.service().get("/recovery"));
        } else if (reason == null) {
            throw Failure.usage("Say why with --reason; or look first with --plan.");
        } else {
            print(options.service().post("/recovery", Service.change(reason)));
        }
    }

    private void print(JsonNode answer) {
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, recovery -> {
            out.println(Cells.text(recovery, "message"));
            if (!recovery.path("partitions").isEmpty()) {
                var table = new Table("TOPIC", "PARTITION", "READ AGAIN FROM", "TO", "GONE FROM KAFKA");
                recovery.path("partitions")
                        .forEach(each -> table.row(
                                Cells.text(each, "topic"),
                                Cells.text(each, "partition"),
                                Cells.text(each, "from"),
                                Cells.text(each, "until"),
                                Cells.text(each, "gone")));
                table.print(out);
            }
            out.println("%s in the ledger."
                    .formatted(Cells.count(recovery.path("openRequests").asLong(), "open request")));
            if (recovery.has("ended")) {
                out.println("By what had been told %s ended, %s go on, and %s are held for a person."
                        .formatted(
                                Cells.text(recovery, "ended"),
                                Cells.text(recovery, "goingOn"),
                                Cells.text(recovery, "held")));
            }
            if (recovery.has("callsFrom")) {
                out.println("No call is made before %s and before the topics are read again."
                        .formatted(Cells.time(recovery, "callsFrom")));
            }
        });
    }
}
