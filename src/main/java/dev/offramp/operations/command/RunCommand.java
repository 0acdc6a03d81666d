package dev.offramp.operations.command;

import dev.offramp.operations.command.Service.Login;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.node.ObjectNode;

/** {@code offramp run}: hands a file to the service and watches what becomes of it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a job over a file: hands the file to the service and watches until nothing of it is left to do now.",
            "It can be killed at any time and nothing is lost; the same command goes on where it is."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done: every line was loaded or known, and nothing waits for a person",
            "1:the service refused the file, or the command (the sentence says why)",
            "2:the command was written wrongly",
            "3:the service did not answer for as long as --patience; the same command re-attaches",
            "4:some lines were bad or changed and are in the reject file; the rest was loaded",
            "5:something needs a person: held, stalled or failed (also when 4 would hold)"
        },
        footer = {
            "",
            "Example:",
            "  offramp run cancel-subscriptions --name nightly-{date} --file /var/spool/offramp/{date}.csv",
            "  crm-export | offramp run cancel-subscriptions --name terminations-47 --file - --plan",
            "  offramp run cancel-subscriptions --name demo --file demo.csv --standalone --offramp.mode=observe"
        })
final class RunCommand implements Callable<Integer> {

    private static final Pattern CONFIGURATION =
            Pattern.compile("--(?:offramp|spring|server|management|logging)\\.[^=\\s]+=.*", Pattern.DOTALL);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Parameters(paramLabel = "JOB", description = "Which job, e.g. cancel-subscriptions ('offramp job list').")
    private String job = "";

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description =
                    "Names the run; a corrected file under the same name adds only what is new. {date} becomes today's date.")
    private String name = "";

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE",
            description = "CSV or JSON lines; - is standard input. {date} becomes today's date.")
    private String file = "";

    @Option(names = "--plan", description = "Read and judge only; change nothing.")
    private boolean plan;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why; kept in the audit trail (default: that the file was handed in).")
    private @Nullable String reason;

    @Option(
            names = "--requested-by",
            paramLabel = "NAME",
            description = "Who asks for what the file says, where it does not say so itself.")
    private @Nullable String requestedBy;

    @Option(names = "--detach", description = "End when the file is loaded; the service goes on by itself.")
    private boolean detach;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description =
                    "Where to write bad and changed lines (default: beside the input, with .rejected at its end).")
    private @Nullable Path rejects;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Whose date {date} is, e.g. Europe/Vienna (default: the system's).")
    private @Nullable String timeZone;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Length.class,
            description = "How long to keep trying while the service does not answer (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofMinutes(10);

    @Option(
            names = "--standalone",
            description =
                    "Become a node for as long as the run takes, instead of asking a running service; configured as 'offramp serve' is, also by options such as --offramp.mode=live.")
    private boolean standalone;

    @Unmatched
    private List<String> configuration = new ArrayList<>();

    @Override
    public Integer call() {
        check();
        // Taken before a node in this process turns standard output into its log.
        PrintWriter out = Cells.out(spec);
        var around = Surroundings.of(spec);
        String today = LocalDate.ofInstant(around.clock().instant(), zone()).toString();
        String from = file.replace("{date}", today);
        try (var upload = Upload.of(from)) {
            var body = announcement(upload, name.replace("{date}", today));
            if (!standalone) {
                return run(around, options::service, body, upload, out);
            }
            var nodes = around.standalone();
            around.errors(spec).println("Starting a node in this process …");
            try (var node = nodes.with(configuration())) {
                var service = new Service(node.address(), Login.bearer(node.token(), "this process"));
                return run(around, () -> service, body, upload, out);
            } catch (StandaloneNode.CannotStart e) {
                throw Failure.refused(e.sentence());
            }
        }
    }

    private int run(Surroundings around, Supplier<Service> service, ObjectNode body, Upload upload, PrintWriter out) {
        RunReport report;
        try (var progress = Progress.of(options.output(), around, around.errors(spec));
                var goodbye = new Goodbye(around.errors(spec), standalone)) {
            var run = new FileRun(service, around, patience, progress, goodbye);
            report = run.follow(run.upload(run.announce(body), upload), detach);
            if (report.notLoaded() > 0) {
                writeRejects(run, report, upload, around.errors(spec));
            }
        }
        options.print(out, report.view(), _ -> report.print(out));
        return exitCode(report);
    }

    private void writeRejects(FileRun run, RunReport report, Upload upload, PrintWriter errors) {
        Path to = rejects == null ? upload.rejects() : rejects;
        if (to == null) {
            errors.println("%s; get them with 'offramp runs rejected %s --to FILE'."
                    .formatted(notLoaded(report), report.number()));
        } else {
            run.rejects(report, to);
            errors.println("%s; they are in %s, each with the reason and its number.".formatted(notLoaded(report), to));
        }
        errors.flush();
    }

    private static String notLoaded(RunReport report) {
        return "Not loaded: %s bad, %s changed"
                .formatted(Cells.count(report.lines("bad"), "line"), report.lines("changed"));
    }

    private static int exitCode(RunReport report) {
        return switch (report.state()) {
            case REFUSED -> Failure.REFUSED;
            case FAILED -> Failure.PERSON;
            case RECEIVING, CHECKING, LOADING, LOADED, UNKNOWN ->
                report.needPerson() > 0 ? Failure.PERSON : report.notLoaded() > 0 ? Failure.LINES : 0;
        };
    }

    private ObjectNode announcement(Upload upload, String runName) {
        var body = Service.change(reason == null ? "%s was handed in".formatted(upload.name()) : reason)
                .put("job", job)
                .put("name", runName)
                .put("plan", plan);
        if (requestedBy != null) {
            body.put("requestedBy", requestedBy);
        }
        body.putObject("file")
                .put("name", upload.name())
                .put("size", upload.size())
                .put("digest", upload.digest());
        return body;
    }

    private void check() {
        var unknown = configuration.stream()
                .filter(each -> !standalone || !CONFIGURATION.matcher(each).matches())
                .toList();
        if (!unknown.isEmpty()) {
            throw Failure.usage("Unknown: %s. %s"
                    .formatted(
                            String.join(" ", unknown),
                            standalone
                                    ? "Configuration is written --key=value, e.g. --offramp.mode=live."
                                    : "Configuration such as --offramp.mode=live goes with --standalone only."));
        }
        if (standalone && options.asksAnother()) {
            throw Failure.usage(
                    "--standalone runs the file in this process; --server and --user name another one. Leave one of them out.");
        }
        if (standalone && detach) {
            throw Failure.usage("--standalone ends with the command, so that --detach would leave the work undone.");
        }
    }

    private List<String> configuration() {
        var all = new ArrayList<String>();
        Path home = options.namedHome();
        if (home != null) {
            all.add("--offramp.home=" + home);
        }
        all.addAll(configuration);
        return all;
    }

    private ZoneId zone() {
        try {
            return timeZone == null ? ZoneId.systemDefault() : ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw Failure.usage("--time-zone is %s; write one such as Europe/Vienna or UTC.".formatted(timeZone));
        }
    }

    /** Reads e.g. 90s, 10m or 2h. */
    static final class Length implements ITypeConverter<Duration> {

        private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            var matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'%s' is no time; write e.g. 90s, 10m or 2h".formatted(text));
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }
}
