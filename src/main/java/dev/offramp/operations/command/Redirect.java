package dev.offramp.operations.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Waits on this machine for the browser to come back with the answer of the sign-in. It listens on 127.0.0.1 only, and
 * takes one answer: the one that carries the state which this command has made.
 */
final class Redirect implements AutoCloseable {

    private static final String DONE =
            "This sign-in has been handed to Offramp. You can close this window; the terminal tells the rest.";
    private static final String STRANGE = "This answer does not belong to a sign-in that is waited for here.";

    private final HttpServer server;
    private final String state;
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();

    /**
     * What the browser brought: a code, or why there is none. It never prints.
     *
     * @param error the authority's word, e.g. {@code access_denied}
     */
    record Answer(
            @Nullable String code,
            @Nullable String error,
            @Nullable String description) {

        @Override
        public String toString() {
            return "Answer[not shown]";
        }
    }

    private Redirect(HttpServer server, String state) {
        this.server = server;
        this.state = state;
    }

    /**
     * Begins to listen.
     *
     * @param port 0 for any that is free
     */
    static Redirect listening(int port, String state) {
        try {
            var server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
            var redirect = new Redirect(server, state);
            server.createContext("/", redirect::come);
            server.start();
            return redirect;
        } catch (IOException e) {
            throw Failure.usage(
                    "127.0.0.1:%d cannot be listened on (%s); choose another --port, or sign in with --device-code."
                            .formatted(port, Service.reason(e)));
        }
    }

    /** As the app registration has to know it, whatever the port: {@code http://localhost}. */
    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    Optional<Answer> answer() {
        return Optional.ofNullable(answer.get());
    }

    private void come(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            boolean ours = exchange.getRequestMethod().equals("GET")
                    && same(query.getOrDefault("state", ""))
                    && (query.containsKey("code") || query.containsKey("error"));
            if (ours) {
                answer.compareAndSet(
                        null, new Answer(query.get("code"), query.get("error"), query.get("error_description")));
            }
            say(exchange, ours ? 200 : 400, ours ? DONE : STRANGE);
        }
    }

    private boolean same(String other) {
        return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(HttpExchange exchange, int status, String sentence) throws IOException {
        byte[] page = "<!doctype html><meta charset=\"utf-8\"><title>Offramp</title><p>%s</p>\n"
                .formatted(sentence)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.sendResponseHeaders(status, page.length);
        exchange.getResponseBody().write(page);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                try {
                    query.put(
                            part.substring(0, equals),
                            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    // Not written by an authority; the rest decides.
                }
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
