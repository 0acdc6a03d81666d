package dev.offramp.operations;

import dev.offramp.Offramp;
import dev.offramp.testing.FakeEntra;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole service on a free port over H2 in memory, started once for all tests of the API and the command line. It
 * reads no topic and works on no batch, so that everything stays as a test has put it.
 */
public final class RunningService {

    public static final String TENANT = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path home;
    private final ConfigurableApplicationContext context;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final TokenIssuer issuer;

    private final FakeEntra entra;

    private RunningService(Path home, ConfigurableApplicationContext context, TokenIssuer issuer, FakeEntra entra) {
        this.entra = entra;
        this.home = home;
        this.context = context;
        this.issuer = issuer;
    }

    public static RunningService get() {
        return Shared.SERVICE;
    }

    public Path home() {
        return home;
    }

    /** The service's own ledger, to put something into it and to look. */
    public LedgerFixture ledger() {
        return LedgerFixture.over(context.getBean(DataSource.class));
    }

    <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    <T> Map<String, T> beans(Class<T> type) {
        return context.getBeansOfType(type);
    }

    /** Whose tokens the service takes. */
    TokenIssuer issuer() {
        return issuer;
    }

    /** Where the service gets its tokens for Partner Center. */
    public FakeEntra entra() {
        return entra;
    }

    LoginFile.Login login() {
        return LoginFile.in(home).read().orElseThrow();
    }

    Answer get(String path) {
        return ask("GET", path, null, "Bearer " + login().token());
    }

    Answer send(String method, String path, String body) {
        return ask(method, path, body, "Bearer " + login().token());
    }

    /** Puts bytes. */
    Answer octets(String path, String body) {
        return answer(HttpRequest.newBuilder(URI.create(login().server() + path))
                .header("Content-Type", "application/octet-stream")
                .header("Authorization", "Bearer " + login().token())
                .method("PUT", BodyPublishers.ofString(body)));
    }

    Answer ask(String method, String path, @Nullable String body, @Nullable String authorization) {
        var request = HttpRequest.newBuilder(URI.create(login().server() + path))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return answer(request);
    }

    private Answer answer(HttpRequest.Builder request) {
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What came back. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        JsonNode body() {
            return JSON.readTree(response.body());
        }

        String detail() {
            return body().path("detail").asString();
        }

        String contentType() {
            return response.headers().firstValue("Content-Type").orElse("");
        }
    }

    /** Holds the one service of this JVM; the class loader sees to it that it is started once. */
    private static final class Shared {

        private static final RunningService SERVICE = start();

        private static RunningService start() {
            try {
                Path home = Files.createTempDirectory("offramp-test").resolve("home");
                var issuer = TokenIssuer.start();
                var entra = FakeEntra.of(TENANT);
                var context = SpringApplication.run(
                        Offramp.class,
                        "--offramp.home=" + home,
                        "--offramp.partner-center.tenant-id=" + TENANT,
                        "--offramp.partner-center.client-id=6c2f1a5e-0d3b-4e57-9a88-2f4b7d9e1c30",
                        "--offramp.partner-center.client-secret=a-client-secret",
                        "--offramp.environment=sandbox",
                        "--offramp.mode=live",
                        "--offramp.request.sources[0].name=/contoso/billing",
                        "--offramp.request.sources[1].name=/contoso/desk",
                        "--offramp.partner-center.authority=" + entra.address(),
                        "--offramp.intake.enabled=false",
                        "--offramp.batch.enabled=false",
                        "--offramp.topics.create=false",
                        "--offramp.outcome.poll-interval=1h",
                        "--offramp.api.jwt.issuer=" + issuer.address(),
                        "--offramp.api.jwt.audience=" + TokenIssuer.AUDIENCE,
                        "--offramp.safety.four-eyes.above=100",
                        "--server.port=0",
                        "--spring.main.register-shutdown-hook=false",
                        "--spring.datasource.url=jdbc:h2:mem:operations;DB_CLOSE_DELAY=-1",
                        "--spring.kafka.bootstrap-servers=127.0.0.1:1");
                Runtime.getRuntime().addShutdownHook(new Thread(context::close, "test-service-stop"));
                return new RunningService(home, context, issuer, entra);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
