package dev.offramp.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a simulator with many customers and a heap of 1 GB as fast as it answers:
 * {@code bin/bench simulator [--customers N] [--seconds N]}. The last line that it prints is JSON.
 */
public final class SimulatorBenchmark {

    private static final int HEAP_MB = 1024;
    private static final int CONNECTIONS = 16;
    private static final Pattern READY = Pattern.compile("Simulated Partner Center on (http://\\S+) .*");
    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private SimulatorBenchmark() {}

    /**
     * What was measured.
     *
     * @param secondsToStart from the start of the process until it said where it listens
     * @param readsWholeList whether paging found every customer
     * @param load of the machine when it began, over one minute
     */
    record Result(
            int customers,
            double secondsToStart,
            boolean readsWholeList,
            double secondsToReadTheList,
            long requests,
            long failures,
            long requestsPerSecond,
            double medianMillis,
            double p99Millis,
            int maxHeapMb,
            long maxResidentMb,
            int processors,
            double load) {}

    /** Ends with 0 when every request was answered. */
    public static void main(String... arguments) throws Exception {
        var customers = 100_000;
        var seconds = 20;
        Path jar = null;
        for (var at = 0; at + 1 < arguments.length; at += 2) {
            switch (arguments[at]) {
                case "--customers" -> customers = Integer.parseInt(arguments[at + 1]);
                case "--seconds" -> seconds = Integer.parseInt(arguments[at + 1]);
                case "--jar" -> jar = Path.of(arguments[at + 1]);
                default -> {
                    System.err.printf(
                            "bin/bench simulator: '%s' is not known. Write: bin/bench simulator [--customers N] [--seconds N]%n",
                            arguments[at]);
                    System.exit(2);
                }
            }
        }
        if (jar == null) {
            throw new IllegalArgumentException("--jar is missing");
        }
        var result = run(jar, customers, Duration.ofSeconds(seconds));
        System.out.println(JsonMapper.shared().writeValueAsString(result));
        System.exit(result.failures() == 0 && result.readsWholeList() ? 0 : 1);
    }

    private static Result run(Path jar, int customers, Duration time) throws IOException, InterruptedException {
        var load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        var began = System.nanoTime();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx%dm".formatted(HEAP_MB),
                        "-jar",
                        jar.toString(),
                        "simulator",
                        "--port",
                        "0",
                        "--customers",
                        Integer.toString(customers))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            var address = address(process);
            var start = since(began);
            System.out.printf("%,d customers after %.1f s at %s.%n", customers, start, address);
            return measure(address, customers, time, start, load, process);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static Result measure(
            URI address, int customers, Duration time, double start, double load, @Nullable Process process)
            throws IOException {
        var began = System.nanoTime();
        var ids = SimulatorLoad.customers(address);
        var listed = since(began);
        System.out.printf("Read the list of %,d customers in %.1f s.%n", ids.size(), listed);
        var paths = SimulatorLoad.paths(address, ids.subList(0, Math.min(ids.size() / 10, 1000)), ids);
        SimulatorLoad.ask(address, paths, CONNECTIONS, time.dividedBy(3));
        var asked = SimulatorLoad.ask(address, paths, CONNECTIONS, time);
        return new Result(
                customers,
                rounded(start),
                ids.size() == customers,
                rounded(listed),
                asked.answered(),
                asked.failures(),
                Math.round(asked.answered() / asked.seconds()),
                rounded(asked.millis(0.5)),
                rounded(asked.millis(0.99)),
                HEAP_MB,
                process == null ? 0 : residentMb(process),
                Runtime.getRuntime().availableProcessors(),
                rounded(load));
    }

    /** The short form: a simulator that is there already. */
    static Result measure(URI address, int customers, Duration time) throws IOException {
        return measure(address, customers, time, 0, 0, null);
    }

    private static URI address(Process process) throws IOException {
        List<String> said = new ArrayList<>();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                return URI.create(ready.group(1));
            }
        }
        throw new IllegalStateException("The simulator ended: " + said);
    }

    private static long residentMb(Process process) throws IOException {
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        var peak = RESIDENT.matcher(Files.readString(status));
        return peak.find() ? Long.parseLong(peak.group(1)) / 1024 : 0;
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
