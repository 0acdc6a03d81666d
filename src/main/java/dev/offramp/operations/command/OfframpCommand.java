package dev.offramp.operations.command;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code offramp}: everything that can be run. */
@Command(
        name = "offramp",
        description = "Safe bulk cancellation and customer off-boarding for Microsoft CSP partners.",
        mixinStandardHelpOptions = true,
        versionProvider = OfframpCommand.Version.class,
        subcommands = {
            OfframpCommand.Serve.class,
            RunCommand.class,
            RunsCommand.class,
            JobCommand.class,
            ScheduleCommand.class,
            RequestCommand.class,
            EvidenceCommand.class,
            HeldCommand.class,
            DecisionCommand.class,
            PlanCommand.class,
            BatchCommand.class,
            ExecutionCommand.class,
            BrakeCommand.class,
            BudgetCommand.class,
            BurstCommand.class,
            FreezeCommand.class,
            TenantDoubtCommand.class,
            IntakeCommand.class,
            RecoverCommand.class,
            RefusedCommand.class,
            AuditCommand.class,
            ReconcileCommand.class,
            LoginCommand.class,
            SignInCommand.class,
            UserCommand.class,
            MeCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of the commands that ask the service:%n",
        exitCodeList = {
            "0:done",
            "1:the service refused (the sentence says why)",
            "2:the command was written wrongly",
            "3:the service did not answer",
            "4:run: some lines were bad or changed; the rest was loaded",
            "5:run: something needs a person (held, stalled, failed); reconcile: a finding does"
        },
        footer = {
            "",
            "Without a command, or with options such as --offramp.mode=live alone, the service starts.",
            "",
            "Example:",
            "  offramp serve --offramp.mode=observe",
            "  offramp batch list"
        })
public final class OfframpCommand implements Runnable {

    private static final int WIDTH = 110;

    private final Surroundings surroundings;

    private OfframpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The whole command line; commands of other rooms are given. */
    public static CommandLine with(Surroundings surroundings, Object... others) {
        var line = new CommandLine(new OfframpCommand(surroundings));
        for (Object other : others) {
            line.addSubcommand(other);
        }
        line.setUsageHelpWidth(WIDTH);
        line.setExecutionExceptionHandler((problem, command, _) -> {
            if (problem instanceof Failure failure) {
                command.getErr().println(failure.getMessage());
                command.getErr().flush();
                return failure.exitCode();
            }
            throw problem;
        });
        return line;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    @Override
    public void run() {
        throw Failure.usage("Say what to do; 'offramp --help' lists the commands.");
    }

    /** {@code offramp serve}, which the main class starts before any command is looked at; here for the help. */
    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description =
                    "Runs the service. Options are configuration: --server.port=8081, --offramp.mode=live (docs/configuration.md).",
            footer = {"", "Example:", "  offramp serve --offramp.home=/var/lib/offramp --offramp.mode=observe"})
    static final class Serve implements Runnable {

        @Override
        public void run() {
            throw Failure.usage("'serve' comes first: offramp serve --offramp.mode=observe");
        }
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(
                            OfframpCommand.class.getPackage().getImplementationVersion())
                    .orElse("development");
            return new String[] {"Offramp " + version, "Java " + Runtime.version()};
        }
    }
}
