package dev.offramp.partnercenter;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Sends one request and reads one answer, within one deadline that covers connection, headers and body. Nothing is
 * repeated here: the JDK's client sends a request a second time only when it is a GET, or when no connection was made.
 */
final class Wire {

    /** The longest list of subscriptions that we can think of is far below this. */
    static final int LARGEST_RESOURCE = 4 * 1024 * 1024;

    static final int LARGEST_ERROR = 64 * 1024;

    private static final String LOOK = Wire.class.getName() + ".look";

    private final RestClient rest;
    private final Duration deadline;

    Wire(Duration connectTimeout, Duration deadline) {
        this.deadline = deadline;
        HttpClient http = HttpClient.newBuilder()
                // HTTP/2 fails above the server's stream limit instead of queueing.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
        // Covers the whole exchange: Spring closes the body, too, when the time is over.
        factory.setReadTimeout(deadline);
        // The headers of a call are the documented ones, and an answer is no larger than it seems.
        factory.enableCompression(false);
        rest = RestClient.builder()
                .requestFactory(factory)
                .requestInterceptor((request, body, execution) -> {
                    if (request.getAttributes().get(LOOK) instanceof LastLook look) {
                        look.look().ifPresent(withheld -> {
                            throw new HeldBack(withheld);
                        });
                    }
                    return execution.execute(request, body);
                })
                .build();
    }

    /** Asked when the request is ready and nothing but sending is left to do. */
    interface LastLook extends Supplier<Optional<Heard.Withheld>> {
        default Optional<Heard.Withheld> look() {
            return get();
        }
    }

    Heard send(HttpMethod method, URI uri, HttpHeaders headers, byte @Nullable [] body, LastLook look) {
        long begun = System.nanoTime();
        try {
            RestClient.RequestBodySpec request = rest.method(method)
                    .uri(uri)
                    .headers(all -> all.addAll(headers))
                    .attribute(LOOK, look);
            if (body != null) {
                request.body(body);
            }
            Heard heard = request.exchangeForRequiredValue((sent, response) -> read(response));
            // A body that was closed at the deadline can look like one that ended.
            return System.nanoTime() - begun < deadline.toNanos()
                    ? heard
                    : new Heard.Silence("no whole answer within " + deadline, false);
        } catch (HeldBack back) {
            return back.withheld;
        } catch (ResourceAccessException e) {
            return new Heard.Silence(words(e), neverLeft(e));
        }
    }

    private static Heard read(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        Map<String, String> headers = new HashMap<>();
        response.getHeaders().forEach((name, values) -> {
            if (!values.isEmpty()) {
                headers.putIfAbsent(name.toLowerCase(Locale.ROOT), values.getFirst());
            }
        });
        try (InputStream in = response.getBody()) {
            boolean error = status >= 300;
            int limit = error ? LARGEST_ERROR : LARGEST_RESOURCE;
            byte[] bytes = in.readNBytes(limit + 1);
            if (error) {
                return new Heard.Response(status, headers, withoutMark(new String(bytes, StandardCharsets.UTF_8)));
            }
            return new Heard.Response(status, headers, bytes.length > limit ? null : strict(bytes));
        } catch (IOException e) {
            return new Heard.Silence("the answer with status %d broke off: %s".formatted(status, words(e)), false);
        }
    }

    private static @Nullable String strict(byte[] bytes) {
        try {
            return withoutMark(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /**
     * Only when no connection came about is it certain that nothing left. The JDK says "request timed out" when the time
     * to connect was over at the moment in which the connection came about, and names the connection as the cause of that.
     */
    static boolean neverLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
                return false;
            }
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static String words(Throwable failure) {
        Throwable cause =
                failure instanceof ResourceAccessException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }

    /** Carries a refusal out of the interceptor; nothing has left. */
    private static final class HeldBack extends RuntimeException {
        private final transient Heard.Withheld withheld;

        HeldBack(Heard.Withheld withheld) {
            super(withheld.words(), null, false, false);
            this.withheld = withheld;
        }
    }
}
