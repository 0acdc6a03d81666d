package dev.offramp.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * {@code ./mvnw spring-boot:test-run}: a broker, a simulated Partner Center and the service in one process, and a story.
 *
 * <p>It carries the annotation by which the Maven plugin tells the one class to run from all others with a main method;
 * the application that is started is {@link dev.offramp.Offramp}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public final class Demo {

    static final int ALL_AS_EXPECTED = 0;
    static final int DIFFERENT = 1;
    static final int TOO_LATE = 2;

    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** Somebody reads along. */
    private static final Duration BREATH = Duration.ofSeconds(6);

    private static final String OPTION = "--demo.once";
    private static final Path FOLDER = Path.of("target", "demo");

    private Demo() {}

    /** Tells the story and stays until it is interrupted; with {@code --demo.once=true} it ends with the story. */
    public static void main(String[] arguments) {
        // Read by Logback before anything is logged: the log goes to a file, not between the lines of the story.
        System.setProperty("logback.configurationFile", "demo-logback.xml");
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        boolean once = Arrays.stream(arguments).anyMatch(each -> each.equals(OPTION) || each.equals(OPTION + "=true"));
        var screen = Screen.standard(once ? Duration.ZERO : BREATH);
        keepLibrariesSilent();
        var forever = new CountDownLatch(1);
        if (once) {
            Thread.ofPlatform().daemon().name("demo-end").start(() -> endAfter(LONGEST, screen, forever));
        }
        screen.title("Offramp: safe bulk cancellation and customer off-boarding for Microsoft CSP partners");
        screen.line("  Starting a Kafka broker, a simulated Partner Center and the service in this process …");
        var installation = Installation.start(FOLDER, propertiesOf(arguments));
        // Ctrl-C ends everything in order: first the service, last the broker.
        Runtime.getRuntime().addShutdownHook(new Thread(installation::close, "demo-stop"));
        int result = tell(screen, installation, LONGEST);
        if (once) {
            System.exit(result);
        }
        installation.leaveWork(screen);
        installation.whereToLook(screen);
        await(forever);
    }

    /** Tells the whole story and says how it ended: as every example says, otherwise, or not in time. */
    static int tell(Screen screen, Installation installation, Duration atMost) {
        long start = System.nanoTime();
        installation.introduce(screen);
        var story = installation.story(screen, () -> atMost.minusNanos(System.nanoTime() - start));
        var differences = story.tell();
        boolean late = System.nanoTime() - start >= atMost.toNanos();
        return judge(screen, differences, story.requests(), late, Duration.ofNanos(System.nanoTime() - start));
    }

    /** The last lines of the story and the exit code that they stand for. */
    static int judge(Screen screen, List<String> differences, int requests, boolean late, Duration took) {
        screen.line("");
        screen.line("");
        if (differences.isEmpty()) {
            screen.mark(
                    Screen.Mark.GOOD,
                    "All %d requests were told what their examples in jobs/ say. That took %d seconds."
                            .formatted(requests, took.toSeconds()));
            return ALL_AS_EXPECTED;
        }
        screen.mark(
                Screen.Mark.NO,
                "%d of %d requests were not told what their examples in jobs/ say:"
                        .formatted(differences.size(), requests));
        differences.forEach(each -> screen.line("        " + each));
        screen.mark(Screen.Mark.NOTE, "target/demo/demo.log may tell why.");
        return late ? TOO_LATE : DIFFERENT;
    }

    /** Everything but the demo's own option is configuration of the service. */
    private static Map<String, String> propertiesOf(String[] arguments) {
        var properties = new LinkedHashMap<String, String>();
        for (String each : arguments) {
            if (each.startsWith("--") && !each.startsWith(OPTION)) {
                var parts = each.substring(2).split("=", 2);
                properties.put(parts[0], parts.length == 1 ? "true" : parts[1]);
            }
        }
        return properties;
    }

    /** Some print on their own, or log past our log; the screen has taken its own stream before. */
    private static void keepLibrariesSilent() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }

    private static void endAfter(Duration longest, Screen screen, CountDownLatch never) {
        try {
            never.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
        screen.line("");
        screen.mark(Screen.Mark.NO, "The story did not end within five minutes; target/demo/demo.log may tell why.");
        // Something hangs, so nothing is waited for, not even an orderly end.
        Runtime.getRuntime().halt(TOO_LATE);
    }

    private static void await(CountDownLatch forever) {
        try {
            forever.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }
}
