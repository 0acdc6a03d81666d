package dev.offramp;

import dev.offramp.operations.command.OfframpCommand;
import dev.offramp.operations.command.Surroundings;
import dev.offramp.platform.MachineClock;
import dev.offramp.simulator.SimulatorCommand;
import java.util.Arrays;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import picocli.CommandLine;

/** Offramp: the service when nothing else is asked for, else one command, which starts without the service's context. */
@SpringBootApplication
public class Offramp {

    private static final String SERVE = "serve";

    private static final Set<String> ABOUT = Set.of("--help", "-h", "--version", "-V");

    public static void main(String[] args) {
        if (isService(args)) {
            SpringApplication.run(Offramp.class, withoutServe(args));
        } else {
            System.exit(commands().execute(args));
        }
    }

    private static CommandLine commands() {
        return OfframpCommand.with(
                Surroundings.ofThisProcess(MachineClock.get(), StandaloneOfframp::start), new SimulatorCommand());
    }

    /** No argument, {@code serve}, or configuration alone such as {@code --server.port=8081}. */
    static boolean isService(String... args) {
        if (args.length == 0) {
            return true;
        }
        if (args[0].equals(SERVE)) {
            return Arrays.stream(args).noneMatch(ABOUT::contains);
        }
        return args[0].startsWith("--") && !ABOUT.contains(args[0]);
    }

    private static String[] withoutServe(String... args) {
        return args.length > 0 && args[0].equals(SERVE) ? Arrays.copyOfRange(args, 1, args.length) : args;
    }
}
