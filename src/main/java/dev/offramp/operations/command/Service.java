package dev.offramp.operations.command;

import dev.offramp.operations.LoginFile;
import dev.offramp.operations.LoginFile.Login;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The running service, as a command sees it. */
final class Service {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Rejecting many held requests takes its time. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final LoginFile file;
    private final Login login;
    private final URI server;

    private Service(LoginFile file, Login login, URI server) {
        this.file = file;
        this.login = login;
        this.server = server;
    }

    /**
     * The service of this home.
     *
     * @param server where it answers, when that is not what the log-in file says
     */
    static Service of(Path home, @Nullable URI server) {
        var file = LoginFile.in(home);
        try {
            var login = file.read()
                    .orElseThrow(() -> Failure.notReachable(
                            "There is no log-in file %s: the service writes it at its first start. Start it with 'offramp serve', or name its offramp.home with --home."
                                    .formatted(file.path())));
            return new Service(file, login, server == null ? login.server() : server);
        } catch (IllegalStateException e) {
            throw Failure.notReachable(String.valueOf(e.getMessage()));
        }
    }

    JsonNode get(String path, Map<String, String> query) {
        return send("GET", path, query, null);
    }

    JsonNode put(String path, Map<String, String> query, ObjectNode body) {
        return send("PUT", path, query, body);
    }

    JsonNode delete(String path, Map<String, String> query, ObjectNode body) {
        return send("DELETE", path, query, body);
    }

    JsonNode post(String path, ObjectNode body) {
        return send("POST", path, Map.of(), body);
    }

    /** A change's reason, and who asks for it. */
    static ObjectNode change(String reason) {
        return JSON.createObjectNode().put("reason", reason).put("by", System.getProperty("user.name", ""));
    }

    private JsonNode send(String method, String path, Map<String, String> query, @Nullable ObjectNode body) {
        HttpRequest request = HttpRequest.newBuilder(address(path, query))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + login.token())
                .header("Accept", "application/json, application/problem+json")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build()) {
            return read(client.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw Failure.notReachable(
                    "The service does not answer at %s (%s). Start it with 'offramp serve', or name it with --server."
                            .formatted(server, e.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.notReachable("The command was interrupted; whether the service did it, its lists tell.");
        }
    }

    private URI address(String path, Map<String, String> query) {
        String asked = query.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String base = server.toString().replaceAll("/+$", "");
        try {
            URI address = URI.create(base + "/api/v1" + path + (asked.isEmpty() ? "" : "?" + asked));
            if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
                throw Failure.usage(
                        "--server is %s; write an address such as http://127.0.0.1:8080.".formatted(server));
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw Failure.usage("%s is not an address; write one such as http://127.0.0.1:8080.".formatted(base));
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode read(HttpResponse<String> response) {
        if (response.statusCode() == 401) {
            throw Failure.refused(
                    "%s does not accept the log-in of %s. Use the file of the service's own offramp.home (--home)."
                            .formatted(server, file.path()));
        }
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw Failure.refused(
                    "%s answered %d, not in JSON: is that Offramp?".formatted(server, response.statusCode()));
        }
        if (response.statusCode() / 100 != 2) {
            throw Failure.refused(body.path("detail").asString("The service answered " + response.statusCode() + "."));
        }
        return body;
    }
}
