package dev.offramp.operations.command;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.operations.RunningService;
import dev.offramp.testing.LedgerFixture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class CommandTests {

    private final RunningService service = RunningService.get();
    private final LedgerFixture ledger = service.ledger();
    private final String group = "group-" + UUID.randomUUID();

    @TempDir
    private Path elsewhere;

    @AfterEach
    void releaseBrakes() {
        ledger.jdbc().sql("delete from brake").update();
    }

    @Test
    void pullsShowsAndReleasesTheBrake() {
        assertThat(run("tenant-doubt").out()).isEqualToIgnoringNewLines("No source is in doubt.");
        assertThat(run("burst", "list").out())
                .isEqualToIgnoringNewLines("Nothing is on hold as the rest of what did not fit into a budget.");
        assertThat(run("brake").out()).isEqualToIgnoringNewLines("No brake is pulled.");

        var pulled = run("brake", "pull", "--source", "/contoso/billing", "--reason", "wrong list");
        assertThat(pulled.code()).isZero();
        assertThat(pulled.out()).contains("source /contoso/billing").contains("wrong list");
        assertThat(run("brake", "status").out()).contains("source /contoso/billing");

        assertThat(run("brake", "release", "--source", "/contoso/billing", "--reason", "right list")
                        .out())
                .contains("No brake is pulled.");
    }

    @Test
    void listsTheBudgets() {
        assertThat(run("budget", "list").out())
                .contains("BUDGET OF")
                .containsPattern("operation turn-off-auto-renew +5 +customers +24 h +\\d +\\d")
                .contains("Nobody has said or counted how many customers there are");
        assertThat(run("budget").code()).isEqualTo(2);
    }

    @Test
    void pullsTheBrakeOnEverythingWhenNothingIsNamed() {
        assertThat(run("brake", "pull", "--reason", "x").out()).contains("everything");
    }

    @Test
    void endsWithOneWhenTheServiceRefuses() {
        var refused = run("brake", "release", "--reason", "x");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("The brake on everything is not pulled, so there is nothing to release.");
        assertThat(run("batch", "show", "B-99999999").code()).isEqualTo(1);
    }

    @Test
    void endsWithTwoWhenTheCommandIsWrittenWrongly() {
        assertThat(Stream.of(
                        run("brake", "pull"),
                        run("brake", "pull", "--source", "a", "--operation", "b", "--reason", "x"),
                        run("brake", "pull", "--source", "a", "--group", "b", "--reason", "x"),
                        run("held"),
                        run("held", "reject", "--reason", "x"),
                        run("held", "reject", "--all", "--group", "g", "--reason", "x"),
                        run("batch"),
                        run("batch", "show"),
                        run("nonsense"),
                        run()))
                .allSatisfy(each -> {
                    assertThat(each.code()).isEqualTo(2);
                    assertThat(each.err()).isNotBlank();
                });
    }

    @Test
    void endsWithThreeWhenTheServiceDoesNotAnswer() {
        var noAnswer = run("brake", "--server", "http://127.0.0.1:1");
        assertThat(noAnswer.code()).isEqualTo(3);
        assertThat(noAnswer.err()).contains("Start it with 'offramp serve'");

        var noLogin = runIn(elsewhere, "brake");
        assertThat(noLogin.code()).isEqualTo(3);
        assertThat(noLogin.err())
                .contains("There is no log-in file " + elsewhere.resolve("login"))
                .contains("--home");
    }

    @Test
    void namesTheFileWhoseTokenIsNotAccepted() throws Exception {
        Files.writeString(
                elsewhere.resolve("login"),
                Files.readString(service.home().resolve("login"))
                        .replaceAll("\"token\" : \"[^\"]*", "\"token\" : \"another"));
        Files.setPosixFilePermissions(elsewhere.resolve("login"), PosixFilePermissions.fromString("rw-------"));

        var refused = runIn(elsewhere, "brake");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains(elsewhere.resolve("login").toString())
                .doesNotContain("another\"");
    }

    @Test
    void listsHeldRequests() {
        var held = held(2);

        var listed = run("held", "list", "--group", group);

        assertThat(listed.out())
                .contains("HELD FOR")
                .contains("budget-exceeded")
                .contains(held.getFirst().key().id())
                .contains("2 held requests match.");
        assertThat(run("held", "list", "--group", group, "--limit", "1").out())
                .contains("2 held requests match, the first 1 are shown.");
    }

    @Test
    void letsNoSenderWriteIntoTheTerminal() {
        var hostile = ledger.admit(unlink().of(customer(group)).inGroup(group + "\u001b[2J\nrelease\u202eall"));
        ledger.settle(hostile, resolution(Reason.BUDGET_EXCEEDED), null);

        var listed = run("held", "list", "--number", String.valueOf(hostile.number()));

        assertThat(listed.out())
                .contains(group + "\uFFFD[2J release\uFFFDall")
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
    }

    @Test
    void countsBeforeItRejects() {
        var held = held(3);

        var asked = run("held", "reject", "--group", group, "--reason", "wrong list");

        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).contains("3 held requests match. Nothing was rejected; say --expect 3");
        assertThat(held)
                .allSatisfy(each -> assertThat(ledger.read(each).status()).isEqualTo(Status.HELD));
    }

    @Test
    void rejectsAsManyAsExpected() {
        var held = held(3);

        var rejected = run("held", "reject", "--group", group, "--expect", "3", "--reason", "wrong list");

        assertThat(rejected.code()).isZero();
        assertThat(rejected.out()).contains("Rejected: 3.");
        assertThat(held)
                .allSatisfy(each -> assertThat(ledger.read(each).reason()).isEqualTo(Reason.REJECTED_BY_OPERATOR));
    }

    @Test
    void rejectsNothingWhenTheCountIsAnother() {
        held(2);

        var refused = run("held", "reject", "--group", group, "--expect", "3", "--reason", "wrong list");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("2 held requests match, not 3; nothing was rejected.");
    }

    @Test
    void rejectsWithoutANumberWhenToldYes() {
        held(2);

        assertThat(run("held", "reject", "--group", group, "--yes", "--reason", "wrong list")
                        .out())
                .contains("Rejected: 2.");
    }

    @Test
    void listsShowsAndRestartsABatch() {
        var batch = failedBatch();

        assertThat(run("batch", "list", "--state", "failed").out()).contains(batch.name());
        assertThat(run("batch", "show", batch.name()).out())
                .contains(": failed")
                .contains("retries-exhausted")
                .contains("  offramp batch restart " + batch.name());
        var restarted = run("batch", "restart", batch.name(), "--reason", "it answers again");
        assertThat(restarted.code()).isZero();
        assertThat(restarted.out()).contains(batch.name() + " is to be restarted with 1 unfinished request;");
        assertThat(ledger.ledger()
                        .batches()
                        .byNumber(batch.number())
                        .orElseThrow()
                        .restartAt())
                .isNotNull();
    }

    @Test
    void countsTheRequestsOfACompletedBatch() {
        var done = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var later = ledger.admit(unlink().of(customer(group + "b")).inGroup(group));
        var batch = ledger.claim();
        ledger.settle(done, done(Effect.CANCELLED), fence(batch));
        ledger.settle(later, deferred(Reason.CONFIRMING, ledger.now()), fence(batch));
        ledger.ledger().batches().end(fence(batch), State.COMPLETED, null, null, null, ledger.now());

        assertThat(run("batch", "show", batch.name()).out()).contains("Requests: 1 deferred, 1 succeeded");

        var next = ledger.claim();
        ledger.settle(later, done(Effect.UNLINKED), fence(next));

        assertThat(run("batch", "show", batch.name()).out())
                .contains("Requests: 1 succeeded, 1 went on in later batches");
        assertThat(run("batch", "show", next.name()).out()).contains("Requests: 1 succeeded");
    }

    @Test
    void printsTheAnswerAsJsonForMachines() {
        var batch = failedBatch();

        var shown = JsonMapper.builder()
                .build()
                .readTree(run("batch", "show", batch.name(), "--output", "json").out());

        assertThat(shown.path("batch").path("number").asLong()).isEqualTo(batch.number());
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        assertThat(Stream.of(
                        "--help",
                        "brake --help",
                        "brake pull --help",
                        "brake release --help",
                        "held list --help",
                        "held reject --help",
                        "batch list --help",
                        "batch show --help",
                        "batch restart --help",
                        "serve --help"))
                .allSatisfy(command -> {
                    var help = run(command.split(" "));
                    assertThat(help.code()).isZero();
                    assertThat(help.out()).contains("Example:").contains("  offramp ");
                });
        assertThat(run("--help").out()).contains("Exit codes").contains("3   the service did not answer");
        assertThat(run("--version").out()).startsWith("Offramp ");
    }

    private List<Request> held(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var request = ledger.admit(unlink().of(customer(group + i)).inGroup(group));
                    ledger.settle(request, resolution(Reason.BUDGET_EXCEEDED), null);
                    return ledger.read(request);
                })
                .toList();
    }

    private Batch failedBatch() {
        var request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.settle(request, resolution(Reason.RETRIES_EXHAUSTED), fence(batch));
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());
        return batch;
    }

    /** What a command printed, and how it ended. */
    private record Ran(int code, String out, String err) {}

    private Ran run(String... arguments) {
        return runIn(service.home(), arguments);
    }

    private static Ran runIn(Path home, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        boolean asksTheService = arguments.length > 0
                && List.of("brake", "budget", "burst", "held", "batch", "tenant-doubt", "recover-from-backup")
                        .contains(arguments[0])
                && Stream.of(arguments).noneMatch("--help"::equals)
                && !List.of(arguments).equals(List.of("held"))
                && !List.of(arguments).equals(List.of("batch"));
        var all = asksTheService
                ? Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
                        .toArray(String[]::new)
                : arguments;
        int code = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
        return new Ran(code, out.toString(), err.toString());
    }
}
