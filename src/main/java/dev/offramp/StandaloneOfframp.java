package dev.offramp;

import dev.offramp.operations.LoginFile;
import dev.offramp.operations.command.StandaloneNode;
import dev.offramp.platform.FailedStart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;

/** The whole service for as long as one run takes, on a free port of this machine; it logs to standard error. */
final class StandaloneOfframp implements StandaloneNode {

    private static final List<String> FORCED = List.of(
            // Nobody but this command is to ask it.
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--server.ssl.enabled=false",
            // A start that fails is told once, by the command.
            "--logging.level.org.springframework.boot.diagnostics=off",
            "--logging.level.org.springframework.boot.SpringApplication=off");

    private final ConfigurableApplicationContext context;
    private final LoginFile login;

    private StandaloneOfframp(ConfigurableApplicationContext context, LoginFile login) {
        this.context = context;
        this.login = login;
    }

    static StandaloneNode start(List<String> configuration) {
        // Standard output is for the answer of the command.
        System.setOut(System.err);
        var login = LoginFile.in(directoryOfItsOwn());
        var why = new AtomicReference<Optional<String>>(Optional.empty());
        var application = new SpringApplication(Offramp.class);
        application.setDefaultProperties(Map.of("logging.level.root", "warn"));
        application.addInitializers(
                begun -> ((GenericApplicationContext) begun).registerBean(LoginFile.class, () -> login));
        application.addListeners((ApplicationListener<ApplicationFailedEvent>) failed -> {
            var begun = failed.getApplicationContext();
            why.set(FailedStart.sentence(
                    failed.getException(), begun == null ? new StandardEnvironment() : begun.getEnvironment()));
        });
        try {
            return new StandaloneOfframp(application.run(arguments(configuration)), login);
        } catch (RuntimeException e) {
            throw new CannotStart(why.get().orElseGet(() -> "The node does not start: " + e.getMessage()), e);
        }
    }

    /** What is forced takes the place of what was said: of two values for one key Spring makes a list. */
    private static String[] arguments(List<String> configuration) {
        return Stream.concat(
                        configuration.stream()
                                .filter(each -> FORCED.stream()
                                        .noneMatch(forced ->
                                                each.startsWith(forced.substring(0, forced.indexOf('=') + 1)))),
                        FORCED.stream())
                .toArray(String[]::new);
    }

    /** Mode 0700; what is left in it when the process is killed opens nothing any more. */
    private static Path directoryOfItsOwn() {
        try {
            var directory = Files.createTempDirectory("offramp-node");
            // The directory goes last: files are deleted in the reverse order.
            directory.toFile().deleteOnExit();
            LoginFile.in(directory).path().toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new CannotStart("No temporary directory can be made (%s).".formatted(e.getMessage()), e);
        }
    }

    @Override
    public URI address() {
        return written().server();
    }

    @Override
    public String token() {
        return written().token();
    }

    private LoginFile.Login written() {
        return login.read().orElseThrow(() -> new IllegalStateException("The service writes its log-in at the start"));
    }

    @Override
    public void close() {
        context.close();
    }
}
