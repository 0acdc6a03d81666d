package dev.offramp.operations.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A service that says what a test wants it to say, and keeps what it was asked. */
final class FakeService implements AutoCloseable {

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Mind mind = _ -> Answer.json(200, "{}");

    private FakeService(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.start();
    }

    static FakeService start() {
        return at(0);
    }

    static FakeService at(int port) {
        try {
            return new FakeService(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers. */
    @FunctionalInterface
    interface Mind {

        Answer answer(Asked asked);
    }

    /** One request. */
    record Asked(
            String method,
            String path,
            @Nullable String query,
            @Nullable String authorization,
            byte[] body) {

        String line() {
            return method + " " + path + (query == null ? "" : "?" + query);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** One answer. */
    record Answer(int status, String type, byte[] body) {

        static Answer json(int status, String json) {
            return new Answer(
                    status,
                    status < 400 ? "application/json" : "application/problem+json",
                    json.getBytes(StandardCharsets.UTF_8));
        }
    }

    FakeService says(Mind newMind) {
        mind = newMind;
        return this;
    }

    FakeService says(String json) {
        return says(_ -> Answer.json(200, json));
    }

    List<Asked> asked() {
        return asked;
    }

    Asked last() {
        return asked.getLast();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().replaceFirst("^/api/v1", ""),
                    exchange.getRequestURI().getQuery(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestBody().readAllBytes());
            asked.add(request);
            Answer answer = mind.answer(request);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
