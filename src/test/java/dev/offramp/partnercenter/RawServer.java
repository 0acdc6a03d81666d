package dev.offramp.partnercenter;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A server that answers each request with the bytes that the test wrote, or breaks off where the test says so. */
final class RawServer implements AutoCloseable {

    private final ServerSocket socket;
    private final Deque<Answerer> script = new ConcurrentLinkedDeque<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final CountDownLatch closed = new CountDownLatch(1);
    /** Every request that arrived, in order. */
    final List<Request> requests = new CopyOnWriteArrayList<>();

    RawServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Writes an answer, all of it or not. */
    interface Answerer {
        void answer(Socket socket) throws IOException;
    }

    record Request(String method, String path, Map<String, String> headers, String body) {}

    URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    RawServer then(Answerer answerer) {
        script.add(answerer);
        return this;
    }

    RawServer thenAnswers(int status, String headers, String body) {
        return then(whole(status, headers, body));
    }

    /** Takes back the answers that nobody has fetched. */
    void forgetTheRest() {
        script.clear();
    }

    static Answerer whole(int status, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n%s\r\n".formatted(status, bytes.length, headers);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(bytes);
        // One write: the second of two would wait for the other side's delayed acknowledgement.
        return socket -> {
            socket.getOutputStream().write(whole.toByteArray());
            socket.getOutputStream().flush();
        };
    }

    /** Only the beginning of an answer, then the end of the connection. */
    static Answerer cutOff(String beginning) {
        return socket -> {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.close();
        };
    }

    /** The beginning of an answer, then nothing until the server is closed. */
    Answerer stuckAfter(String beginning) {
        return socket -> {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            Request request = read(in);
            while (request != null) {
                requests.add(request);
                Answerer answerer = script.poll();
                if (answerer == null) {
                    return;
                }
                answerer.answer(connection);
                request = read(in);
            }
        } catch (IOException e) {
            // The client went away, or the script cut the line.
        }
    }

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null || first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String line = line(in);
        while (line != null && !line.isEmpty()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
            line = line(in);
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] parts = first.split(" ");
        return new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
            }
            line.write(next);
        }
        return null;
    }

    List<String> paths() {
        List<String> paths = new ArrayList<>();
        requests.forEach(request -> paths.add(request.method() + " " + request.path()));
        return paths;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
