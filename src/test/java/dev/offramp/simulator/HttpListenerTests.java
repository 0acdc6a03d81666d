package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpListenerTests {

    private final List<HttpRequest> seen = new CopyOnWriteArrayList<>();
    private HttpListener listener;
    private Socket socket;

    @BeforeEach
    void start() throws IOException {
        listener = new HttpListener(0, request -> {
            seen.add(request);
            return HttpAnswer.text(200, "seen " + request.text());
        });
        socket = new Socket(listener.host(), listener.port());
        socket.setSoTimeout(5000);
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        listener.close();
    }

    @Test
    void servesOneRequestAfterTheOtherOnOneConnection() throws IOException {
        assertThat(exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")).endsWith("seen ");
        assertThat(exchange("PATCH /b?x=1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
                .endsWith("seen abc");
        assertThat(seen).extracting(HttpRequest::path).containsExactly("/a", "/b");
        assertThat(seen.getLast().query("X")).contains("1");
    }

    @Test
    void readsAChunkedBody() throws IOException {
        String chunks = "3\r\nabc\r\n4;note=x\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n";

        assertThat(exchange("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
                .endsWith("seen abcdefg");
        assertThat(exchange("GET /d HTTP/1.1\r\n\r\n")).endsWith("seen ");
    }

    @Test
    void invitesABodyThatWaitsForThat() throws IOException {
        assertThat(exchange(
                        "PATCH /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                        "HTTP/1.1 100 Continue\r\n\r\n"))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(exchange("ok")).endsWith("seen ok");
    }

    @Test
    void endsTheConnectionWhenAsked() throws IOException {
        exchange("GET /f HTTP/1.1\r\nConnection: close\r\n\r\n");

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    private String exchange(String request) throws IOException {
        return exchange(request, null);
    }

    private String exchange(String request, @Nullable String until) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (!complete(text, until)) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static boolean complete(StringBuilder text, @Nullable String until) {
        if (until != null) {
            return text.toString().equals(until);
        }
        int end = text.indexOf("\r\n\r\n");
        int length = text.indexOf("Content-Length: ");
        if (end < 0 || length < 0) {
            return false;
        }
        int body = Integer.parseInt(text.substring(length + 16, text.indexOf("\r\n", length)));
        return text.length() == end + 4 + body;
    }
}
