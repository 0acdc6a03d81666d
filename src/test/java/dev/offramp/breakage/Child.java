package dev.offramp.breakage;

import dev.offramp.breakage.Breakage.NamedTest;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The process in which broken variants are tested, one after the other: each is loaded anew, with our own classes before
 * those of the build, over libraries that are loaded once.
 */
final class Child {

    /** Between the columns of orders and results. */
    static final String TAB = "\t";

    private Child() {}

    /**
     * How a test went.
     *
     * @param verdict passed, failed (by an assertion), broken (by anything else) or missing
     * @param words what the first failure says, on one line
     */
    record Result(String order, String verdict, String words) {

        static Result of(String line) {
            String[] columns = line.split(TAB, 3);
            return new Result(columns[0], columns[1], columns[2]);
        }

        String line() {
            return String.join(TAB, order, verdict, words.replaceAll("\\s+", " "));
        }
    }

    /**
     * @param arguments the file of orders (name, directory of changed classes or nothing, test), and where results go
     */
    public static void main(String[] arguments) throws IOException {
        ClassLoader libraries = Child.class.getClassLoader();
        try (var unchanged = new Variant(urls(""), libraries);
                var results = Files.newBufferedWriter(Path.of(arguments[1]))) {
            for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                String[] order = line.split(TAB, 3);
                try (var changed = new Variant(urls(order[1]), libraries)) {
                    Variant variant = order[1].isEmpty() ? unchanged : changed;
                    results.write(run(order[0], variant, NamedTest.of(order[2])).line());
                    results.newLine();
                    results.flush();
                }
            }
        }
        // Pools and threads of broken variants keep nobody waiting.
        System.exit(0);
    }

    private static Result run(String name, Variant variant, NamedTest test) {
        Thread.currentThread().setContextClassLoader(variant);
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectUniqueId(uniqueId(variant, test)))
                                .filters(EngineFilter.includeEngines("junit-jupiter"))
                                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                                .build(),
                        listener);
        return result(name, listener.getSummary());
    }

    private static Result result(String name, TestExecutionSummary summary) {
        if (summary.getTotalFailureCount() > 0) {
            Throwable cause = summary.getFailures().getFirst().getException();
            return new Result(name, cause instanceof AssertionError ? "failed" : "broken", cause.toString());
        }
        return summary.getTestsSucceededCount() > 0
                ? new Result(name, "passed", "-")
                : new Result(name, "missing", "There is no such test.");
    }

    /** Of a class that runs on both databases only the first, which is H2. */
    private static String uniqueId(ClassLoader variant, NamedTest test) {
        String kind =
                test.method().endsWith("()") ? "method" : "test-template"; // Those with parameters are parameterized.
        return isOnBothDatabases(variant, test.type())
                ? "[engine:junit-jupiter]/[class-template:%s]/[class-template-invocation:#1]/[%s:%s]"
                        .formatted(test.type(), kind, test.method())
                : "[engine:junit-jupiter]/[class:%s]/[%s:%s]".formatted(test.type(), kind, test.method());
    }

    private static boolean isOnBothDatabases(ClassLoader variant, String type) {
        try {
            return Arrays.stream(variant.loadClass(type).getAnnotations())
                    .anyMatch(each -> each.annotationType().getSimpleName().equals("OnBothDatabases"));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static URL[] urls(String changed) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        var directories = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::isDirectory)
                .toList();
        if (!changed.isEmpty()) {
            urls.add(Path.of(changed).toUri().toURL());
        }
        for (Path each : directories) {
            urls.add(each.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** Our own classes first, changed ones before all; the libraries are everybody's. */
    private static final class Variant extends URLClassLoader {

        /** Has no class of ours in its hands, and a server of its own that is to be started once. */
        private static final String SHARED = "dev.offramp.testing.TestDatabase";

        Variant(URL[] urls, ClassLoader libraries) {
            super(urls, libraries);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.offramp.") || name.startsWith(SHARED)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
