package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.offramp.operations.command.FakeService.Answer;
import dev.offramp.operations.command.Typed.Ran;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerbCommandTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final FakeService service = FakeService.start();
    private final Typed typed = new Typed()
            .with("OFFRAMP_TOKEN", "secret")
            .with("OFFRAMP_SERVER", service.address().toString());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        service.close();
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                arguments("me", "GET /me"),
                arguments("job list", "GET /jobs"),
                arguments("job show cancel-subscriptions", "GET /jobs/cancel-subscriptions"),
                arguments("schedule list", "GET /schedules"),
                arguments("budget list", "GET /budgets"),
                arguments("freeze list", "GET /freezes"),
                arguments("runs list --job j --limit 7", "GET /runs?job=j&limit=7"),
                arguments("runs show 12", "GET /runs/12"),
                arguments("batch list --state failed --job j", "GET /batches?state=failed&job=j&limit=50"),
                arguments("batch list --before 9", "GET /batches?limit=50&before=9"),
                arguments("batch show B-7", "GET /batches/B-7"),
                arguments("execution list --job j", "GET /executions?job=j&limit=50"),
                arguments("execution show 42", "GET /executions/42"),
                arguments(
                        "request list --customer c --subscription s --order O --source /a/b --id i --operation o --status held --reason canary --group g --job j --run 12",
                        "GET /requests?customer=c&subscription=s&order=O&source=/a/b&id=i&operation=o&status=held&reason=canary&group=g&job=j&run=12&limit=50"),
                arguments("request show 4711", "GET /requests/4711"),
                arguments("evidence 4711", "GET /requests/4711/evidence"),
                arguments(
                        "held list --source s --operation o --held-for canary --group g --job j --run 12 --number 3",
                        "GET /held?source=s&operation=o&reason=canary&group=g&job=j&run=12&number=3&limit=50"),
                arguments("intake show", "GET /intake"),
                arguments("recover-from-backup --plan", "GET /recovery"),
                arguments("refused list", "GET /refused?limit=50"),
                arguments("refused show 17", "GET /refused/17"),
                arguments("audit list", "GET /audit?limit=50"),
                arguments("reconcile list", "GET /reconciliations?limit=50"),
                arguments("reconcile show 12", "GET /reconciliations/12"),
                arguments("sign-in", "GET /sign-in"),
                arguments("user list", "GET /users"),
                arguments("brake status", "GET /brakes"));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void asks(String command, String question) {
        var ran = run(command);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(service.last().line()).isEqualTo(question);
        assertThat(service.last().authorization()).isEqualTo("Bearer secret");
        assertThat(JSON.readTree(run(command + " --output json").out()).isObject())
                .isTrue();
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                arguments("batch restart B-7", "POST /batches/B-7/restart"),
                arguments("batch stop B-7", "POST /batches/B-7/stop"),
                arguments("batch abandon B-7", "POST /batches/B-7/abandon"),
                arguments("execution restart 42", "POST /executions/42/restart"),
                arguments("execution stop 42", "POST /executions/42/stop"),
                arguments("execution abandon 42", "POST /executions/42/abandon"),
                arguments("request withdraw 4711", "POST /requests/4711/withdraw"),
                arguments("request resubmit 4711", "POST /requests/4711/resubmit"),
                arguments("request give-up 4711", "POST /requests/4711/give-up"),
                arguments("request decide not-done 4711", "POST /requests/4711/decide"),
                arguments("held release --run 12 --expect 3", "POST /held/release"),
                arguments("held reject --run 12 --expect 3", "POST /held/reject"),
                arguments("decision confirm 7", "POST /decisions/7/confirm"),
                arguments("decision reject 7", "POST /decisions/7/reject"),
                arguments("plan make --group g", "POST /plans"),
                arguments("plan discard 7", "POST /plans/7/discard"),
                arguments("batch restart --all --stop-reason brake-on --expect 3", "POST /batches/restart"),
                arguments("intake pause", "POST /intake/pause"),
                arguments("recover-from-backup", "POST /recovery"),
                arguments("intake resume", "POST /intake/resume"),
                arguments("user remove jane", "DELETE /users/jane"),
                arguments("brake pull --operation o", "PUT /brakes/operation/o"),
                arguments("brake release --source /a/b", "DELETE /brakes/source?name=/a/b"),
                arguments("brake pull --group g", "PUT /brakes/group?name=g"),
                arguments("brake release --group g", "DELETE /brakes/group?name=g"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changesWithAReason(String command, String change) {
        assertThat(run(command).code()).as("without a reason").isEqualTo(2);
        assertThat(service.asked()).isEmpty();

        var ran = run(command + " --reason because");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(service.last().line()).isEqualTo(change);
        assertThat(sent().path("reason").asString()).isEqualTo("because");
    }

    @Test
    void waitsForAComparisonAndShowsWhatAPersonMustLookAt() {
        service.says(asked -> Answer.json(
                200,
                asked.method().equals("POST") ? "{\"number\":12,\"day\":\"2026-11-20\",\"state\":\"asked\"}" : """
                                {"number":12,"day":"2026-11-20","state":"done","message":"A person must look.",
                                 "withoutRequest":1,"missing":0,"late":0,
                                 "report":{"matched":2,"withoutRequest":[{"at":"2026-11-20T10:00:00Z",
                                   "effect":"relationship-removed","customerId":"c","resources":[],"who":"admin"}],
                                   "missing":[],"late":[],"explained":[],"ordinary":3,
                                   "otherOperations":{"create_order":4},"notSucceeded":{},
                                   "unreadable":{"customerId":1}}}
                                """));

        var ran = run("reconcile --day 2026-11-20");

        assertThat(ran.code()).isEqualTo(5);
        assertThat(service.asked()).hasSize(2);
        assertThat(service.asked().getFirst().text()).contains("\"day\":\"2026-11-20\"");
        assertThat(ran.out())
                .contains("Reconciliation 12 of 2026-11-20 is done. A person must look.", "2 effects agree.")
                .contains("Effects that no request explains", "relationship-removed", "admin")
                .contains("Other changes by others that lose nothing: 3")
                .contains("Records of other operations: create_order 4")
                .contains("Records that lack what they would be compared by: customerId 1");
    }

    @Test
    void sendsFilterAndExpectedCountOfABulkChange() {
        run("held release --run 12 --held-for canary --expect 37 --reason because");

        assertThat(sent().path("expectedCount").asLong()).isEqualTo(37);
        assertThat(sent().path("filter")).isEqualTo(JSON.readTree("{\"run\":12,\"reason\":\"canary\"}"));
    }

    @Test
    void asksAtTheTerminalAfterCountingAndSendsThatCount() {
        typed.answering("y");
        service.says("{\"count\":37,\"released\":37}");

        var ran = run("held release --run 12 --reason because");

        assertThat(typed.questions()).containsExactly("37 held requests match. Release them?");
        assertThat(sent().path("expectedCount").asLong()).isEqualTo(37);
        assertThat(ran.out()).contains("Released: 37.");
    }

    @Test
    void changesNothingWhenThePersonSaysNo() {
        typed.answering("n");
        service.says("{\"count\":37}");

        var ran = run("held reject --all --reason because");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("Nothing was rejected.");
        assertThat(service.asked()).hasSize(1);
    }

    @Test
    void countsTheBatchesThatARestartOfAllMeets() {
        typed.answering("y");
        service.says(asked -> Answer.json(
                200,
                asked.line().contains("state=failed")
                        ? "{\"batches\":[{},{}]}"
                        : asked.line().contains("before=5")
                                ? "{\"batches\":[{}]}"
                                : "{\"batches\":[{}],\"next\":5,\"restarted\":4}"));

        var ran = run("batch restart --all --job j --reason because");

        assertThat(typed.questions()).containsExactly("4 batches match. Restart them?");
        assertThat(sent().path("filter")).isEqualTo(JSON.readTree("{\"job\":\"j\"}"));
        assertThat(sent().path("expectedCount").asLong()).isEqualTo(4);
        assertThat(ran.out()).contains("Restarted: 4.");
    }

    @Test
    void readsPageAfterPage() {
        service.says(asked -> Answer.json(
                200,
                asked.line().contains("before=2")
                        ? "{\"requests\":[{\"number\":1}]}"
                        : "{\"requests\":[{\"number\":3},{\"number\":2}],\"next\":2}"));

        assertThat(run("request list --all --output json").out())
                .satisfies(
                        out -> assertThat(JSON.readTree(out).path("requests")).hasSize(3));
        assertThat(run("request list --all").out().lines().filter(line -> line.startsWith("NUMBER")))
                .hasSize(1);
        assertThat(service.asked()).first().extracting(FakeService.Asked::line).isEqualTo("GET /requests?limit=200");
        assertThat(run("request list --limit 2").out()).contains("There are more: --before 2, or --all.");
        assertThat(service.last().line()).isEqualTo("GET /requests?limit=2");
    }

    @Test
    void tellsTheStoryOfARequest() {
        service.says("""
                {"request":{"number":4711,"operation":"cancel-subscription","customerId":"c","subscriptionId":"s",
                            "requestedBy":"jane","source":"/a/b","id":"i","cause":"it ended",
                            "status":"stalled","reason":"in-doubt","message":"Nobody knows.","batch":"B-7"},
                 "timeline":[{"at":"2026-11-20T08:15:30.5Z","kind":"message","title":"admitted"},
                             {"at":"2026-11-20T08:15:31Z","kind":"try","title":"cancel sent","details":{"msRequestId":"m-1","steps":["a","b"]}},
                             {"at":"2026-11-20T08:15:32Z","kind":"reply","title":"nothing\\u001b[2J came","details":"timed out"}],
                 "allowedActions":[{"action":"give-up","allowed":true},
                                   {"action":"resubmit","allowed":false,"why":"It is not final."}]}
                """);

        assertThat(run("request show 4711").out()).isEqualToNormalizingNewlines("""
                        Request 4711: cancel-subscription of customer c, subscription s
                        Asked by jane, source /a/b, id i: it ended
                        It is stalled: in-doubt, in B-7. Nobody knows.

                        2026-11-20 08:15:30  message   admitted
                        2026-11-20 08:15:31  try       cancel sent
                                                       msRequestId: m-1
                                                       steps: a, b
                        2026-11-20 08:15:32  reply     nothing\uFFFD[2J came
                                                       timed out

                        What can be done:
                          offramp request give-up 4711 --reason "…"
                        What cannot:
                          It is not final.
                        """);
    }

    @Test
    void letsNoProblemWriteIntoTheTerminal() {
        service.says(_ -> Answer.json(409, "{\"detail\":\"No.\\u001b[2J\"}"));

        assertThat(run("batch stop B-7 --reason x").err()).startsWith("No.\uFFFD[2J");
    }

    @Test
    void sendsAMessageThatItBuilds() {
        service.says(
                "{\"result\":\"admitted\",\"message\":\"Admitted.\",\"request\":{\"number\":9,\"status\":\"accepted\",\"reason\":\"admitted\"}}");

        var ran = run("request send cancel-subscription --source /contoso/desk --customer c --subscription s"
                + " --expect-quantity 25 --plan --group g --requested-by jane --reason ended");

        assertThat(service.last().line()).isEqualTo("POST /requests");
        assertThat(sent().path("type").asString()).isEqualTo("dev.offramp.cancel-subscription.v1");
        assertThat(sent().path("time").asString()).isEqualTo("2026-11-20T23:30:00Z");
        assertThat(sent().path("id").asString()).isNotBlank();
        assertThat(sent().path("data"))
                .isEqualTo(
                        JSON.readTree(
                                "{\"customerId\":\"c\",\"subscriptionId\":\"s\",\"expect\":{\"quantity\":25},\"mode\":\"plan\",\"reason\":\"ended\",\"requestedBy\":\"jane\",\"group\":\"g\"}"));
        assertThat(ran.out())
                .contains("Admitted.")
                .contains("Request 9 is accepted: admitted; look with 'offramp request show 9'.");
    }

    @Test
    void sendsAMessageFromAFileAsItIs() throws Exception {
        var file = Files.writeString(folder.resolve("cancel.json"), "{\"specversion\":\"1.0\",\"data\":{}}");

        run("request send --file " + file);

        assertThat(sent()).isEqualTo(JSON.readTree(file));
        assertThat(run("request send --file " + Files.writeString(file, "no json"))
                        .code())
                .isEqualTo(2);
        assertThat(run("request send --file " + file + " --group g").code()).isEqualTo(2);
        assertThat(run("request send").code()).isEqualTo(2);
        assertThat(run("request send cancel-subscription").code()).isEqualTo(2);
    }

    @Test
    void addsAUserWithAPasswordThatIsAskedForTwice() {
        typed.answering("opensesame", "opensesame");
        service.says("{\"users\":[]}");

        var ran = run("user add jane --role operator --role approver --source /a --reason joins");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(service.last().line()).isEqualTo("PUT /users/jane");
        assertThat(sent().path("password").asString()).isEqualTo("opensesame");
        assertThat(sent().path("roles")).isEqualTo(JSON.readTree("[\"operator\",\"approver\"]"));
        assertThat(sent().path("sources")).isEqualTo(JSON.readTree("[\"/a\"]"));
        assertThat(ran.out() + ran.err()).doesNotContain("opensesame");
    }

    @Test
    void addsNoUserTwiceAndNoneWithTwoPasswords() {
        service.says("{\"users\":[{\"name\":\"jane\"}]}");
        assertThat(run("user add jane --role viewer --reason joins").code()).isEqualTo(1);

        typed.answering("one", "other");
        assertThat(run("user add max --role viewer --reason joins").err()).contains("The two passwords differ");
        assertThat(service.asked()).noneMatch(each -> each.method().equals("PUT"));
    }

    @Test
    void asksNobodyForAPasswordWhereNobodyIs() {
        assertThat(run("user add jane --role viewer --reason joins").err()).contains("--password-file");
        assertThat(run("me --user jane").err()).contains("OFFRAMP_PASSWORD");
    }

    @Test
    void changesOnlyWhatIsSaidOfAUser() throws Exception {
        service.says("{\"users\":[{\"name\":\"jane\",\"roles\":[\"viewer\"],\"sources\":[\"/a\"]}]}");
        var file = Files.writeString(folder.resolve("password"), "opensesame\n");

        run("user set jane --role operator --reason promoted");

        assertThat(sent().path("roles")).isEqualTo(JSON.readTree("[\"operator\"]"));
        assertThat(sent().path("sources")).isEqualTo(JSON.readTree("[\"/a\"]"));
        assertThat(sent().has("password")).isFalse();

        run("user set jane --password-file " + file + " --reason forgotten");
        assertThat(sent().path("password").asString()).isEqualTo("opensesame");
        assertThat(sent().path("roles")).isEqualTo(JSON.readTree("[\"viewer\"]"));
    }

    @Test
    void logsInAsAUser() {
        typed.with("OFFRAMP_PASSWORD", "pass:word").run("me", "--user", "jane");

        assertThat(service.last().authorization())
                .isEqualTo("Basic "
                        + Base64.getEncoder().encodeToString("jane:pass:word".getBytes(StandardCharsets.UTF_8)));

        service.says(_ -> Answer.json(401, "{}"));
        assertThat(run("me --user jane").err()).contains("the user jane").doesNotContain("pass:word");
    }

    @Test
    void saysThatAServiceBehindAProxyIsAway() {
        service.says(_ -> Answer.json(503, "<html>"));

        assertThat(run("me").code()).isEqualTo(3);
    }

    @Test
    void getsTheRejectedLinesWholeOrNotAtAll() {
        service.says(_ -> new Answer(200, "text/csv", "a,b\n".getBytes(StandardCharsets.UTF_8)));
        Path to = folder.resolve("rejected.csv");

        assertThat(run("runs rejected 12 --to " + to).code()).isZero();
        assertThat(to).hasContent("a,b\n");

        service.says(_ -> Answer.json(404, "{\"detail\":\"There is no run 13.\"}"));
        assertThat(run("runs rejected 13 --to " + to).err()).contains("There is no run 13.");
        assertThat(to).hasContent("a,b\n");
    }

    private JsonNode sent() {
        return JSON.readTree(service.last().text());
    }

    private Ran run(String command) {
        return typed.run(command.split(" "));
    }
}
