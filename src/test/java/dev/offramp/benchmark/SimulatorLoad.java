package dev.offramp.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers over kept-alive connections that cost as little as possible themselves. */
final class SimulatorLoad {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TENANT = "0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b";
    private static final int KEPT = 200_000;

    private SimulatorLoad() {}

    /** What came of asking for a while. */
    record Asked(long answered, long failures, double seconds, long[] nanos) {

        double millis(double share) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, nanos.length * share)] / 1e6;
        }
    }

    /** The ids of all customers, read page by page as a client would. */
    static List<String> customers(URI address) throws IOException {
        List<String> ids = new ArrayList<>();
        try (var connection = new Connection(address, token(address))) {
            String token = "";
            do {
                var page = JSON.readTree(connection.get(
                        "/v1/customers?size=500" + (token.isEmpty() ? "" : "&seekOperation=next"),
                        token.isEmpty() ? "" : "MS-ContinuationToken: " + token + "\r\n"));
                page.path("items").forEach(item -> ids.add(item.path("id").asString()));
                token = page.path("continuationToken").asString("");
            } while (!token.isEmpty());
        }
        return ids;
    }

    /** Single customers, lists of subscriptions, and single subscriptions, as a run would read them. */
    static List<String> paths(URI address, List<String> some, List<String> all) throws IOException {
        List<String> paths = new ArrayList<>();
        try (var connection = new Connection(address, token(address))) {
            for (String customer : some) {
                String list = "/v1/customers/" + customer + "/subscriptions";
                JsonNode items = JSON.readTree(connection.get(list, "")).path("items");
                items.forEach(item -> paths.add(list + "/" + item.path("id").asString()));
                paths.add(list);
            }
        }
        all.forEach(customer -> paths.add("/v1/customers/" + customer));
        all.forEach(customer -> paths.add("/v1/customers/" + customer + "/subscriptions"));
        return paths;
    }

    static Asked ask(URI address, List<String> paths, int connections, Duration time) throws IOException {
        var token = token(address);
        var end = System.nanoTime() + time.toNanos();
        var began = System.nanoTime();
        List<Future<Asked>> parts = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            for (var n = 0; n < connections; n++) {
                var seed = n;
                parts.add(threads.submit(() -> ask(address, token, paths, seed, end)));
            }
        }
        long answered = 0;
        long failures = 0;
        List<long[]> all = new ArrayList<>();
        for (Future<Asked> part : parts) {
            answered += part.resultNow().answered();
            failures += part.resultNow().failures();
            all.add(part.resultNow().nanos());
        }
        var nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Asked(answered, failures, (System.nanoTime() - began) / 1e9, nanos);
    }

    private static Asked ask(URI address, String token, List<String> paths, int seed, long end) {
        var random = new SplittableRandom(seed);
        var nanos = new long[KEPT];
        var answered = 0;
        long failures = 0;
        try (var connection = new Connection(address, token)) {
            while (System.nanoTime() < end) {
                var began = System.nanoTime();
                if (connection.get(paths.get(random.nextInt(paths.size())), "") == null) {
                    failures++;
                }
                nanos[answered++ % KEPT] = System.nanoTime() - began;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Asked(answered, failures, 0, Arrays.copyOf(nanos, Math.min(answered, KEPT)));
    }

    private static String token(URI address) throws IOException {
        try (var connection = new Connection(address, "")) {
            var form = "grant_type=client_credentials&client_id=bench&client_secret=bench"
                    + "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";
            return JSON.readTree(connection.send("POST /" + TENANT + "/oauth2/v2.0/token HTTP/1.1\r\nContent-Length: "
                            + form.length() + "\r\n\r\n" + form))
                    .path("access_token")
                    .asString();
        }
    }

    /** One kept-alive connection. */
    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final String authorization;

        private Connection(URI address, String token) throws IOException {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            authorization = "Authorization: Bearer " + token + "\r\n";
        }

        /** The body, or nothing when the status is not 200. */
        private byte @Nullable [] get(String path, String headers) throws IOException {
            return send("GET " + path + " HTTP/1.1\r\nHost: simulator\r\n" + authorization + headers + "\r\n");
        }

        private byte @Nullable [] send(String request) throws IOException {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var status = line();
            var length = 0;
            for (var header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            var body = in.readNBytes(length);
            return status.startsWith("HTTP/1.1 200") ? body : null;
        }

        private String line() throws IOException {
            var line = new StringBuilder(96);
            for (var b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the connection ended");
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
