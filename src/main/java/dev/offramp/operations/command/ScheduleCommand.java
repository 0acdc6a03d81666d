package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp schedule}: which jobs run by the clock. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description = "Lists the jobs that run by the clock.",
        footer = {"", "Example:", "  offramp schedule list"})
final class ScheduleCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'schedule list'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the schedules: when each runs next, and what its last run said.",
            footer = {"", "Example:", "  offramp schedule list"})
    void list(@Mixin ServiceOptions options) {
        JsonNode answer = options.service().get("/schedules");
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            out.println(
                    switch (Cells.text(told, "by")) {
                        case "service" -> "The service fires the schedules.";
                        case "cronjob" -> "CronJobs fire the schedules; the service does not.";
                        case "off" -> "Nothing fires the schedules.";
                        case String other -> "The schedules are fired by: %s.".formatted(other);
                    });
            if (told.path("schedules").isEmpty()) {
                out.println("No job has a schedule.");
                return;
            }
            var table = new Table("JOB", "CRON", "TIME ZONE", "FILE", "NEXT", "LAST", "RUN", "WHAT IT SAID");
            told.path("schedules")
                    .forEach(each -> table.row(
                            Cells.text(each, "job"),
                            Cells.text(each, "cron"),
                            Cells.text(each, "timeZone"),
                            Cells.text(each, "file"),
                            Cells.time(each, "nextAt"),
                            Cells.time(each.path("last"), "at"),
                            Cells.text(each.path("last"), "run"),
                            Cells.text(each.path("last"), "message")));
            table.print(out);
        });
    }
}
