package dev.offramp.simulator;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
        exitCodeList = {"0:terminated", "1:the port cannot be used", "2:wrong usage or scenario"},
        footer = {"", "Example:", "  offramp simulator --port 9380"})
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

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Scenario chosen;
        try {
            chosen = scenario == null ? Scenario.builtIn() : Scenario.read(scenario);
        } catch (ScenarioException e) {
            err().println(e.getMessage());
            return 2;
        }
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
