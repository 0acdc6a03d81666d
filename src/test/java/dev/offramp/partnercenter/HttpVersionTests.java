package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** The version of HTTP that leaves this program. */
class HttpVersionTests {

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.add(exchange.getProtocol() + " upgrade "
                    + exchange.getRequestHeaders().getFirst("Upgrade"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Above a server's limit of streams the JDK's client fails over HTTP/2 instead of waiting. */
    @Test
    void neverAsksForHttp2() {
        var wire = new Wire(Duration.ofSeconds(5), Duration.ofSeconds(5));

        wire.send(
                HttpMethod.GET,
                URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort())),
                new HttpHeaders(),
                null,
                Optional::empty);

        assertThat(seen).containsExactly("HTTP/1.1 upgrade null");
    }
}
