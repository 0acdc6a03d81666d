package dev.offramp.operations.command;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Batch.State;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.operations.RunningService;
import dev.offramp.operations.command.Typed.Ran;
import dev.offramp.testing.LedgerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the real service mean the same things. */
class ContractTests {

    private final RunningService service = RunningService.get();
    private final LedgerFixture ledger = service.ledger();
    private final String unique = UUID.randomUUID().toString();
    private final Typed typed = new Typed();

    @TempDir
    private Path folder;

    @Test
    void handsInAFileAndShowsWhatBecameOfIt() throws IOException {
        var file = Files.writeString(
                folder.resolve("list.csv"), "customerId,subscriptionId\n" + rows(30) + "not-a-guid,x\n");

        var ran = run("run", "cancel-subscriptions", "--name", unique, "--file", file.toString(), "--detach");

        assertThat(ran.code()).as(ran.err()).isEqualTo(4);
        assertThat(ran.out()).contains("Lines: 30 new, 1 bad.").contains("Requests: 30; 30 ready.");
        assertThat(folder.resolve("list.csv.rejected")).content().contains("not-a-guid");

        String number = ran.out().replaceFirst("(?s)Run (\\d+),.*", "$1");
        assertThat(run("runs", "list", "--limit", "5").out()).contains(unique);
        assertThat(run("runs", "show", number).out()).contains("Run " + number + ", " + unique);
        assertThat(run("request", "list", "--run", number, "--limit", "1").out())
                .contains("There are more");
        assertThat(run("request", "list", "--run", number, "--all").out().lines())
                .hasSize(31);
        assertThat(run(
                                "runs",
                                "rejected",
                                number,
                                "--to",
                                folder.resolve("again").toString())
                        .code())
                .isZero();
        assertThat(folder.resolve("again")).hasSameTextualContentAs(folder.resolve("list.csv.rejected"));
    }

    @Test
    void attachesToTheSameRunAgain() throws IOException {
        var file = Files.writeString(folder.resolve("list.csv"), "customerId,subscriptionId\n" + rows(2));
        var first = run("run", "cancel-subscriptions", "--name", unique, "--file", file.toString(), "--detach");

        var again = run("run", "cancel-subscriptions", "--name", unique, "--file", file.toString(), "--detach");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(again.out()).isEqualTo(first.out());
    }

