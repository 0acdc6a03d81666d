package dev.offramp.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A directory that gives out tokens as Microsoft Entra ID does, over HTTP: it takes each refresh token once, checks the
 * PKCE verifier, and says no as a test wants it.
 */
public final class FakeEntra implements AutoCloseable {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final String tenant;
    private final Set<String> refreshTokens = new HashSet<>();
    private final Map<String, String> challenges = new HashMap<>();
    private final Map<String, Boolean> devices = new HashMap<>();
    private final AtomicInteger serial = new AtomicInteger();
    private final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    private volatile String tokenTenant;
    private volatile String userTenant;
    private volatile List<String> methods = List.of("pwd", "mfa");
    private volatile @Nullable String refusal;
    private volatile boolean rotates = true;

    private FakeEntra(HttpServer server, String tenant) {
        this.server = server;
        this.tenant = tenant;
        tokenTenant = tenant;
        userTenant = tenant;
    }

    public static FakeEntra of(String tenant) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var entra = new FakeEntra(server, tenant);
            server.createContext("/" + tenant + "/oauth2/v2.0/token", entra::token);
            server.createContext("/" + tenant + "/oauth2/v2.0/authorize", entra::authorize);
            server.createContext("/" + tenant + "/oauth2/v2.0/devicecode", entra::device);
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.start();
            return entra;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A refresh token of a sign-in that somebody made elsewhere. */
    public synchronized FakeEntra knows(String refreshToken) {
        refreshTokens.add(refreshToken);
        return this;
    }

    /** Tokens are of this tenant from now on. */
    public FakeEntra issuesFor(String other) {
        tokenTenant = other;
        userTenant = other;
        return this;
    }

    /** Tokens of people are of this tenant from now on, those of the application as before. */
    public FakeEntra issuesUsersFor(String other) {
        userTenant = other;
        return this;
    }

    /** How whoever signs in proves it from now on. */
    public FakeEntra signsInBy(String... ways) {
        methods = List.of(ways);
        return this;
    }

    /** Gives no new refresh token from now on, so that each stays good. */
    public FakeEntra rotatesNothing() {
        rotates = false;
        return this;
    }

    /** Says no to all that is asked: error, number and words, e.g. {@code invalid_client 7000215 Invalid secret}. */
    public FakeEntra refuses(@Nullable String error) {
        refusal = error;
        return this;
    }

    /** The person has typed the code. */
    public synchronized void signInOnDevice() {
        devices.replaceAll((_, _) -> true);
    }

    /** What the token endpoint was sent. */
    public List<Map<String, String>> forms() {
        return forms;
    }

    public long asked(String grant) {
        return forms.stream()
                .filter(form -> grant.equals(form.get("grant_type")))
                .count();
    }

    /** What a browser does in which somebody signs in: follows the address to where it is sent. */
    public static int browse(URI address) {
        return send(address);
    }

    private static int send(URI address) {
        try (var http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        String said = refusal;
        String code = "code-" + serial.incrementAndGet();
        challenges.put(code, query.getOrDefault("code_challenge", ""));
        String answer = said == null ? "code=" + code : "error=access_denied&error_description=" + encoded(said);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        query.get("redirect_uri") + "/?" + answer + "&state="
                                + encoded(query.getOrDefault("state", "")));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private synchronized void device(HttpExchange exchange) throws IOException {
        String said = refusal;
        if (said != null) {
            refuse(exchange, said);
            return;
        }
        String code = "device-" + serial.incrementAndGet();
        devices.put(code, false);
        answer(
                exchange,
                200,
                "{\"device_code\":\"%s\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":1}"
                        .formatted(code));
    }

    private synchronized void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        forms.add(form);
        String said = refusal;
        if (said != null) {
            refuse(exchange, said);
            return;
        }
        switch (form.getOrDefault("grant_type", "")) {
            case "client_credentials" -> give(exchange, false, null);
            case "refresh_token" -> {
                String used = form.getOrDefault("refresh_token", "");
                boolean known = rotates ? refreshTokens.remove(used) : refreshTokens.contains(used);
                giveIf(known, exchange);
            }
            case "authorization_code" -> {
                String challenge = challenges.remove(form.getOrDefault("code", ""));
                giveIf(challenge != null && challenge.equals(sha256(form.getOrDefault("code_verifier", ""))), exchange);
            }
            case "urn:ietf:params:oauth:grant-type:device_code" -> {
                Boolean done = devices.get(form.getOrDefault("device_code", ""));
                if (Boolean.TRUE.equals(done)) {
                    giveIf(true, exchange);
                } else {
                    answer(
                            exchange,
                            400,
                            "{\"error\":\"%s\"}".formatted(done == null ? "expired_token" : "authorization_pending"));
                }
            }
            default -> refuse(exchange, "unsupported_grant_type 70003 The grant type is not supported.");
        }
    }

    private void giveIf(boolean good, HttpExchange exchange) throws IOException {
        if (!good) {
            refuse(exchange, "invalid_grant 70000 The token was used, revoked or never issued.");
            return;
        }
        String next = null;
        if (rotates || refreshTokens.isEmpty()) {
            next = "rt-%d-secret".formatted(serial.incrementAndGet());
            refreshTokens.add(next);
        }
        give(exchange, true, next);
    }

    private void give(HttpExchange exchange, boolean user, @Nullable String refreshToken) throws IOException {
        String claims = user
                ? "{\"tid\":\"%s\",\"upn\":\"admin.agent@partner.example\",\"amr\":[\"%s\"],\"jti\":\"%d\"}"
                        .formatted(userTenant, String.join("\",\"", methods), serial.incrementAndGet())
                : "{\"tid\":\"%s\",\"idtyp\":\"app\",\"jti\":\"%d\"}".formatted(tokenTenant, serial.incrementAndGet());
        String jwt = "e30." + URL.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".access-secret";
        answer(
                exchange,
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"%s\"%s}"
                        .formatted(
                                jwt, refreshToken == null ? "" : ",\"refresh_token\":\"%s\"".formatted(refreshToken)));
    }

    private static void refuse(HttpExchange exchange, String said) throws IOException {
        String[] words = said.split(" ", 3);
        answer(
                exchange,
                words[0].equals("invalid_client") ? 401 : 400,
                "{\"error\":\"%s\",\"error_description\":\"AADSTS%s: %s\",\"error_codes\":[%s]}"
                        .formatted(words[0], words[1], words[2], words[1]));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> form(@Nullable String text) {
        Map<String, String> form = new HashMap<>();
        for (String each : (text == null ? "" : text).split("&")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                form.put(
                        each.substring(0, equals),
                        URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        try {
            return URL.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
