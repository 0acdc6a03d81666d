package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp sign-in}: how the sign-ins to Partner Center stand. */
@Command(
        name = "sign-in",
        mixinStandardHelpOptions = true,
        description =
                "Says how the sign-ins to Partner Center stand, and what a person has to do; 'offramp login' signs in.",
        footer = {"", "Example:", "  offramp sign-in"})
final class SignInCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public void run() {
        JsonNode answer = options.service().get("/sign-in");
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            out.println("Tenant %s, cloud %s.".formatted(Cells.text(told, "tenantId"), Cells.text(told, "cloud")));
            out.println("Application: %s, with %s."
                    .formatted(Cells.text(told.path("application"), "state"), Cells.text(told, "credential")));
            JsonNode user = told.path("user");
            out.println(
                    "none".equals(Cells.text(user, "state"))
                            ? "User: nobody has signed in; unlinks are not begun. Sign in with 'offramp login'."
                            : "User: %s, %s, second factor: %s; last used %s, ends %s unless it is renewed."
                                    .formatted(
                                            Cells.text(user, "state"),
                                            person(told),
                                            Cells.text(user, "secondFactor"),
                                            Cells.time(user, "usedAt"),
                                            Cells.time(user, "expiresAt")));
            printNeeds(told, out);
        });
    }

    static String person(JsonNode status) {
        String name = Cells.text(status.path("user"), "person");
        return name.isEmpty() ? "a person who is not named" : name;
    }

    static void printNeeds(JsonNode status, PrintWriter out) {
        status.path("needsPerson").forEach(each -> out.println("! " + Cells.harmless(each.asString(""))));
    }
}
