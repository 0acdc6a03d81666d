package dev.offramp.operations.command;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
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

    /** What a proxy says while the service behind it is being restarted. */
    private static final Set<Integer> AWAY = Set.of(502, 503, 504);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private final URI server;
    private final Login login;

    Service(URI server, Login login) {
        this.server = server;
        this.login = login;
    }

    /**
     * How a command shows who it is.
     *
     * @param authorization the header's value, a secret
     * @param name what to look at when it is not accepted, as the object of a sentence
     */
    record Login(String authorization, String name) {

        static Login bearer(String token, String name) {
            return new Login("Bearer " + token, name);
        }

        static Login of(String user, String password) {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return new Login(
                    "Basic " + Base64.getEncoder().encodeToString(both),
                    "the user %s with this password".formatted(user));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    URI address() {
        return server;
    }

    JsonNode get(String path) {
        return get(path, Map.of());
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

    JsonNode post(String path, JsonNode body) {
        return send("POST", path, Map.of(), body);
    }

    /** Sends one piece of a file. */
    JsonNode putPiece(String path, Map<String, String> query, byte[] piece) {
        HttpRequest request = request(path, query)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(piece))
                .build();
        return read(exchange(request, BodyHandlers.ofString()));
    }

    /** Gets what may be long, and puts it in place whole or not at all. */
    void download(String path, Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Path whole = Files.createTempFile(absolute.getParent(), absolute.getFileName() + ".", ".part");
            try {
                HttpRequest request = HttpRequest.newBuilder(addressOf(path, Map.of()))
                        .timeout(ANSWER)
                        .header("Authorization", login.authorization())
                        .GET()
                        .build();
                HttpResponse<Path> response = exchange(request, BodyHandlers.ofFile(whole));
                if (response.statusCode() / 100 != 2) {
                    throw problem(response.statusCode(), Files.readString(whole));
                }
                Files.move(whole, absolute, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw Failure.usage("%s cannot be written (%s).".formatted(absolute, reason(e)));
        }
    }

    /** A change's reason, and who asks for it. */
    static ObjectNode change(String reason) {
        return JSON.createObjectNode().put("reason", reason).put("by", System.getProperty("user.name", ""));
    }

    private JsonNode send(String method, String path, Map<String, String> query, @Nullable JsonNode body) {
        HttpRequest request = request(path, query)
                .header("Content-Type", "application/json")
                .method(method, publisher(body))
                .build();
        return read(exchange(request, BodyHandlers.ofString()));
    }

    private static BodyPublisher publisher(@Nullable JsonNode body) {
        return body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body));
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        return HttpRequest.newBuilder(addressOf(path, query))
                .timeout(ANSWER)
                .header("Authorization", login.authorization())
                .header("Accept", "application/json, application/problem+json");
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw Failure.noAnswer(
                    "The service does not answer at %s (%s). Start it with 'offramp serve', or name it with --server."
                            .formatted(server, e.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.notReachable("The command was interrupted; whether the service did it, its lists tell.");
        }
    }

    private URI addressOf(String path, Map<String, String> query) {
        String asked = query.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String base = server.toString().replaceAll("/+$", "");
        try {
            URI address = URI.create(base + "/api/v1" + path + (asked.isEmpty() ? "" : "?" + asked));
            if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())
                    || address.getHost() == null) {
                throw Failure.usage(
                        "--server is %s; write an address such as http://127.0.0.1:8080.".formatted(server));
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw Failure.usage("%s is not an address; write one such as http://127.0.0.1:8080.".formatted(base));
        }
    }

    /** As part of a path or of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode read(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw problem(response.statusCode(), response.body());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw Failure.refused(
                    "%s answered %d, not in JSON: is that Offramp?".formatted(server, response.statusCode()));
        }
    }

    private Failure problem(int status, String body) {
        if (status == 401) {
            return Failure.refused(
                    "%s does not accept the log-in of %s. Use the file of the service's own offramp.home (--home), a user (--user) or a token (OFFRAMP_TOKEN)."
                            .formatted(server, login.name()));
        }
        if (AWAY.contains(status)) {
            return Failure.noAnswer("The service at %s cannot answer just now (%d).".formatted(server, status));
        }
        try {
            JsonNode problem = JSON.readTree(body);
            return Failure.refused(
                    Cells.harmless(problem.path("detail").asString("The service answered " + status + ".")), problem);
        } catch (JacksonException e) {
            return Failure.refused("%s answered %d, not in JSON: is that Offramp?".formatted(server, status));
        }
    }

    /** E.g. "no such file: /tmp/x". */
    static String reason(IOException trouble) {
        String words = trouble.getMessage() == null ? "" : ": " + trouble.getMessage();
        return trouble.getClass().getSimpleName() + words;
    }
}
