package dev.offramp;

import dev.offramp.operations.LoginFile;
import dev.offramp.operations.command.StandaloneNode;
import dev.offramp.platform.FailedStart;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service for as long as one run takes, on a free port of this machine; it logs to standard error. */
final class StandaloneOfframp implements StandaloneNode {

    private final ConfigurableApplicationContext context;

    private StandaloneOfframp(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static StandaloneNode start(List<String> configuration) {
        // Standard output is for the answer of the command.
        System.setOut(System.err);
        var arguments = new ArrayList<>(configuration);
        arguments.add("--server.port=0");
        arguments.add("--server.address=127.0.0.1");
        // A start that fails is told once, by the command.
        arguments.add("--logging.level.org.springframework.boot.diagnostics=off");
        arguments.add("--logging.level.org.springframework.boot.SpringApplication=off");
        var why = new AtomicReference<Optional<String>>(Optional.empty());
        var application = new SpringApplication(Offramp.class);
        application.setDefaultProperties(Map.of("logging.level.root", "warn"));
        application.addListeners((ApplicationListener<ApplicationFailedEvent>)
                failed -> why.set(FailedStart.sentence(failed.getException(), failed.getApplicationContext())));
        try {
            return new StandaloneOfframp(application.run(arguments.toArray(String[]::new)));
        } catch (RuntimeException e) {
            throw new CannotStart(why.get().orElseGet(() -> "The node does not start: " + e.getMessage()), e);
        }
    }

    @Override
    public URI address() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    @Override
    public String token() {
        return LoginFile.in(context.getBean("offrampHome", Path.class))
                .read()
                .orElseThrow(() -> new IllegalStateException("The service writes its log-in file at the start"))
                .token();
    }

    @Override
    public void close() {
        context.close();
    }
}
