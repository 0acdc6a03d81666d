package dev.offramp.operations.command;

import dev.offramp.operations.LoginFile;
import dev.offramp.operations.command.Service.Login;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** The options that every client command has. */
final class ServiceOptions {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The service's offramp.home, where its log-in file lies (default: OFFRAMP_HOME, else ~/.offramp).")
    private @Nullable Path home;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where the service answers (default: OFFRAMP_SERVER, else what the log-in file says).")
    private @Nullable URI server;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Log in as this user; the password comes from OFFRAMP_PASSWORD or is asked for. Without it: the bearer token OFFRAMP_TOKEN, else the log-in file.")
    private @Nullable String user;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    private @Nullable String password;

    /** How an answer is printed; named as it is typed. */
    enum Output {
        table,
        json;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Output output() {
        return output;
    }

    /** Reads the log-in file anew each time: a service that was started again may answer elsewhere. */
    Service service() {
        var file = LoginFile.in(home());
        Login login = login();
        URI named = server();
        if (login != null && named != null) {
            return new Service(named, login);
        }
        LoginFile.Login written = read(file);
        return new Service(
                named == null ? written.server() : named,
                login == null ? Login.bearer(written.token(), file.path().toString()) : login);
    }

    private static LoginFile.Login read(LoginFile file) {
        try {
            return file.read()
                    .orElseThrow(() -> Failure.notReachable(
                            "There is no log-in file %s: the service writes it at its first start. Start it with 'offramp serve', or name its offramp.home with --home."
                                    .formatted(file.path())));
        } catch (IllegalStateException e) {
            throw Failure.notReachable(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Login login() {
        if (user != null) {
            if (password == null) {
                password = password(user);
            }
            return Login.of(user, password);
        }
        String token = variable("OFFRAMP_TOKEN");
        return token == null ? null : Login.bearer(token, "OFFRAMP_TOKEN");
    }

    private String password(String name) {
        String given = variable("OFFRAMP_PASSWORD");
        if (given != null) {
            return given;
        }
        Person person = Surroundings.of(mixee).person();
        if (!person.isThere()) {
            throw Failure.usage("There is no terminal to ask for the password of %s; put it into OFFRAMP_PASSWORD."
                    .formatted(name));
        }
        return person.password("Password of " + name);
    }

    private @Nullable URI server() {
        if (server != null) {
            return server;
        }
        String named = variable("OFFRAMP_SERVER");
        try {
            return named == null ? null : URI.create(named);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(
                    "OFFRAMP_SERVER is %s; write an address such as http://127.0.0.1:8080.".formatted(named));
        }
    }

    /** Whether a service was named that runs elsewhere. */
    boolean asksAnother() {
        return server != null || user != null;
    }

    Path home() {
        if (home != null) {
            return home;
        }
        String named = variable("OFFRAMP_HOME");
        return named == null ? Path.of(System.getProperty("user.home"), ".offramp") : Path.of(named);
    }

    /** Whether the home was named, rather than left to the default. */
    @Nullable
    Path namedHome() {
        return home == null && variable("OFFRAMP_HOME") == null ? null : home();
    }

    private @Nullable String variable(String name) {
        String value = Surroundings.of(mixee).environment().get(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** Prints the answer as it came, or for people. */
    void print(PrintWriter out, JsonNode answer, Consumer<JsonNode> forPeople) {
        switch (output) {
            case json ->
                out.println(Service.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            case table -> forPeople.accept(answer);
        }
        out.flush();
    }
}
