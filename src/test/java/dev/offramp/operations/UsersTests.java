package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Local users over HTTP Basic. */
@ExtendWith(OutputCaptureExtension.class)
class UsersTests {

    private static final String PASSWORD = "correct horse battery";

    private final RunningService service = RunningService.get();
    private final String name = "u" + UUID.randomUUID();

    @AfterEach
    void deleteTheUser() {
        service.send("DELETE", "/api/v1/users/" + name, "{\"reason\":\"test\"}");
    }

    @Test
    void letsAUserDoWhatItsRolesSayUntilItIsDeleted() {
        assertThat(put("[\"viewer\",\"requester\"]", PASSWORD).status()).isEqualTo(200);

        assertThat(as(name, PASSWORD, "GET", "/api/v1/me", null).response().body())
                .isEqualTo("{\"name\":\"%s\",\"roles\":[\"requester\",\"viewer\"],\"sources\":[\"/contoso/billing\"]}"
                        .formatted(name));
        assertThat(as(name, PASSWORD, "PUT", "/api/v1/brakes/all", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);

        put("[\"operator\"]", null);
        var pulled = as(name, PASSWORD, "PUT", "/api/v1/brakes/source?name=y", "{\"reason\":\"x\",\"by\":\"boss\"}");
        service.send("DELETE", "/api/v1/brakes/source?name=y", "{\"reason\":\"x\"}");
        assertThat(pulled.body().path("brakes"))
                .anySatisfy(each -> assertThat(each.path("by").asString()).isEqualTo(name));

        service.send("DELETE", "/api/v1/users/" + name, "{\"reason\":\"left\"}");
        assertThat(as(name, PASSWORD, "GET", "/api/v1/me", null).status()).isEqualTo(401);
    }

    @Test
    void letsAUserChangeTheOwnPassword() {
        put("[]", PASSWORD);

        var changed = as(
                name, PASSWORD, "PUT", "/api/v1/me/password", "{\"password\":\"another secret\",\"reason\":\"old\"}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(as(name, PASSWORD, "GET", "/api/v1/me", null).status()).isEqualTo(401);
        assertThat(as(name, "another secret", "GET", "/api/v1/me", null).status())
                .isEqualTo(200);
        assertThat(service.send("PUT", "/api/v1/me/password", "{\"password\":\"another secret\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void keepsTheFirstPasswordInAFileForItsOwnerOnlyUntilItIsChanged() throws Exception {
        Path file = service.home().resolve("first-password");
        var wasThere = Files.exists(file);
        assertThat(wasThere).as("another test has changed it").isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String first = Files.readString(file).strip();
        assertThat(as("admin", first, "GET", "/api/v1/users", null).status()).isEqualTo(200);

        as("admin", first, "PUT", "/api/v1/me/password", "{\"password\":\"%s\",\"reason\":\"x\"}".formatted(PASSWORD));

        assertThat(file).doesNotExist();
        assertThat(as("admin", first, "GET", "/api/v1/users", null).status()).isEqualTo(401);
        assertThat(as("admin", PASSWORD, "GET", "/api/v1/users", null).status()).isEqualTo(200);
    }

    @Test
    void keepsTheLastAdministrator() {
        var deleted = service.send("DELETE", "/api/v1/users/admin", "{\"reason\":\"x\"}");
        var demoted = service.send("PUT", "/api/v1/users/admin", "{\"roles\":[\"viewer\"],\"reason\":\"x\"}");

        assertThat(deleted.status()).isEqualTo(409);
        assertThat(deleted.detail()).isEqualTo("admin is the last administrator; make another one first.");
        assertThat(demoted.status()).isEqualTo(409);
    }

    @Test
    void saysWhatIsWrongWithAUser() {
        assertThat(put("[\"king\"]", PASSWORD).detail()).contains("requester, viewer");
        assertThat(put("[]", null).detail()).contains("is a new user");
        assertThat(put("[]", "short").detail()).contains("at least 12").doesNotContain("short");
        assertThat(put("[]", "x".repeat(73)).detail()).contains("at most 72");
        assertThat(service.send("PUT", "/api/v1/users/Jane%20Doe", "{\"roles\":[],\"reason\":\"x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(service.send(
                                "PUT",
                                "/api/v1/users/" + name,
                                "{\"roles\":[],\"password\":\"%s\"}".formatted(PASSWORD))
                        .detail())
                .contains("reason");
        assertThat(service.send("DELETE", "/api/v1/users/" + name, "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void makesGuessingSlowAndTellsAboutIt(CapturedOutput log) {
        put("[]", PASSWORD);

        for (int i = 0; i < 5; i++) {
            assertThat(as(name, "guess number %d".formatted(i), "GET", "/api/v1/me", null)
                            .status())
                    .isEqualTo(401);
        }
        var sixth = as(name, PASSWORD, "GET", "/api/v1/me", null);

        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.response().headers().firstValue("Retry-After")).isPresent();
        assertThat(log.getAll())
                .contains("There were 5 wrong passwords in a row for user " + name)
                .doesNotContain("guess number");
    }

    @Test
    void writesNoPasswordIntoLogOrAnswer(CapturedOutput log) {
        var made = put("[\"viewer\"]", PASSWORD);
        var broken = service.send("PUT", "/api/v1/users/" + name, "{\"password\":\"%s\",".formatted(PASSWORD));
        var list = service.get("/api/v1/users");

        assertThat(made.response().body()
                        + broken.response().body()
                        + list.response().body()
                        + log.getAll())
                .doesNotContain(PASSWORD)
                .doesNotContain("bcrypt");
        assertThat(new UsersApi.UserBody(null, null, PASSWORD, null, null).toString())
                .doesNotContain(PASSWORD);
        assertThat(new MeApi.PasswordBody(PASSWORD, null).toString()).doesNotContain(PASSWORD);
        assertThat(new dev.offramp.operations.access.Password(PASSWORD).toString())
                .doesNotContain(PASSWORD);
    }

    private RunningService.Answer put(String roles, String password) {
        return service.send(
                "PUT",
                "/api/v1/users/" + name,
                "{\"roles\":%s,\"sources\":[\"/contoso/billing\"],%s\"reason\":\"test\"}"
                        .formatted(roles, password == null ? "" : "\"password\":\"%s\",".formatted(password)));
    }

    private RunningService.Answer as(String user, String password, String method, String path, String body) {
        return service.ask(
                method,
                path,
                body,
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }
}