    @Test
    void saysThatAFileIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("list.csv"), "customerId,subscripionId\na,b\n");

        var ran = run("run", "cancel-subscriptions", "--name", unique, "--file", file.toString());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("refused").contains("nearest known one is 'subscriptionId'");
    }

    @Test
    void releasesHeldRequestsAfterAsking() {
        var held = ledger.admit(cancel().of(customer(unique)).inGroup(unique));
        ledger.settle(held, resolution(Reason.BUDGET_EXCEEDED), null);

        var ran = typed.answering("y").run(at("held", "release", "--group", unique, "--reason", "checked"));

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(typed.questions()).containsExactly("1 held request matches. Release them?");
        assertThat(ran.out()).contains("Released: 1.");
    }

    @Test
    void tellsTheStoryOfARequestAndWithdrawsIt() {
        var request = ledger.admit(cancel().of(customer(unique)).inGroup(unique));
        String number = String.valueOf(request.number());

        assertThat(run("request", "withdraw", number, "--reason", "the customer stays")
                        .out())
                .contains("Request " + number + " is withdrawn: by-operator");
        assertThat(run("request", "show", number).out())
                .contains("Request " + number + ": cancel-subscription of customer "
                        + customer(unique).value())
                .contains("the customer stays")
                .contains("offramp request resubmit " + number);
        assertThat(run("audit", "list", "--limit", "5").out()).contains("the customer stays");
    }

    @Test
    void provesARequestByItsNumberOrByItsSourceAndId() throws IOException {
        var request = ledger.admit(cancel().of(customer(unique)).inGroup(unique).as(unique));
        var batch = ledger.claim();
        var sent = ledger.sendTry(request, batch, "{\"status\":\"active\"}");
        ledger.reply(sent, ReplyKind.DONE);
        ledger.settle(request, done(Effect.CANCELLED), fence(batch));
        String number = String.valueOf(request.number());
        var file = folder.resolve("evidence.json");

        assertThat(run("evidence", number).out())
                .contains("Request " + number + ": cancel-subscription of customer "
                        + customer(unique).value())
                .contains("before: {\"status\":\"active\"}")
                .contains("MS-RequestId " + sent.msRequestId())
                .contains("done  HTTP 200");
        assertThat(run("evidence", "--source", request.key().source(), "--id", unique, "--file", file.toString())
                        .out())
                .isEqualTo("The evidence was written to %s.\n".formatted(file));
        assertThat(file).content().contains(sent.msCorrelationId().toString());
        assertThat(run("evidence", "--source", "/contoso/nobody", "--id", unique)
                        .err())
                .contains("There is no request " + unique + " of /contoso/nobody.");
        assertThat(run("evidence", number, "--id", unique).code()).isEqualTo(2);
        assertThat(run("evidence", "--id", unique).code()).isEqualTo(2);
    }

    @Test
    void restartsBatchesOfOneCauseTogether() {
        ledger.admit(cancel().of(customer(unique)).inGroup(unique));
        var batch = ledger.claim();
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());

        assertThat(run("batch", "abandon", batch.name(), "--reason", "tonight").out())
                .contains(batch.name() + " is abandoned");
        assertThat(run("batch", "stop", batch.name(), "--reason", "x").code()).isEqualTo(1);
        assertThat(run("batch", "restart", "--all", "--stop-reason", "sign-in", "--reason", "x")
                        .err())
                .contains("0 batches match. Nothing was restarted.");
        assertThat(run("execution", "list").code()).isZero();
        assertThat(run("execution", "show", "99999999").code()).isEqualTo(1);
    }

    @Test
    void addsChangesAndRemovesAUserWhoLogsIn() throws IOException {
        String name = "u" + unique.substring(0, 8);
        var password = Files.writeString(folder.resolve("password"), "correct-horse-battery\n");

        var added =
                run("user", "add", name, "--role", "viewer", "--password-file", password.toString(), "--reason", "x");
        assertThat(added.code()).as(added.err()).isZero();
        var changed = run("user", "set", name, "--role", "viewer", "--role", "operator", "--reason", "x");
        assertThat(changed.code()).as(changed.err()).isZero();
        assertThat(run("user", "list").out()).contains(name);
        assertThat(typed.with("OFFRAMP_PASSWORD", "correct-horse-battery")
                        .run(at("me", "--user", name))
                        .out())
                .contains("You are " + name)
                .contains("operator");
        assertThat(typed.run(at("user", "list", "--user", name)).code()).isEqualTo(1);
        assertThat(run("user", "remove", name, "--reason", "x").code()).isZero();
        assertThat(run("user", "list").out()).doesNotContain(name);
    }

    @Test
    void sendsARequest() {
        var sent = run(
                "request",
                "send",
                "cancel-subscription",
                "--source",
                "/contoso/desk",
                "--id",
                unique,
                "--customer",
                UUID.randomUUID().toString(),
                "--subscription",
                UUID.randomUUID().toString(),
                "--reason",
                "contract 4711 has ended");

        assertThat(sent.code()).as(sent.err()).isZero();
        assertThat(run("request", "list", "--source", "/contoso/desk", "--id", unique)
                        .out())
                .contains("cancel-subscription");
    }

    @Test
    void answersEveryOtherQuestion() {
        assertThat(Stream.of(
                        run("me"),
                        run("job", "list"),
                        run("job", "show", "cancel-subscriptions"),
                        run("schedule", "list"),
                        run("intake", "show"),
                        run("refused", "list"),
                        run("brake", "status")))
                .allSatisfy(each -> {
                    assertThat(each.code()).as(each.err()).isZero();
                    assertThat(each.out()).isNotBlank();
                });
        assertThat(run("job", "list").out()).contains("cancel-subscriptions ").contains("cancel-subscription ");
    }

    private static String rows(int count) {
        return Stream.generate(ContractTests::row).limit(count).reduce("", String::concat);
    }

    private static String row() {
        return UUID.randomUUID() + "," + UUID.randomUUID() + "\n";
    }

    private Ran run(String... words) {
        return new Typed().run(at(words));
    }

    private String[] at(String... words) {
        return Stream.concat(
                        Stream.of(words), Stream.of("--home", service.home().toString()))
                .toArray(String[]::new);
    }
}
