package dev.offramp.simulator;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offramp simulator}: runs a simulated Partner Center until it is terminated. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description = "Runs a simulated Partner Center on the loopback address until it is terminated.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:terminated", "1:the port or file cannot be used", "2:wrong usage or scenario"},
        footer = {
            "",
            "Example:",
            "  offramp simulator --port 9380",
            "  offramp simulator --customers 1000 --seed 7 --mix new-commerce=80,marketplace=20"
        })
public final class SimulatorCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9380",
            description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "What Partner Center holds and how it behaves (docs/simulator.md); built in when left out.")
    private @Nullable Path scenario;

    @Option(
            names = "--customers",
            paramLabel = "N",
            description = "Holds so many made-up customers instead of a scenario.")
    private @Nullable Integer customers;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Which made-up customers: the same number makes the same ones (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--mix",
            paramLabel = "KIND=WEIGHT",
            split = ",",
            description = "How often each kind of subscription occurs among them, such as new-commerce=70,legacy=30.")
    private Map<String, Integer> mix = new TreeMap<>();

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "Writes the scenario with every customer spelled out to this file, and ends.")
    private @Nullable Path write;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Scenario chosen;
        try {
            chosen = chosen();
        } catch (ScenarioException e) {
            err().println(e.getMessage());
            return 2;
        }
        return write == null ? serve(chosen) : write(chosen, write);
    }

    private Scenario chosen() {
        if (customers != null && scenario != null) {
            throw new ScenarioException("Give --scenario or --customers, not both: a scenario has a member portfolio.");
        }
        if (customers != null) {
            return Scenario.portfolio(customers, seed, mix);
        }
        return scenario == null ? Scenario.builtIn() : Scenario.read(scenario);
    }

    private int write(Scenario chosen, Path file) {
        try {
            Files.writeString(file, chosen.spelledOut());
            out().printf("Wrote %d customers to %s%n", chosen.customerCount(), file);
            return 0;
        } catch (IOException e) {
            err().printf("The file %s cannot be written: %s%n", file, e);
            return 1;
        }
    }

    private int serve(Scenario chosen) throws InterruptedException {
        try (PartnerCenterSimulator simulator = PartnerCenterSimulator.start(chosen, port)) {
            out().printf(
                            "Simulated Partner Center on %s (scenario \"%s\", %d customers, partner tenant %s)%n",
                            simulator.baseUri(), chosen.name(), chosen.customerCount(), chosen.partnerTenantId());
            out().flush();
            new CountDownLatch(1).await();
            return 0;
        } catch (UncheckedIOException e) {
            err().println(e.getMessage());
            return 1;
        }
    }

    private PrintWriter out() {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec == null
                ? new PrintWriter(System.err, true)
                : spec.commandLine().getErr();
    }
}
