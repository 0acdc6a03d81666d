package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.RunningService;
import dev.offramp.operations.command.Typed.Ran;
import dev.offramp.testing.FakeEntra;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A person signs in through the command, the real service, and a directory that answers over HTTP. */
@ExtendWith(OutputCaptureExtension.class)
class LoginCommandTests {

    private final RunningService service = RunningService.get();
    private final FakeEntra entra = service.entra();
    private final String unique = UUID.randomUUID().toString();
    private final List<URI> opened = new ArrayList<>();
    private final Typed typed = new Typed().browsing(address -> {
        opened.add(address);
        Thread.ofVirtual().start(() -> FakeEntra.browse(address));
        return true;
    });

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        entra.refuses(null).signsInBy("pwd", "mfa").issuesFor(RunningService.TENANT);
    }

    @Test
    void signsInWithTheBrowser(CapturedOutput output) {
        typed.whilePausing(this::letTheBrowserWork);

        var ran = login();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Signed in as admin.agent@partner.example; the service keeps it, encrypted");
        assertThat(opened)
                .singleElement()
                .asString()
                .startsWith(entra.address() + "/" + RunningService.TENANT + "/oauth2/v2.0/authorize?")
                .contains("code_challenge_method=S256")
                .contains("redirect_uri=http%3A%2F%2Flocalhost%3A");
        assertThat(entra.forms().getLast())
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("client_secret", "a-client-secret");
        assertThat(run("sign-in").out()).contains("User: usable, admin.agent@partner.example, second factor: yes");
        assertThat(run("audit", "list", "--limit", "5").out())
                .contains("signed in to Partner Center")
                .contains(unique);
        assertThat(output.getAll() + ran.out() + ran.err() + audit())
                .doesNotContain(entra.forms().getLast().get("code"))
                .doesNotContain(entra.forms().getLast().get("code_verifier"))
                .doesNotContain("-secret");
    }

    @Test
    void takesNoAnswerThatCarriesAnotherState() {
        typed.browsing(address -> {
            URI strange = URI.create(address.toString().replaceFirst("state=[^&]*", "state=guessed"));
            assertThat(FakeEntra.browse(strange)).isEqualTo(400);
            return true;
        });

        var ran = login("--within", "1");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("Nobody has signed in within 1 minutes; nothing was changed.");
    }

    @Test
    void saysWhyThePersonWasNotLetIn() {
        entra.refuses("the person has said no");
        typed.whilePausing(this::letTheBrowserWork);

        var ran = login();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("Microsoft Entra did not let the person sign in (access_denied): the person has said no");
    }

    @Test
    void signsInWithACodeOnAnotherDevice() {
        typed.whilePausing(() -> {
            if (entra.forms().getLast().containsKey("device_code")) {
                entra.signInOnDevice();
            }
        });

        var ran = login("--device-code");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains("Open https://microsoft.com/devicelogin on any device and type the code ABCD-EFGH");
        assertThat(ran.out()).contains("Signed in as admin.agent@partner.example");
        assertThat(audit()).contains("with a device code; admin.agent@partner.example, second factor: yes");
    }

    @Test
    void saysWhenTheDirectoryAllowsNoDeviceCodes() {
        entra.refuses("invalid_request 50199 Device code flow is blocked.");

        var ran = login("--device-code");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("where the directory allows no device codes, sign in with the browser: bin/offramp login");
    }

    @Test
    void takesATokenOverOnceAndNotAgain() throws IOException {
        String token = "imported-" + unique;
        entra.knows(token);
        var file = Files.writeString(folder.resolve("token.txt"), token + "\n").toString();

        var ran = login("--import", file);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Signed in as admin.agent@partner.example");

        var again = login("--import", file);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("This token was handed over before");
        assertThat(ran.out() + ran.err() + again.out() + again.err() + audit()).doesNotContain(token);
    }

    @Test
    void asksForATokenAtTheTerminal() {
        String token = "typed-" + unique;
        entra.knows(token);

        var ran = new Typed().answering(token).run(at("login", "--import", "-", "--reason", unique));

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out() + ran.err()).doesNotContain(token);
    }

    @Test
    void takesNoSignInOfAnotherTenantAndKeepsTheOldOne() throws IOException {
        entra.knows("ours-" + unique);
        login(
                "--import",
                Files.writeString(folder.resolve("ours"), "ours-" + unique).toString());
        entra.knows("strange-" + unique).issuesFor("11111111-1111-4111-8111-111111111111");

        var ran = login(
                "--import",
                Files.writeString(folder.resolve("strange"), "strange-" + unique)
                        .toString());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("This sign-in belongs to tenant 11111111-1111-4111-8111-111111111111");
        assertThat(run("sign-in").out()).contains("User: usable");
    }

    @Test
    void tellsWhatIsWrittenWrongly() throws IOException {
        assertThat(run("login").err()).contains("--reason");
        assertThat(login("--within", "0").code()).isEqualTo(2);
        assertThat(login("--import", folder.resolve("none").toString()).err()).contains("cannot be read");
        assertThat(login(
                                "--import",
                                Files.writeString(folder.resolve("two"), "two words")
                                        .toString())
                        .err())
                .contains("one word without blanks");
        assertThat(login("--import", "-", "--device-code").code()).isEqualTo(2);
    }

    /** Time that passes in the command passes for the browser too. */
    private void letTheBrowserWork() {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    private String audit() {
        return run("audit", "list", "--limit", "5", "--output", "json").out();
    }

    private Ran login(String... words) {
        var all = new ArrayList<>(List.of("login", "--reason", unique));
        all.addAll(List.of(words));
        return run(all.toArray(String[]::new));
    }

    private Ran run(String... words) {
        return typed.run(at(words));
    }

    private String[] at(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", service.home().toString()));
        return all.toArray(String[]::new);
    }
}
