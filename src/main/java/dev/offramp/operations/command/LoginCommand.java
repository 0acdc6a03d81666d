package dev.offramp.operations.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * {@code offramp login}: a person signs in to Partner Center for the service.
 *
 * <p>The command opens the browser and waits for its answer; the service redeems the code. So the app registration's
 * secret stays with the service, and the refresh token never comes here: what this command sees, a code, is worth nothing
 * without that secret and without the verifier that the command has made and tells the service alone.
 */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Signs a person in to Partner Center, as unlinks and entitlements need it; the service keeps the sign-in, encrypted.",
            "Without an option the browser opens, here, and the app registration must know the redirect address http://localhost."
        },
        footer = {
            "",
            "Example:",
            "  offramp login --reason \"first sign-in\"",
            "  offramp login --device-code --reason \"the old sign-in has expired\"",
            "  offramp login --import token.txt --reason \"from the old tool\""
        })
final class LoginCommand implements Runnable {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration SLOWER = Duration.ofSeconds(5);
    private static final int VERIFIER_BYTES = 32;
    private static final int LONGEST_TOKEN = 20_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Mixin
    private Why why = new Why();

    @ArgGroup
    private @Nullable Way way;

    @Option(names = "--no-browser", description = "Only print the address; somebody opens it on this machine.")
    private boolean noBrowser;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where to wait for the browser on 127.0.0.1 (default: any port that is free).")
    private int port;

    @Option(
            names = "--within",
            paramLabel = "MINUTES",
            defaultValue = "10",
            description = "How long to wait for the person (default: ${DEFAULT-VALUE}).")
    private int minutes;

    /** Ways to sign in other than with the browser of this machine. */
    static final class Way {

        @Option(
                names = "--device-code",
                description = "Sign in with a code on any device, where the directory allows it.")
        private boolean deviceCode;

        @Option(
                names = "--import",
                paramLabel = "FILE",
                description = "Take over a refresh token that there is: - reads it from the standard input.")
        private @Nullable String file;
    }

    @Override
    public void run() {
        if (minutes < 1) {
            throw Failure.usage("--within is %d; write 1 or more minutes.".formatted(minutes));
        }
        Service service = options.service();
        JsonNode status;
        if (way != null && way.file != null) {
            String token = token(way.file);
            status = service.post("/sign-in/token", why.change().put("refreshToken", token));
        } else if (way != null && way.deviceCode) {
            status = onDevice(service);
        } else {
            status = withBrowser(service);
        }
        PrintWriter out = Cells.out(spec);
        options.print(out, status, told -> {
            out.println("Signed in as %s; the service keeps it, encrypted, and renews it by itself."
                    .formatted(SignInCommand.person(told)));
            SignInCommand.printNeeds(told, out);
        });
    }

    private JsonNode withBrowser(Service service) {
        String state = random();
        String verifier = random();
        try (var redirect = Redirect.listening(port, state)) {
            JsonNode begun = service.post(
                    "/sign-in/browser",
                    Service.JSON
                            .createObjectNode()
                            .put("redirectUri", redirect.address().toString())
                            .put("state", state)
                            .put("codeChallenge", challenge(verifier)));
            show(URI.create(begun.path("address").asString("")));
            Redirect.Answer answer = awaited(redirect);
            String code = answer.code();
            if (code == null) {
                throw Failure.refused("Microsoft Entra did not let the person sign in (%s): %s"
                        .formatted(
                                Cells.harmless(String.valueOf(answer.error())),
                                Cells.harmless(
                                        answer.description() == null ? "no more was said" : answer.description())));
            }
            return service.post(
                    "/sign-in/code",
                    why.change()
                            .put("code", code)
                            .put("codeVerifier", verifier)
                            .put("redirectUri", redirect.address().toString()));
        }
    }

    private void show(URI address) {
        PrintWriter err = Surroundings.of(spec).errors(spec);
        boolean opened = !noBrowser && Surroundings.of(spec).browser().open(address);
        err.println(opened ? "The browser opens. If it does not, open:" : "Open this in a browser on this machine:");
        err.println(address);
        err.flush();
    }

    private Redirect.Answer awaited(Redirect redirect) {
        var surroundings = Surroundings.of(spec);
        Instant end = surroundings.clock().instant().plus(Duration.ofMinutes(minutes));
        while (redirect.answer().isEmpty()) {
            if (!surroundings.clock().instant().isBefore(end)) {
                throw Failure.refused(
                        "Nobody has signed in within %d minutes; nothing was changed. Ask again, with a longer --within if need be, or with --device-code."
                                .formatted(minutes));
            }
            surroundings.pause().take(GLANCE);
        }
        return redirect.answer().orElseThrow();
    }

    private JsonNode onDevice(Service service) {
        var surroundings = Surroundings.of(spec);
        JsonNode begun = service.post("/sign-in/device", Service.JSON.createObjectNode());
        PrintWriter err = surroundings.errors(spec);
        err.println("Open %s on any device and type the code %s"
                .formatted(Cells.text(begun, "address"), Cells.text(begun, "userCode")));
        err.flush();
        Duration every =
                Duration.ofSeconds(Math.max(1, begun.path("intervalSeconds").asLong(5)));
        Instant end = surroundings.clock().instant().plus(Duration.ofMinutes(minutes));
        while (surroundings.clock().instant().isBefore(end)) {
            surroundings.pause().take(every);
            JsonNode progress = service.post(
                    "/sign-in/device/code",
                    why.change().put("deviceCode", begun.path("deviceCode").asString("")));
            if ("done".equals(progress.path("state").asString(""))) {
                return progress.path("signIn");
            }
            if (progress.path("slower").asBoolean(false)) {
                every = every.plus(SLOWER);
            }
        }
        throw Failure.refused(
                "Nobody has signed in within %d minutes; nothing was changed. Ask again, with a longer --within if need be."
                        .formatted(minutes));
    }

    /** Neither on the command line, where others see it, nor on the terminal, where it stays. */
    private String token(String file) {
        Person person = Surroundings.of(spec).person();
        try {
            String text = !file.equals("-")
                    ? Files.readString(Path.of(file))
                    : person.isThere()
                            ? person.password("Refresh token")
                            : new String(System.in.readNBytes(LONGEST_TOKEN + 1), StandardCharsets.UTF_8);
            String token = text.strip();
            if (token.isEmpty()
                    || token.length() > LONGEST_TOKEN
                    || token.chars().anyMatch(Character::isWhitespace)) {
                throw Failure.usage("What was given with --import is no refresh token: it is one word without blanks.");
            }
            return token;
        } catch (IOException e) {
            throw Failure.usage("%s cannot be read (%s).".formatted(file, Service.reason(e)));
        }
    }

    private static String random() {
        byte[] bytes = new byte[VERIFIER_BYTES];
        new SecureRandom().nextBytes(bytes);
        return URL.encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return URL.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
