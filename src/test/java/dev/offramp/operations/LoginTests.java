package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class LoginTests {

    private static final URI ADDRESS = URI.create("http://127.0.0.1:8080");

    private final RunningService service = RunningService.get();

    @TempDir
    private Path home;

    @Test
    void answersNothingButHealthWithoutTheLogin() {
        var mapped = service
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(each -> each.getPatternValues().stream())
                .map(each -> each.replaceAll("\\{[^}]*}", "1"));
        var others = Stream.of(
                "/",
                "/.well-known/oauth-protected-resource",
                "/error",
                "/actuator",
                "/actuator/env",
                "/actuator/health/db",
                "/api/v1",
                "/none");

        assertThat(Stream.concat(mapped, others).distinct())
                .hasSizeGreaterThan(15)
                .allSatisfy(path -> Stream.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
                        .forEach(method -> {
                            var answer = service.ask(method, path, null, null);
                            assertThat(answer.status()).as(method + " " + path).isEqualTo(401);
                            assertThat(answer.contentType()).startsWith("application/problem+json");
                            assertThat(answer.detail()).contains("'login'");
                        }));
    }

    @Test
    void tellsEverybodyHowItIs() {
        assertThat(Stream.of("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"))
                .allSatisfy(path -> {
                    var answer = service.ask("GET", path, null, null);
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body().path("status").asString()).isEqualTo("UP");
                    assertThat(answer.body().has("components")).isFalse();
                });
    }

    @Test
    void refusesAWrongToken() {
        String right = service.login().token();

        assertThat(Stream.of(
                        "Bearer " + right + "x",
                        "Bearer " + right.substring(1),
                        "Bearer ",
                        "Bearer",
                        "Basic " + right,
                        right))
                .allSatisfy(wrong -> assertThat(service.ask("GET", "/api/v1/brakes", null, wrong)
                                .status())
                        .isEqualTo(401));
        assertThat(service.ask("GET", "/api/v1/brakes", null, "bearer " + right).status())
                .isEqualTo(200);
    }

    @Test
    void keepsNoSession() {
        assertThat(service.get("/api/v1/brakes").response().headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void findsTheFileForItsOwnerOnlyWithThePortThatTheServiceGot() throws Exception {
        Path file = service.home().resolve("login");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(service.login().server().getPort()).isPositive();
    }

    @Test
    void keepsTheTokenOverLaterStarts() {
        ServiceLogin.open(LoginFile.in(home), ADDRESS);
        var first = LoginFile.in(home).read().orElseThrow();

        var later = ServiceLogin.open(LoginFile.in(home), URI.create("http://127.0.0.1:9090"));
        later.answersAt(URI.create("http://127.0.0.1:9090"));

        var second = LoginFile.in(home).read().orElseThrow();
        assertThat(second.token()).isEqualTo(first.token());
        assertThat(second.server()).hasPort(9090);
        assertThat(home).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void makesATokenThatNobodyGuesses() {
        ServiceLogin.open(LoginFile.in(home), ADDRESS);
        var token = LoginFile.in(home).read().orElseThrow().token();

        assertThat(token)
                .hasSizeGreaterThanOrEqualTo(43)
                .isNotEqualTo(service.login().token());
    }

    @Test
    void stopsWhenOthersMayReadTheFile() throws Exception {
        ServiceLogin.open(LoginFile.in(home), ADDRESS);
        Files.setPosixFilePermissions(home.resolve("login"), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> ServiceLogin.open(LoginFile.in(home), ADDRESS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void saysThatADamagedFileIsDamagedWithoutQuotingIt() throws Exception {
        Files.writeString(home.resolve("login"), "{\"token\": \"secret-thing");

        assertThatThrownBy(() -> LoginFile.in(home).read())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is damaged")
                .hasMessageNotContaining("secret-thing")
                .hasNoCause();
    }

    @Test
    void neverPrintsTheToken() {
        assertThat(service.login().toString()).doesNotContain(service.login().token());
    }
}
