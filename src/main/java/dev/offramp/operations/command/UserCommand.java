package dev.offramp.operations.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code offramp user}: who may log in, and what each may do. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Lists, adds, changes or removes the users of this installation.",
        footer = {
            "",
            "Example:",
            "  offramp user add jane --role operator --reason \"joins the operations team\"",
            "  offramp user list"
        })
final class UserCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'user list', 'user add jane --role operator' or 'user remove jane'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the users with their roles and sources.",
            footer = {"", "Example:", "  offramp user list"})
    void list(@Mixin ServiceOptions options) {
        JsonNode answer = options.service().get("/users");
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            var table = new Table("USER", "ROLES", "SOURCES");
            users(told)
                    .forEach(each -> table.row(
                            Cells.text(each, "name"), Cells.line(each, "roles"), Cells.line(each, "sources")));
            table.print(out);
        });
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a user; the password is asked for on the terminal, or read from a file.",
            footer = {
                "",
                "Example:",
                "  offramp user add jane --role operator --reason \"joins the operations team\"",
                "  offramp user add billing --role requester --source /contoso/billing --password-file billing.txt \\",
                "      --reason \"nightly files\""
            })
    void add(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Mixin Rights rights,
            @Mixin Secret secret,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name) {
        if (rights.roles == null) {
            throw Failure.usage(
                    "Say with --role what %s may do: requester, viewer, operator, approver or administrator."
                            .formatted(name));
        }
        var service = options.service();
        if (known(service, name).isPresent()) {
            throw Failure.refused("There is a user %s already; change it with 'offramp user set %s'."
                    .formatted(Cells.harmless(name), Cells.harmless(name)));
        }
        String password = secret.fromFile()
                .orElseGet(() -> Secret.typedTwice(Surroundings.of(spec).person(), name));
        put(options, service, name, rights.json(why.change(), null).put("password", password), "added");
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes a user's roles, sources or password; what is not given stays.",
            footer = {
                "",
                "Example:",
                "  offramp user set jane --role operator --role approver --reason \"stands in for Max\"",
                "  offramp user set jane --password --reason \"forgotten\""
            })
    void set(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Mixin Rights rights,
            @Mixin Secret secret,
            @Option(names = "--password", description = "Ask for a new password.") boolean ask,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name) {
        var service = options.service();
        JsonNode user = known(service, name)
                .orElseThrow(() -> Failure.refused("There is no user %s; add it with 'offramp user add %s'."
                        .formatted(Cells.harmless(name), Cells.harmless(name))));
        var body = rights.json(why.change(), user);
        secret.fromFile()
                .or(() -> ask
                        ? Optional.of(Secret.typedTwice(Surroundings.of(spec).person(), name))
                        : Optional.empty())
                .ifPresent(password -> body.put("password", password));
        put(options, service, name, body, "changed");
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a user, who cannot log in from then on.",
            footer = {"", "Example:", "  offramp user remove jane --reason \"has left\""})
    void remove(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name) {
        JsonNode answer = options.service().delete(path(name), Map.of(), why.change());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, _ -> out.println("User %s is removed.".formatted(Cells.harmless(name))));
    }

    private void put(ServiceOptions options, Service service, String name, ObjectNode body, String done) {
        JsonNode answer = service.put(path(name), Map.of(), body);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, _ -> out.println("User %s is %s.".formatted(Cells.harmless(name), done)));
    }

    private static Optional<JsonNode> known(Service service, String name) {
        return users(service.get("/users"))
                .valueStream()
                .filter(each -> name.equals(each.path("name").asString("")))
                .findFirst();
    }

    private static JsonNode users(JsonNode answer) {
        return answer.isArray() ? answer : answer.path("users");
    }

    private static String path(String name) {
        return "/users/" + Service.encoded(name);
    }

    /** What a user may do. */
    static final class Rights {

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "requester, viewer, operator, approver or administrator; may be given several times.")
        private @Nullable List<String> roles;

        @Option(
                names = "--source",
                paramLabel = "SOURCE",
                description = "A source that a requester may send for and see; may be given several times.")
        private @Nullable List<String> sources;

        /** With what the user has so far, where nothing is said. */
        ObjectNode json(ObjectNode body, @Nullable JsonNode user) {
            put(body, "roles", roles, user);
            put(body, "sources", sources, user);
            return body;
        }

        private static void put(ObjectNode body, String name, @Nullable List<String> given, @Nullable JsonNode user) {
            var values = body.putArray(name);
            if (given != null) {
                given.forEach(values::add);
            } else if (user != null) {
                user.path(name).forEach(each -> values.add(each.asString("")));
            }
        }
    }

    /** A password, which never stands on the command line. */
    static final class Secret {

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "The password is the first line of this file.")
        private @Nullable Path file;

        Optional<String> fromFile() {
            if (file == null) {
                return Optional.empty();
            }
            try (var lines = Files.lines(file)) {
                return Optional.of(lines.findFirst()
                        .filter(line -> !line.isBlank())
                        .orElseThrow(() -> Failure.usage("The first line of %s is empty.".formatted(file))));
            } catch (IOException e) {
                throw Failure.usage("%s cannot be read (%s).".formatted(file, Service.reason(e)));
            }
        }

        static String typedTwice(Person person, String name) {
            if (!person.isThere()) {
                throw Failure.usage("There is no terminal to ask for the password of %s; give it with --password-file."
                        .formatted(Cells.harmless(name)));
            }
            String password = person.password("New password of " + name);
            if (!password.equals(person.password("Once more"))) {
                throw Failure.usage("The two passwords differ; nothing was changed.");
            }
            return password;
        }
    }
}
