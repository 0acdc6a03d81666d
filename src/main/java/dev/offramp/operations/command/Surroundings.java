package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a command has around it besides its options.
 *
 * @param environment the variables of the environment, by name
 * @param person who can be asked something
 * @param pause waits between two looks
 * @param browser shows a person a page
 * @param standalone starts the service in this process
 */
public record Surroundings(
        InstantSource clock,
        Variables environment,
        Person person,
        Pause pause,
        Browser browser,
        StandaloneNode.Start standalone) {

    /** Those of this process. */
    public static Surroundings ofThisProcess(InstantSource clock, StandaloneNode.Start standalone) {
        return new Surroundings(
                clock,
                System::getenv,
                new PersonAtTheTerminal(),
                Pause::sleep,
                Browser.ofThisMachine(System::getenv),
                standalone);
    }

    /** Those of a process that cannot become a node. */
    public static Surroundings ofThisProcess(InstantSource clock) {
        return ofThisProcess(clock, _ -> {
            throw new StandaloneNode.CannotStart("This process cannot become a node.", null);
        });
    }

    static Surroundings of(@Nullable CommandSpec spec) {
        if (spec != null && spec.root().userObject() instanceof OfframpCommand root) {
            return root.surroundings();
        }
        throw new IllegalStateException("A command outside of 'offramp'");
    }

    /** Where it is said what is not the answer: progress, and what went wrong. */
    PrintWriter errors(@Nullable CommandSpec spec) {
        return spec == null
                ? new PrintWriter(System.err, true)
                : spec.root().commandLine().getErr();
    }

    /** Variables of the environment. */
    @FunctionalInterface
    public interface Variables {

        @Nullable
        String get(String name);
    }

    /** A rest between two looks at the service. */
    @FunctionalInterface
    public interface Pause {

        void take(Duration length);

        static void sleep(Duration length) {
            try {
                Thread.sleep(length);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.notReachable("The command was interrupted; what the service was told, it does.");
            }
        }
    }
}
