package dev.offramp.partnercenter;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries MSAL's requests over the JDK's client, with timeouts, which MSAL's own has not, and keeps the last body for
 * what MSAL does not hand out. One object serves one sign-in.
 */
final class TokenHttp implements IHttpClient {

    private static final int LARGEST = 1024 * 1024;
    /** The JDK's client sets these itself and refuses to be told. */
    private static final Set<String> ITS_OWN = Set.of("content-length", "host", "connection", "expect", "upgrade");

    private final URI authority;
    private final Duration deadline;
    private final HttpClient http;
    private volatile String lastBody = "";

    TokenHttp(URI authority, Duration connectTimeout, Duration deadline, Executor threads) {
        this.authority = authority;
        this.deadline = deadline;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(threads)
                .build();
    }

    String lastBody() {
        return lastBody;
    }

    @Override
    public IHttpResponse send(HttpRequest request) throws IOException, InterruptedException, URISyntaxException {
        var handler = BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST);
        CompletableFuture<java.net.http.HttpResponse<String>> future = http.sendAsync(translated(request), handler);
        try {
            java.net.http.HttpResponse<String> answer = future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            lastBody = answer.body();
            HttpResponse response =
                    new HttpResponse().statusCode(answer.statusCode()).body(answer.body());
            response.addHeaders(answer.headers().map());
            return response;
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new HttpTimeoutException("no whole answer from the token endpoint within " + deadline);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        }
    }

    private java.net.http.HttpRequest translated(HttpRequest request) throws URISyntaxException {
        var builder =
                java.net.http.HttpRequest.newBuilder(rewritten(request.url().toURI()));
        if (request.headers() != null) {
            for (Map.Entry<String, String> header : request.headers().entrySet()) {
                if (!ITS_OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                    builder.setHeader(header.getKey(), header.getValue());
                }
            }
        }
        String body = request.body() == null ? "" : request.body();
        return switch (request.httpMethod()) {
            case GET -> builder.GET().build();
            default ->
                builder.method(request.httpMethod().methodName, java.net.http.HttpRequest.BodyPublishers.ofString(body))
                        .build();
        };
    }

    private URI rewritten(URI asked) throws URISyntaxException {
        if (!"http".equals(authority.getScheme())) {
            return asked;
        }
        return new URI(
                authority.getScheme(),
                null,
                authority.getHost(),
                authority.getPort(),
                asked.getPath(),
                asked.getQuery(),
                null);
    }
}
