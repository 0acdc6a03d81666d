package dev.offramp.operations;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plans;
import dev.offramp.testing.LedgerFixture;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.JsonNode;

class ApiTests {

    private final RunningService service = RunningService.get();
    private final LedgerFixture ledger = service.ledger();

    /** So that no test sees another's requests. */
    private final String group = "group-" + UUID.randomUUID();

    @AfterEach
    void releaseBrakes() {
        ledger.jdbc().sql("delete from brake").update();
    }

    @Test
    void pullsAndReleasesTheBrakeOnEverything() {
        var pulled = service.send("PUT", "/api/v1/brakes/all", "{\"reason\":\"wrong list\",\"by\":\"jane\"}");
        assertThat(pulled.status()).isEqualTo(200);
        assertThat(pulled.body().path("brakes")).singleElement().satisfies(brake -> {
            assertThat(brake.path("scope").asString()).isEqualTo("all");
            assertThat(brake.path("by").asString()).isEqualTo("jane (log-in file)");
            assertThat(brake.path("reason").asString()).isEqualTo("wrong list");
        });

        assertThat(service.send("DELETE", "/api/v1/brakes/all", "{\"reason\":\"list withdrawn\"}")
                        .body()
                        .path("brakes"))
                .isEmpty();
        assertThat(audited("brake released", "everything")).containsExactly("list withdrawn");
    }

    @Test
    void showsNoFreezeWhereNoneIsConfigured() {
        var answer = service.get("/api/v1/freezes");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("freezes").isArray()).isTrue();
        assertThat(answer.body().path("freezes")).isEmpty();
    }

    @Test
    void showsWhatEachBudgetAllowsAndWhatIsUsed() {
        var budgets = service.get("/api/v1/budgets").body();

        assertThat(budgets.path("budgets"))
                .filteredOn(each -> each.path("name").asString().equals("turn-off-auto-renew"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.path("scope").asString()).isEqualTo("operation");
                    assertThat(each.path("unit").asString()).isEqualTo("customers");
                    assertThat(each.path("limit").asString()).isEqualTo("5");
                    assertThat(each.path("allowed").asInt()).isEqualTo(5);
                    assertThat(each.path("in").asString()).isEqualTo("24 h");
                    assertThat(each.path("holds").asBoolean()).isTrue();
                    assertThat(each.path("used").asInt() + each.path("free").asInt())
                            .isEqualTo(5);
                });
        assertThat(budgets.has("customerBase")).isFalse();
    }

    @Test
    void showsTheSourcesInDoubtAndEndsADoubtOnce() {
        var source = "/doubtful/" + group;
        ledger.jdbc()
                .sql(
                        "insert into tenant_doubt (source, in_a_row, open_since, cause) values (:source, 4, :now, '4 in a row')")
                .param("source", source)
                .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                .update();

        assertThat(service.get("/api/v1/tenant-doubts").body().path("doubts")).anySatisfy(each -> {
            assertThat(each.path("source").asString()).isEqualTo(source);
            assertThat(each.path("cause").asString()).isEqualTo("4 in a row");
        });
        var address = "/api/v1/tenant-doubts?source=" + source;
        assertThat(service.send("DELETE", address, "{\"reason\":\"the tenant is right\"}")
                        .body()
                        .path("doubts"))
                .noneSatisfy(each -> assertThat(each.path("source").asString()).isEqualTo(source));
        assertThat(audited("tenant confirmed", "source " + source)).containsExactly("the tenant is right");

        var again = service.send("DELETE", address, "{\"reason\":\"once more\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail())
                .isEqualTo("There is no doubt about source %s, so there is nothing to end.".formatted(source));
    }

    @Test
    void pullsTheBrakeOnOneOperationSourceOrGroup() {
        service.send("PUT", "/api/v1/brakes/operation/cancel-subscription", "{\"reason\":\"a\"}");
        service.send("PUT", "/api/v1/brakes/source?name=%2Fcontoso%2Fbilling", "{\"reason\":\"b\"}");
        service.send("PUT", "/api/v1/brakes/group?name=wave%201%2Fa", "{\"reason\":\"c\"}");

        assertThat(service.get("/api/v1/brakes").body().path("brakes"))
                .extracting(each -> each.path("name").asString())
                .containsExactlyInAnyOrder("cancel-subscription", "/contoso/billing", "wave 1/a");
        assertThat(audited("brake pulled", "group wave 1/a")).containsExactly("c");
        assertThat(service.send("DELETE", "/api/v1/brakes/group?name=wave%201%2Fa", "{\"reason\":\"right list\"}")
                        .body()
                        .path("brakes"))
                .hasSize(2);
        assertThat(audited("brake released", "group wave 1/a")).containsExactly("right list");
        assertThat(service.send("PUT", "/api/v1/brakes/group?name=", "{\"reason\":\"c\"}")
                        .detail())
                .isEqualTo(
                        "A group has 1 to 200 characters; write it as the requests do, e.g. terminations-2026-11-20.");
    }

    @Test
    void refusesABrakeOnWhatDoesNotExist() {
        var answer = service.send("PUT", "/api/v1/brakes/operation/cancel", "{\"reason\":\"a\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).contains("There is no operation 'cancel'");
    }

    @Test
    void refusesToReleaseABrakeThatIsNotPulled() {
        var answer = service.send("DELETE", "/api/v1/brakes/all", "{\"reason\":\"a\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.detail()).isEqualTo("The brake on everything is not pulled, so there is nothing to release.");
    }

    @Test
    void demandsAReasonForEveryChange() {
        var batch = failedBatch();

        assertThat(List.of(
                        service.send("PUT", "/api/v1/brakes/all", "{}"),
                        service.send("PUT", "/api/v1/brakes/all", "{\"reason\":\"  \"}"),
                        service.send("DELETE", "/api/v1/brakes/all", "{}"),
                        service.send("POST", "/api/v1/held/reject", "{\"filter\":{},\"expectedCount\":0}"),
                        service.send("POST", "/api/v1/batches/" + batch.number() + "/restart", "{}")))
                .allSatisfy(answer -> {
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(answer.detail()).startsWith("Every change needs a reason");
                });
        assertThat(service.get("/api/v1/brakes").body().path("brakes")).isEmpty();
    }

    @Test
    void listsAndEndsBursts() {
        var request = ledger.admit(cancel().inGroup(group));
        var source = request.key().source();
        ledger.jdbc()
                .sql("""
                        insert into burst (source, operation, group_name, since, request_number, request, breach, in_order)
                        values (:source, 'cancel-subscription', :group, :now, :number, :request, 'Five are used.', true)
                        """)
                .param("source", source)
                .param("group", group)
                .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                .param("number", request.number())
                .param("request", request.key().toString())
                .update();

        assertThat(service.get("/api/v1/bursts").body().path("bursts")).anySatisfy(each -> {
            assertThat(each.path("source").asString()).isEqualTo(source);
            assertThat(each.path("operation").asString()).isEqualTo("cancel-subscription");
            assertThat(each.path("group").asString()).isEqualTo(group);
            assertThat(each.path("request").asString()).isEqualTo(request.key().toString());
            assertThat(each.path("breach").asString()).isEqualTo("Five are used.");
        });
        var which = "\"source\":\"%s\",\"operation\":\"cancel-subscription\",\"group\":\"%s\"".formatted(source, group);
        assertThat(service.send("POST", "/api/v1/bursts/end", "{%s}".formatted(which))
                        .detail())
                .startsWith("Every change needs a reason");
        assertThat(service.send("POST", "/api/v1/bursts/end", "{\"reason\":\"looked\"}")
                        .detail())
                .startsWith("Say which burst is meant");

        var ended = service.send("POST", "/api/v1/bursts/end", "{%s,\"reason\":\"looked\"}".formatted(which));
        assertThat(ended.body().path("bursts"))
                .noneSatisfy(each -> assertThat(each.path("group").asString()).isEqualTo(group));
        assertThat(audited("burst ended", "burst of cancel-subscription of %s in group %s".formatted(source, group)))
                .containsExactly("looked");

        var again = service.send("POST", "/api/v1/bursts/end", "{%s,\"reason\":\"looked\"}".formatted(which));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail()).endsWith("is not on hold, so there is nothing to end.");
    }

    @Test
    void listsHeldRequestsThatMatch() {
        held(3, Reason.BUDGET_EXCEEDED);
        held(1, Reason.PROTECTED_CUSTOMER);

        var answer = service.get("/api/v1/held?group=%s&reason=budget-exceeded&limit=2".formatted(group));

        assertThat(answer.body().path("count").asLong()).isEqualTo(3);
        assertThat(answer.body().path("requests")).hasSize(2).allSatisfy(each -> {
            assertThat(each.path("reason").asString()).isEqualTo("budget-exceeded");
            assertThat(each.path("operation").asString()).isEqualTo("remove-reseller-relationship");
        });
    }

    @Test
    void listsHeldRequestsByNameAndSaysUntilWhenSomebodyMayDecide() {
        var request = held(1, Reason.EXPECTATION_MISMATCH).getFirst();
        ledger.ledger().decisions().add(request.number(), ledger.now(), """
                        {"OfCustomer":{"customer":{"companyName":"Contoso","domain":"contoso.example"},\
                        "subscriptions":[{"name":"Business Basic"},{"name":"Teams"}]}}""", "{}");
        var cancel = ledger.admit(cancel().of(customer("of " + group)).inGroup(group));
        ledger.ledger()
                .decisions()
                .add(
                        cancel.number(),
                        ledger.now(),
                        "{\"OfSubscription\":{\"subscription\":{\"name\":\"Business Basic\",\"quantity\":25}}}",
                        "{}");
        ledger.settle(cancel, resolution(Reason.BUDGET_EXCEEDED), null);
        var unread = ledger.admit(cancel().of(customer("unread " + group)).inGroup(group));
        ledger.settle(unread, resolution(Reason.BUDGET_EXCEEDED), null);

        var listed = service.get("/api/v1/held?group=" + group).body().path("requests");

        assertThat(listed.path(0).path("held").path("customer").asString()).isEqualTo("Contoso");
        assertThat(listed.path(0).path("held").path("domain").asString()).isEqualTo("contoso.example");
        assertThat(listed.path(0).path("held").path("product").asString()).isEqualTo("2 subscriptions");
        assertThat(listed.path(1).path("held").path("product").asString()).isEqualTo("Business Basic");
        assertThat(listed.path(1).path("held").path("seats").asInt()).isEqualTo(25);
        assertThat(listed.path(2).path("held").has("product")).isFalse();
        assertThat(listed).allSatisfy(each -> {
            assertThat(each.path("held").path("since").asString())
                    .isEqualTo(ledger.now().toString());
            assertThat(each.path("held").path("decideBy").asString())
                    .isEqualTo(ledger.now().plus(Duration.ofDays(14)).toString());
        });
    }

    @Test
    void givesUpAHeldRequestOfWhichAPartIsDoneInsteadOfRejectingIt() {
        var begun = held(1, Reason.BUDGET_EXCEEDED).getFirst();
        ledger.settle(begun, resolution(Reason.BUDGET_EXCEEDED).with(Effect.PARTIAL), null);

        reject("{\"group\":\"%s\"}".formatted(group), 1L);

        assertThat(ledger.read(begun).reason()).isEqualTo(Reason.GIVEN_UP_BY_OPERATOR);
        assertThat(ledger.read(begun).effect()).isEqualTo(Effect.PARTIAL);
    }

    @Test
    void rejectsAllHeldRequestsThatMatch() {
        var requests = held(230, Reason.BUDGET_EXCEEDED);
        var other = held(1, Reason.PROTECTED_CUSTOMER).getFirst();

        var answer = reject("{\"group\":\"%s\",\"reason\":\"budget-exceeded\"}".formatted(group), 230L);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("rejected").asLong()).isEqualTo(230);
        assertThat(requests).allSatisfy(each -> {
            var now = ledger.read(each);
            assertThat(now.reason()).isEqualTo(Reason.REJECTED_BY_OPERATOR);
            assertThat(ledger.outcomes(each).getLast().details().decidedBy()).isEqualTo("jane (log-in file)");
        });
        assertThat(ledger.read(other).reason()).isEqualTo(Reason.PROTECTED_CUSTOMER);
        assertThat(audited(
                        "held request rejected", "request " + requests.getLast().number()))
                .containsExactly("wrong list");
    }

    @Test
    void rejectsNothingWhenTheCountIsNotTheExpectedOne() {
        var requests = held(3, Reason.BUDGET_EXCEEDED);

        var answer = reject("{\"group\":\"%s\"}".formatted(group), 2L);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("count").asLong()).isEqualTo(3);
        assertThat(answer.detail()).startsWith("3 held requests match, not 2; nothing was rejected.");
        assertThat(requests).allSatisfy(each -> assertThat(ledger.read(each)).isEqualTo(each));
    }

    @Test
    void releasesAllHeldRequestsThatMatch() {
        var requests = held(3, Reason.BUDGET_EXCEEDED);

        assertThat(release("{\"group\":\"%s\"}".formatted(group), 2L)
                        .body()
                        .path("count")
                        .asLong())
                .isEqualTo(3);
        assertThat(requests).allSatisfy(each -> assertThat(ledger.read(each)).isEqualTo(each));

        var answer = release("{\"group\":\"%s\"}".formatted(group), 3L);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("released").asLong()).isEqualTo(3);
        assertThat(requests).allSatisfy(each -> {
            assertThat(ledger.read(each).released().reasons()).containsExactly(Reason.BUDGET_EXCEEDED);
            var told = ledger.outcomes(each).getLast();
            assertThat(told.reason()).isEqualTo(Reason.ADMITTED);
            assertThat(told.message()).isEqualTo("A person released the request from budget-exceeded: checked");
            assertThat(told.details().decidedBy()).isEqualTo("jane (log-in file)");
            assertThat(audited("held request released", "request " + each.number()))
                    .containsExactly("checked");
        });
    }

    @Test
    void releasesManyCustomersOnlyWhenASecondPersonConfirmsIt() {
        var requests = held(101, Reason.BUDGET_EXCEEDED);
        String body = "{\"filter\":{\"group\":\"%s\"},\"expectedCount\":101,\"reason\":\"checked\"}".formatted(group);
        String ann = "Bearer " + service.issuer().token("ann", List.of("approver"), List.of());
        String bob = "Bearer " + service.issuer().token("bob", List.of("approver"), List.of());

        assertThat(service.send("POST", "/api/v1/held/release", body).detail()).contains("does not tell people apart");
        var asked = service.ask("POST", "/api/v1/held/release", body, ann);

        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.body().path("released").asInt()).isZero();
        assertThat(asked.body().path("message").asString())
                .startsWith("101 requests of 101 customers wait for a second");
        long number = asked.body().path("decision").asLong();
        assertThat(service.get("/api/v1/decisions?state=waiting").body().path("decisions"))
                .filteredOn(each -> each.path("number").asLong() == number)
                .singleElement()
                .satisfies(each -> assertThat(each.path("askedBy").asString()).isEqualTo("ann (token)"));
        assertThat(requests).allSatisfy(each -> assertThat(ledger.read(each)).isEqualTo(each));

        String confirm = "/api/v1/decisions/%d/confirm".formatted(number);
        assertThat(service.ask("POST", confirm, "{\"reason\":\"me\"}", ann).status())
                .isEqualTo(409);
        assertThat(service.send("POST", confirm, "{\"reason\":\"me\"}").status())
                .isEqualTo(409);
        var confirmed = service.ask("POST", confirm, "{\"reason\":\"compared\"}", bob);

        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(confirmed.body().path("decision").path("state").asString()).isEqualTo("carried-out");
        assertThat(confirmed.body().path("decision").path("carriedOut").asInt()).isEqualTo(101);
        assertThat(confirmed.body().path("items")).hasSize(101);
        assertThat(requests)
                .allSatisfy(each -> assertThat(ledger.read(each).reason()).isEqualTo(Reason.ADMITTED));
        assertThat(audited("decision confirmed", "decision " + number)).containsExactly("compared");
        assertThat(service.ask("POST", "/api/v1/decisions/%d/reject".formatted(number), "{\"reason\":\"no\"}", bob)
                        .detail())
                .contains("was confirmed by bob (token)");
        assertThat(service.get("/api/v1/decisions/0").status()).isEqualTo(404);
        assertThat(service.get("/api/v1/decisions?state=open").detail()).contains("carried-out");
    }

    @Test
    void makesAPlanAndShowsItAsPeopleReadIt() {
        var requests = held(2, Reason.BUDGET_EXCEEDED);
        var plans = service.bean("plans", Plans.class);
        String body = "{\"filter\":{\"group\":\"%s\"},\"reason\":\"review\",\"by\":\"jane\"}";

        assertThat(service.send("POST", "/api/v1/plans", body.formatted("nothing"))
                        .detail())
                .isEqualTo(
                        "No open request matches, and none that was only planned or observed, so that there is nothing to plan.");
        var asked = service.send("POST", "/api/v1/plans", body.formatted(group));
        assertThat(asked.status()).isEqualTo(202);
        long number = asked.body().path("number").asLong();
        assertThat(asked.body().path("state").asString()).isEqualTo("making");
        assertThat(asked.body().path("requests").asInt()).isEqualTo(2);
        assertThat(asked.body().path("about").asString()).isEqualTo("group " + group);

        plans.judge(
                number,
                requests.getFirst().number(),
                new Judged(
                        "go",
                        "",
                        "Nothing stands in the way.",
                        List.of("cancel:x", "unlink"),
                        null,
                        "Contoso | <b>Ltd</b>",
                        "contoso.example",
                        "2 subscriptions",
                        null,
                        null,
                        "facts",
                        "2026-11-22T00:00:00Z"));
        plans.judge(
                number,
                requests.getLast().number(),
                new Judged(
                        "blocked",
                        "not-our-customer",
                        "There is no relationship.",
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "facts",
                        "2026-11-22T00:00:00Z"));
        plans.made(
                number,
                Map.of(requests.getFirst().number(), "budget-exceeded: 5 are used."),
                service.bean("clock", InstantSource.class).instant());

        String path = "/api/v1/plans/" + number;
        var shown = service.get(path).body();
        assertThat(shown.path("plan").path("hash").asString()).hasSize(64);
        assertThat(shown.path("totals").path("customers").asInt()).isOne();
        assertThat(shown.path("totals").path("calls").asInt()).isEqualTo(2);
        assertThat(shown.path("items").path(0).path("judged").path("steps")).hasSize(2);
        var report = service.get(path + "/report");
        assertThat(report.contentType()).startsWith("text/markdown");
        assertThat(report.response().body())
                .contains("**1 customers** would be touched, by **2 calls**. Guards would hold 1 requests.")
                .contains("| remove-reseller-relationship | 2 | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 1 |")
                .contains("Contoso \\| \\<b\\>Ltd\\</b\\>, contoso.example (")
                .contains("| blocked | not-our-customer |");
        assertThat(service.get(path + "/content").body().path("items")).hasSize(2);
        assertThat(service.get("/api/v1/plans").body().path("plans"))
                .anySatisfy(each -> assertThat(each.path("number").asLong()).isEqualTo(number));

        assertThat(service.send("POST", path + "/discard", "{\"reason\":\"seen\"}")
                        .body()
                        .path("state")
                        .asString())
                .isEqualTo("discarded");
        assertThat(service.send("POST", path + "/discard", "{\"reason\":\"seen\"}")
                        .status())
                .isEqualTo(409);
        assertThat(audited("plan discarded", "plan " + number)).containsExactly("seen");
        assertThat(requests).allSatisfy(each -> assertThat(ledger.read(each)).isEqualTo(each));
        assertThat(service.get("/api/v1/plans/0").status()).isEqualTo(404);
    }

    @Test
    void approvesAPlanAndCarriesItOutOnce() {
        var admitted = ledger.admit(cancel().of(customer(group)).inGroup(group).as("planned " + group));
        ledger.settle(admitted, resolution(Reason.BUDGET_EXCEEDED), null);
        var request = ledger.read(admitted);
        var plans = service.bean("plans", Plans.class);
        long number = service.send(
                        "POST",
                        "/api/v1/plans",
                        "{\"filter\":{\"group\":\"%s\"},\"reason\":\"review\",\"by\":\"jane\"}".formatted(group))
                .body()
                .path("number")
                .asLong();
        plans.judge(
                number,
                request.number(),
                new Judged(
                        "go",
                        "",
                        "Nothing stands in the way.",
                        List.of("cancel"),
                        null,
                        "Contoso",
                        "contoso.example",
                        null,
                        null,
                        null,
                        "facts",
                        "2026-11-22T00:00:00Z"));
        plans.made(number, Map.of(), service.bean("clock", InstantSource.class).instant());
        String path = "/api/v1/plans/" + number;
        String hash = service.get(path).body().path("plan").path("hash").asString();
        String approval = "{\"hash\":\"%s\",\"reason\":\"checked\",\"by\":\"jane\"}";

        assertThat(service.send("POST", path + "/approve", "{\"reason\":\"checked\"}")
                        .detail())
                .contains("Say in the member 'hash' which plan you looked at");
        assertThat(service.send("POST", path + "/approve", approval.formatted("0".repeat(64)))
                        .detail())
                .contains("look at the plan again");
        assertThat(service.send("POST", path + "/apply", "{\"reason\":\"go\"}").detail())
                .contains("is not approved");
        assertThat(service.send("POST", "/api/v1/plans/0/approve", approval.formatted(hash))
                        .status())
                .isEqualTo(404);
        var approved = service.send("POST", path + "/approve", approval.formatted(hash));
        assertThat(approved.status()).isEqualTo(200);
        assertThat(approved.body().path("plan").path("state").asString()).isEqualTo("approved");

        var applied = service.send("POST", path + "/apply", "{\"reason\":\"contracts ended\",\"by\":\"joe\"}");

        assertThat(plans.fates(number)).extracting(Fate::skipped).containsOnlyNulls();
        assertThat(applied.body().path("made").asInt()).isOne();
        assertThat(applied.body().path("plan").path("state").asString()).isEqualTo("applied");
        var fate = service.get(path).body().path("fates").path(0);
        var successor = ledger.read(fate.path("successor").asLong());
        assertThat(successor.key().id()).isEqualTo(request.key().id() + "~plan-" + number);
        assertThat(successor.plan()).isEqualTo(number);
        assertThat(successor.admission().resubmittedId())
                .isEqualTo(request.key().id());
        assertThat(ledger.read(request).reason()).isEqualTo(Reason.SUPERSEDED);
        var shown = service.get("/api/v1/requests/" + successor.number()).body();
        assertThat(shown.path("request").path("plan").asLong()).isEqualTo(number);
        assertThat(shown.path("timeline").path(0).path("title").asString())
                .isEqualTo("Made by plan %d for request %d".formatted(number, request.number()));
        assertThat(service.get(path + "/report").response().body())
                .contains("## What became of it", "1 requests were made of it; 0 were left out.");
        assertThat(audited("request carried out by a plan", "request " + request.number()))
                .containsExactly("contracts ended");
        assertThat(service.send("POST", path + "/apply", "{\"reason\":\"again\"}")
                        .detail())
                .contains("a plan is applied once");
    }

    @Test
    void releasesNothingWhenOneOfThemIsProtected() {
        var requests = held(2, Reason.BUDGET_EXCEEDED);
        var kept = held(1, Reason.PROTECTED_CUSTOMER).getFirst();

        var answer = release("{\"group\":\"%s\"}".formatted(group), 3L);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.detail()).contains("Request %d is held as customer".formatted(kept.number()));
        assertThat(requests).allSatisfy(each -> assertThat(ledger.read(each)).isEqualTo(each));
        assertThat(service.get("/api/v1/held?number=" + kept.number())
                        .body()
                        .path("requests")
                        .path(0)
                        .path("allowedActions"))
                .extracting(
                        each -> each.path("action").asString(),
                        each -> each.path("allowed").asBoolean())
                .containsExactly(tuple("release", false), tuple("reject", true));
    }

    @Test
    void withdrawsAnOpenRequest() {
        Request request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var path = "/api/v1/requests/%d/withdraw".formatted(request.number());

        var answer = service.send("POST", path, "{\"reason\":\"sent twice\",\"by\":\"jane\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("request").path("reason").asString()).isEqualTo("by-operator");
        assertThat(ledger.outcomes(request).getLast().details().decidedBy()).isEqualTo("jane (log-in file)");
        assertThat(audited("request withdrawn", "request " + request.number())).containsExactly("sent twice");
        assertThat(service.send("POST", path, "{\"reason\":\"x\"}").status()).isEqualTo(409);
    }

    @Test
    void withdrawsNothingThatIsOnTheWire() {
        Request request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        ledger.sendTry(request, ledger.claim());

        var answer =
                service.send("POST", "/api/v1/requests/%d/withdraw".formatted(request.number()), "{\"reason\":\"x\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.detail()).startsWith("A call of request %d has left".formatted(request.number()));
        assertThat(ledger.read(request).isFinal()).isFalse();
    }

    @Test
    void asksForAFinalRequestAgain() {
        Request old = ledger.admit(cancel().of(customer(group)).inGroup(group).as("old " + group));
        ledger.settle(old, resolution(Reason.WINDOW_CLOSED), null);
        var path = "/api/v1/requests/%d/resubmit".formatted(old.number());

        var answer = service.send("POST", path, "{\"reason\":\"it is open again\"}");

        assertThat(answer.status()).isEqualTo(200);
        var request = answer.body().path("request");
        assertThat(request.path("id").asString()).isEqualTo("old %s~1".formatted(group));
        assertThat(request.path("resubmits").asLong()).isEqualTo(old.number());
        assertThat(answer.body().path("timeline").path(0).path("title").asString())
                .isEqualTo("Asked for again after request %d".formatted(old.number()));
        assertThat(audited("request resubmitted", "request " + old.number())).containsExactly("it is open again");
        assertThat(audited(
                        "request resubmitted",
                        "request " + request.path("number").asLong()))
                .containsExactly("it is open again");
        assertThat(service.send("POST", path, "{\"reason\":\"twice\"}").detail())
                .isEqualTo("Request %d asks for it again already (accepted: admitted)."
                        .formatted(request.path("number").asLong()));
    }

    @Test
    void takesAMessageAsFromTheTopic() {
        var message = """
                {"specversion":"1.0","type":"dev.offramp.cancel-subscription.v1","source":"/contoso/billing","id":"%s",
                 "time":"%s","data":{"customerId":"%s","subscriptionId":"6e7aa601-629e-461b-8933-0898c3cc3c7c",
                  "reason":"Contract terminated","requestedBy":"jane"}}""".formatted(group, Clock.systemUTC().instant(), customer(group));

        var admitted = service.send("POST", "/api/v1/requests", message).body();
        var repeated = service.send("POST", "/api/v1/requests", message).body();
        var refused = service.send("POST", "/api/v1/requests", message.replace("subscriptionId", "subscription"));

        assertThat(admitted.path("result").asString()).isEqualTo("admitted");
        assertThat(repeated.path("result").asString()).isEqualTo("repeated");
        assertThat(repeated.path("request").path("number").asLong())
                .isEqualTo(admitted.path("request").path("number").asLong());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.body().path("result").asString()).isEqualTo("refused");
        assertThat(audited(
                        "request sent",
                        "request " + admitted.path("request").path("number").asLong()))
                .containsExactly("Contract terminated");
    }

    @Test
    void pausesAndResumesIntakeAndSaysWhy() {
        var paused = service.send("POST", "/api/v1/intake/pause", "{\"reason\":\"wrong export\",\"by\":\"jane\"}");

        assertThat(paused.body().path("state").asString()).isEqualTo("paused");
        assertThat(paused.body().path("pauses")).singleElement().satisfies(pause -> {
            assertThat(pause.path("why").asString()).isEqualTo("person");
            assertThat(pause.path("by").asString()).isEqualTo("jane (log-in file)");
            assertThat(pause.path("reason").asString()).isEqualTo("wrong export");
        });
        assertThat(service.send("POST", "/api/v1/intake/pause", "{\"reason\":\"x\"}")
                        .detail())
                .isEqualTo("jane (log-in file) paused intake already: wrong export");

        var resumed = service.send("POST", "/api/v1/intake/resume", "{\"reason\":\"it was right\"}");

        assertThat(resumed.body().path("state").asString()).isEqualTo("reading");
        assertThat(resumed.body().path("maxOpen").asLong()).isEqualTo(1_000_000);
        assertThat(service.send("POST", "/api/v1/intake/resume", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(409);
        assertThat(service.send("POST", "/api/v1/intake/pause", "{}").status()).isEqualTo(400);
    }

    @Test
    void showsARefusedRecordAsTextOrInBase64() {
        long text = refused("no JSON".getBytes(StandardCharsets.UTF_8), 7);
        long bytes = refused(new byte[] {(byte) 0xff, 0}, 900);

        var readable = service.get("/api/v1/refused/" + text).body();
        assertThat(readable.path("valueText").asString()).isEqualTo("no JSON");
        assertThat(readable.path("truncated").asBoolean()).isFalse();
        var unreadable = service.get("/api/v1/refused/" + bytes).body();
        assertThat(unreadable.path("valueBase64").asString()).isEqualTo("/wA=");
        assertThat(unreadable.path("truncated").asBoolean()).isTrue();
        assertThat(service.get("/api/v1/refused/999999999").status()).isEqualTo(404);
    }

    private long refused(byte[] value, int length) {
        ledger.ledger()
                .refusals()
                .add(
                        new Refusal(
                                new Admission.Place(group, 0, length),
                                "invalid-message",
                                "The value is not JSON.",
                                null,
                                null,
                                null,
                                value,
                                length,
                                "0".repeat(64),
                                null),
                        ledger.now());
        return ledger.ledger().refusals().list(null, 1).getFirst().number();
    }

    @Test
    void givesUpWhatIsStalledSoThatItsBatchCanComplete() {
        var batch = failedBatch();
        Request stalled =
                ledger.ledger().requests().unfinishedOf(batch.number()).getFirst();

        var answer = service.send(
                "POST", "/api/v1/requests/%d/give-up".formatted(stalled.number()), "{\"reason\":\"gone\"}");

        assertThat(answer.body().path("request").path("status").asString()).isEqualTo("failed");
        assertThat(ledger.read(stalled).effect()).isEqualTo(Effect.NONE);
        assertThat(ledger.ledger().requests().unfinishedOf(batch.number())).isEmpty();
        assertThat(ledger.ledger()
                        .batches()
                        .byNumber(batch.number())
                        .orElseThrow()
                        .restartAt())
                .as("it is started once more, to end completed")
                .isNotNull();
        assertThat(audited("request given up", "request " + stalled.number())).containsExactly("gone");
    }

    @Test
    void callsTheEffectUnknownOfWhatIsGivenUpWithAnUnansweredCall() {
        Request request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.sendTry(request, batch);
        ledger.settle(request, resolution(Reason.IN_DOUBT), fence(batch));
        var path = "/api/v1/requests/%d/give-up".formatted(request.number());

        assertThat(service.send("POST", path, "{\"reason\":\"x\"}").detail()).contains("works on request");
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());
        service.send("POST", path, "{\"reason\":\"x\"}");

        assertThat(ledger.read(request).reason()).isEqualTo(Reason.GIVEN_UP_BY_OPERATOR);
        assertThat(ledger.read(request).effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void takesAPersonsDecisionAboutACallThatNobodyCanRead() {
        Request request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.sendTry(request, batch);
        ledger.settle(request, resolution(Reason.IN_DOUBT), fence(batch));
        var path = "/api/v1/requests/%d/decide".formatted(request.number());
        var done = "{\"decision\":\"done\",\"reason\":\"seen %s\",\"by\":\"jane\"}".formatted(group);

        assertThat(service.send("POST", path, done).detail()).contains("works on request");
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());
        assertThat(service.get("/api/v1/requests/" + request.number()).body().path("allowedActions"))
                .filteredOn(each -> each.path("action").asString().startsWith("decide"))
                .extracting(
                        each -> each.path("action").asString(),
                        each -> each.path("allowed").asBoolean())
                .containsExactly(
                        tuple("decide done", true), tuple("decide not-done", true), tuple("decide ask-again", true));
        assertThat(service.send("POST", path, "{\"decision\":\"maybe\",\"reason\":\"x\"}")
                        .detail())
                .isEqualTo("There is no decision 'maybe'; write one of done, not-done, ask-again.");
        assertThat(service.send("POST", path, "{\"reason\":\"x\"}").detail())
                .isEqualTo(
                        "Say in the member 'decision' what you found out: done, not-done, or ask-again when nobody knows yet.");
        assertThat(service.send("POST", path, "{\"decision\":\"done\"}").detail())
                .isEqualTo("Every change needs a reason; say why in the member 'reason'.");

        var decided = service.send("POST", path, done);

        assertThat(decided.body().path("request").path("reason").asString()).isEqualTo("confirming");
        assertThat(decided.body().path("tries").path(0).path("foundBy").asString())
                .isEqualTo("jane (log-in file)");
        assertThat(decided.body().path("timeline"))
                .anySatisfy(each -> assertThat(each.path("title").asString())
                        .isEqualTo("jane (log-in file) decided that try 1 of cancel-subscription was done"));
        assertThat(audited("doubt decided: done", "request " + request.number()))
                .containsExactly("seen " + group);
        var again = service.send("POST", path, done);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail())
                .isEqualTo("Request %d is deferred: confirming; a person decides only about what is stalled: in-doubt."
                        .formatted(request.number()));
    }

    @Test
    void tellsTheWholeStoryInOneOrder() {
        Request request = ledger.admit(
                cancel().of(customer(group)).inGroup(group).readAt("offramp.requests", 2, group.hashCode()));
        var batch = ledger.claim();
        ledger.pass(Duration.ofSeconds(1));
        ledger.ledger().decisions().add(request.number(), ledger.now(), "{\"status\":\"active\"}", "go");
        ledger.pass(Duration.ofSeconds(1));
        var sent = ledger.sendTry(request, batch);
        ledger.pass(Duration.ofSeconds(1));
        ledger.reply(sent, ReplyKind.LOST);
        ledger.pass(Duration.ofSeconds(1));
        ledger.ledger().attempts().found(sent.id(), Finding.NOT_DONE, ledger.now());
        ledger.pass(Duration.ofSeconds(1));
        ledger.settle(request, resolution(Reason.RETRIES_EXHAUSTED), fence(batch));
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());
        service.send("POST", "/api/v1/requests/%d/give-up".formatted(request.number()), "{\"reason\":\"gone\"}");

        var story = service.get("/api/v1/requests/" + request.number()).body().path("timeline");

        assertThat(story)
                .extracting(
                        each -> each.path("kind").asString(),
                        each -> each.path("title").asString())
                .containsExactly(
                        tuple("message", "Read from the topic offramp.requests"),
                        tuple("outcome", "accepted: admitted"),
                        tuple("decision", "Facts were read and judged"),
                        tuple("try", "Try 1 of cancel-subscription passed the gate"),
                        tuple("reply", "Partner Center's reply to try 1 of cancel-subscription: lost"),
                        tuple("reply", "Reads show that try 1 of cancel-subscription was not done"),
                        tuple("outcome", "stalled: retries-exhausted"),
                        tuple("person", "log-in file: request given up"),
                        tuple("outcome", "failed: given-up-by-operator"));
        assertThat(story.path(0).path("details").path("partition").asInt()).isEqualTo(2);
        assertThat(story.path(3).path("details").path("msRequestId").asString())
                .isEqualTo(sent.msRequestId().toString());
    }

    @Test
    void provesWhatWasDoneForARequest() {
        Request request = ledger.admit(
                cancel().of(customer(group)).inGroup(group).readAt("offramp.requests", 1, group.hashCode()));
        var batch = ledger.claim();
        ledger.ledger().decisions().add(request.number(), ledger.now(), "{\"status\":\"active\"}", "go");
        var lost = ledger.sendTry(request, batch, "{\"status\":\"active\",\"quantity\":25}");
        ledger.reply(lost, ReplyKind.LOST);
        ledger.ledger()
                .decisions()
                .add(
                        request.number(),
                        ledger.now(),
                        "{\"status\":\"still active\"}",
                        "{\"ReadBack\":{\"step\":\"%s\",\"of\":1,\"shows\":\"no-effect\"}}".formatted(lost.step()));
        ledger.ledger().attempts().found(lost.id(), Finding.NOT_DONE, ledger.now());
        ledger.pass(Duration.ofSeconds(1));
        var sent = ledger.sendTry(request, batch, "{\"status\":\"active\",\"quantity\":24}");
        ledger.ledger()
                .attempts()
                .reply(
                        sent.id(),
                        new RecordedReply(ReplyKind.DONE, 200, null, null, "{\"status\":\"deleted\"}"),
                        ledger.now());
        ledger.settle(
                request,
                Resolution.of(
                        Reason.DONE,
                        Effect.CANCELLED,
                        "It was cancelled.",
                        Details.with()
                                .after("{\"status\":\"deleted\"}")
                                .confirmedBy(Details.RESPONSE)
                                .build()),
                fence(batch));

        var proof = service.get("/api/v1/requests/%d/evidence".formatted(request.number()))
                .body();

        assertThat(proof.at("/asked/topic").asString()).isEqualTo("offramp.requests");
        assertThat(proof.at("/read/0/facts/status").asString()).isEqualTo("active");
        assertThat(proof.at("/read/0/verdict").asString()).isEqualTo("go");
        assertThat(proof.path("changes")).hasSize(1);
        assertThat(proof.path("read")).as("what was read before deciding").hasSize(1);
        assertThat(proof.at("/changes/0/calls"))
                .extracting(each -> each.at("/before/quantity").asInt())
                .as("as it was before each call")
                .containsExactly(25, 24);
        assertThat(proof.at("/changes/0/calls/0/readBacks/0/read/status").asString())
                .isEqualTo("still active");
        assertThat(proof.at("/changes/0/calls/0/readBacks/0/shows").asString()).isEqualTo("no-effect");
        assertThat(proof.at("/changes/0/calls/0/found").asString()).isNotEmpty();
        assertThat(proof.at("/changes/0/calls/1/readBacks"))
                .as("the answer was enough")
                .isEmpty();
        assertThat(proof.at("/changes/0/calls")).hasSize(2);
        assertThat(proof.at("/changes/0/calls/0/call/finding").asString()).isEqualTo("not-done");
        assertThat(proof.at("/changes/0/calls/1/call/msRequestId").asString())
                .isEqualTo(sent.msRequestId().toString());
        assertThat(proof.at("/changes/0/calls/1/answer/status").asString()).isEqualTo("deleted");
        assertThat(proof.at("/confirmed/by").asString()).isEqualTo("response");
        assertThat(proof.at("/confirmed/after/status").asString()).isEqualTo("deleted");
        assertThat(proof.path("missing")).isEmpty();
        assertThat(service.get("/api/v1/requests/99999999/evidence").status()).isEqualTo(404);
    }

    @Test
    void saysWhatTheEvidenceLacks() {
        Request request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        ledger.sendTry(request, ledger.claim());

        var proof = service.get("/api/v1/requests/%d/evidence".formatted(request.number()))
                .body();

        assertThat(proof.path("missing"))
                .extracting(JsonNode::asString)
                .containsExactly("The answer to a call is not known yet: it is looked for, or a person decides.");
        assertThat(proof.path("confirmed").isMissingNode()).isTrue();
        assertThat(proof.at("/changes/0/calls/0/before").isMissingNode()).isTrue();
    }

    @Test
    void listsTheAuditTrailNewestFirst() {
        service.send("PUT", "/api/v1/brakes/source?name=" + group, "{\"reason\":\"first %s\"}".formatted(group));
        service.send("DELETE", "/api/v1/brakes/source?name=" + group, "{\"reason\":\"second %s\"}".formatted(group));

        var entries = service.get("/api/v1/audit?limit=2").body();

        assertThat(entries.path("entries"))
                .extracting(each -> each.path("reason").asString())
                .containsExactly("second " + group, "first " + group);
        assertThat(service.get("/api/v1/audit?limit=1&before="
                                + entries.path("entries").path(0).path("number").asLong())
                        .body()
                        .path("entries")
                        .path(0)
                        .path("what")
                        .asString())
                .isEqualTo("brake pulled");
    }

    @Test
    void demandsFilterAndCountForRejecting() {
        assertThat(service.send("POST", "/api/v1/held/reject", "{\"expectedCount\":0,\"reason\":\"x\"}")
                        .detail())
                .contains("'filter'");
        assertThat(reject("{}", null).detail()).contains("'expectedCount'");
    }

    @Test
    void saysWhichWordsThereAreForAWrongOne() {
        assertThat(service.get("/api/v1/held?reason=done").detail()).contains("budget-exceeded");
        assertThat(service.get("/api/v1/held?operation=withdraw").detail()).contains("cancel-subscription");
        assertThat(service.get("/api/v1/batches?state=broken").detail()).contains("failed");
        assertThat(service.get("/api/v1/requests?status=open").detail()).contains("deferred");
        assertThat(service.get("/api/v1/requests?limit=1000").detail()).contains("1 to 200");
    }

    @Test
    void showsABatchWithWhatIsUnfinished() {
        var batch = failedBatch();

        var answer = service.get("/api/v1/batches/B-" + batch.number());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("batch").path("state").asString()).isEqualTo("failed");
        assertThat(answer.body().path("counts").path("succeeded").asLong()).isEqualTo(1);
        assertThat(answer.body().path("counts").path("stalled").asLong()).isEqualTo(1);
        assertThat(answer.body().path("unfinished"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("reason").asString()).isEqualTo("retries-exhausted"));
        assertThat(answer.body().path("allowedActions"))
                .extracting(
                        each -> each.path("action").asString(),
                        each -> each.path("allowed").asBoolean())
                .containsExactly(tuple("restart", true), tuple("stop", false), tuple("abandon", true));
    }

    @Test
    void listsBatchesNewestFirstPageByPage() {
        var older = failedBatch();
        var newer = failedBatch();

        var first = service.get("/api/v1/batches?state=failed&limit=1").body();
        assertThat(first.path("batches"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("number").asLong()).isEqualTo(newer.number()));
        var second = service.get("/api/v1/batches?state=failed&limit=1&before="
                        + first.path("next").asLong())
                .body();
        assertThat(second.path("batches"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("number").asLong()).isEqualTo(older.number()));
    }

    @Test
    void makesAFailedBatchDueForTheDispatcher() {
        var batch = failedBatch();

        var answer = service.send(
                "POST", "/api/v1/batches/%s/restart".formatted(batch.name()), "{\"reason\":\"it answers again\"}");

        assertThat(answer.status()).isEqualTo(200);
        var now = ledger.ledger().batches().byNumber(batch.number()).orElseThrow();
        assertThat(now.restartAt()).isNotNull();
        assertThat(ledger.ledger().batches().dueForRestart(now.restartAt(), 1000))
                .extracting(Batch::number)
                .contains(batch.number());
        assertThat(audited("batch restart asked for", "batch " + batch.name())).containsExactly("it answers again");
    }

    @Test
    void refusesToRestartWhatIsNotStoppedOrFailed() {
        ledger.admit(cancel().of(customer(group)).inGroup(group));
        var running = ledger.claim();
        var path = "/api/v1/batches/%d/restart".formatted(running.number());

        var whileRunning = service.send("POST", path, "{\"reason\":\"x\"}");
        assertThat(whileRunning.status()).isEqualTo(409);
        assertThat(whileRunning.detail()).contains("is running; only a stopped or failed batch");

        ledger.ledger().batches().end(fence(running), State.COMPLETED, null, null, null, ledger.now());
        var whenCompleted = service.send("POST", path, "{\"reason\":\"x\"}");
        assertThat(whenCompleted.status()).isEqualTo(409);
        assertThat(whenCompleted.detail()).contains("is completed");
        assertThat(audited("batch restart asked for", "batch " + running.name()))
                .isEmpty();
    }

    @Test
    void restartsABatchThatAPersonStopped() {
        ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.ledger()
                .batches()
                .end(fence(batch), State.STOPPED, StopReason.OPERATOR, "jane stopped it", null, ledger.now());

        assertThat(service.send("POST", "/api/v1/batches/%d/restart".formatted(batch.number()), "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void restartsAllBatchesOfOneCauseIfTheyAreAsManyAsExpected() {
        var batch = failedBatch();
        ledger.jdbc()
                .sql("insert into job (name) values (:job)")
                .param("job", group)
                .update();
        ledger.jdbc()
                .sql("update batch set job = :job where number = :number")
                .param("job", group)
                .param("number", batch.number())
                .update();
        var body = "{\"filter\":{\"job\":\"%s\",\"state\":\"failed\"},\"expectedCount\":%d,\"reason\":\"it answers\"}";

        var wrong = service.send("POST", "/api/v1/batches/restart", body.formatted(group, 2));
        assertThat(wrong.status()).isEqualTo(409);
        assertThat(wrong.body().path("count").asLong()).isEqualTo(1);
        assertThat(ledger.ledger()
                        .batches()
                        .byNumber(batch.number())
                        .orElseThrow()
                        .restartAt())
                .isNull();

        var right = service.send("POST", "/api/v1/batches/restart", body.formatted(group, 1));
        assertThat(right.body().path("restarted").asLong()).isEqualTo(1);
        assertThat(ledger.ledger()
                        .batches()
                        .byNumber(batch.number())
                        .orElseThrow()
                        .restartAt())
                .isNotNull();
        assertThat(audited("batch restart asked for", "batch " + batch.name())).containsExactly("it answers");
        assertThat(service.get("/api/v1/batches?job=" + group).body().path("batches"))
                .hasSize(1);
    }

    @Test
    void asksTheNodeThatRunsABatchToStopIt() {
        ledger.admit(cancel().of(customer(group)).inGroup(group));
        var running = ledger.claim();
        var path = "/api/v1/batches/%d/stop".formatted(running.number());

        var answer = service.send("POST", path, "{\"reason\":\"wrong list\",\"by\":\"jane\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("batch").path("stopAsked").asString())
                .isEqualTo("jane (log-in file) stopped it: wrong list");
        assertThat(ledger.ledger().batches().askedToStop("node-1"))
                .extracting(Batch::number)
                .contains(running.number());
        assertThat(audited("batch stop asked for", "batch " + running.name())).containsExactly("wrong list");
        assertThat(service.send("POST", path, "{\"reason\":\"x\"}").detail()).contains("is being stopped already");
    }

    @Test
    void abandonsAFailedBatchAndGivesItsRequestsBack() {
        var batch = failedBatch();
        var unfinished = ledger.ledger().requests().unfinishedOf(batch.number()).getFirst();
        var execution = execution(batch);

        var answer = service.send(
                "POST", "/api/v1/executions/%d/abandon".formatted(execution), "{\"reason\":\"another batch\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("batch").path("state").asString()).isEqualTo("abandoned");
        assertThat(answer.body().path("execution").path("status").asString()).isEqualTo("ABANDONED");
        var now = ledger.read(unfinished);
        assertThat(now.reason()).isEqualTo(Reason.ADMITTED);
        assertThat(now.batch()).isNull();
        assertThat(now.lastBatch()).isEqualTo(batch.number());
        assertThat(now.dueAt()).isNotNull();
        assertThat(ledger.told(unfinished)).containsExactly(Reason.ADMITTED, Reason.RETRIES_EXHAUSTED, Reason.ADMITTED);
        assertThat(audited("batch abandoned", "batch " + batch.name())).containsExactly("another batch");
        assertThat(service.send("POST", "/api/v1/batches/%d/abandon".formatted(batch.number()), "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void abandonsNoCallThatWasSentWithoutHavingItLookedFor() {
        var request = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.sendTry(request, batch);
        ledger.settle(request, resolution(Reason.IN_DOUBT), fence(batch));
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());

        service.send("POST", "/api/v1/batches/%d/abandon".formatted(batch.number()), "{\"reason\":\"x\"}");

        assertThat(ledger.read(request).reason()).isEqualTo(Reason.CONFIRMING);
        assertThat(ledger.read(request).dueAt()).isNotNull();
    }

    @Test
    void showsAJobExecutionWithItsBatch() {
        var batch = failedBatch();
        long execution = execution(batch);

        var shown = service.get("/api/v1/executions/" + execution).body();

        assertThat(shown.path("execution").path("batch").asString()).isEqualTo(batch.name());
        assertThat(shown.path("execution").path("failure").asString()).isEqualTo("Its request is stalled.");
        assertThat(shown.path("allowedActions")).hasSize(3);
        assertThat(service.get("/api/v1/executions?limit=1").body().path("executions"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("id").asLong()).isEqualTo(execution));
        assertThat(service.get("/api/v1/executions/999999999").status()).isEqualTo(404);
    }

    /** As Spring Batch would have left it. */
    private long execution(Batch batch) {
        var repository = service.bean("jobRepository", JobRepository.class);
        var parameters =
                new JobParametersBuilder().addLong("batch", batch.number()).toJobParameters();
        var execution = repository.createJobExecution(
                repository.createJobInstance("offboarding", parameters), parameters, new ExecutionContext());
        execution.setStatus(BatchStatus.FAILED);
        execution.setExitStatus(new ExitStatus(
                "FAILED", "dev.offramp.batch.Steps$PersonNeeded: Its request is stalled.\n\tat dev.offramp"));
        repository.update(execution);
        ledger.jdbc()
                .sql("update batch set execution_id = :id where number = :number")
                .param("id", execution.getId())
                .param("number", batch.number())
                .update();
        return execution.getId();
    }

    @Test
    void knowsNoBatchThatDoesNotExist() {
        assertThat(service.get("/api/v1/batches/B-999999999").status()).isEqualTo(404);
        assertThat(service.send("POST", "/api/v1/batches/999999999/restart", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(service.get("/api/v1/batches/last").status()).isEqualTo(400);
    }

    @Test
    void tellsTheStoryOfARequest() {
        var batch = failedBatch();
        long number = ledger.ledger()
                .requests()
                .unfinishedOf(batch.number())
                .getFirst()
                .number();

        var answer = service.get("/api/v1/requests/" + number).body();

        assertThat(answer.path("request").path("status").asString()).isEqualTo("stalled");
        assertThat(answer.path("outcomes"))
                .extracting(each -> each.path("reason").asString())
                .containsExactly("admitted", "retries-exhausted");
        assertThat(answer.path("tries")).isEmpty();
    }

    @Test
    void findsARequestBySourceAndId() {
        Request request = ledger.admit(cancel().of(customer(group)).as("id " + group));

        var answer = service.get("/api/v1/requests?source=%2Fcontoso%2Fbilling&id=id%20" + group)
                .body();

        assertThat(answer.path("requests"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("number").asLong()).isEqualTo(request.number()));
        assertThat(service.get("/api/v1/requests?customer=%s&status=accepted"
                                .formatted(request.customerId().value().toUpperCase(java.util.Locale.ROOT)))
                        .body()
                        .path("requests"))
                .hasSize(1);
        assertThat(service.get("/api/v1/requests?status=held&id=id%20" + group)
                        .body()
                        .path("requests"))
                .isEmpty();
    }

    @Test
    void answersEveryErrorWithAProblem() {
        assertThat(List.of(
                        service.get("/api/v1/nothing"),
                        service.get("/api/v1/requests/0"),
                        service.get("/api/v1/requests/abc"),
                        service.send("PUT", "/api/v1/brakes/all", "{"),
                        service.send("PATCH", "/api/v1/brakes", "{}")))
                .allSatisfy(answer -> {
                    assertThat(answer.status()).isBetween(400, 499);
                    assertThat(answer.contentType()).startsWith("application/problem+json");
                    assertThat(answer.detail()).isNotBlank();
                });
    }

    private List<Request> held(int count, Reason reason) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var request = ledger.admit(
                            unlink().of(customer(group + reason + i)).inGroup(group));
                    ledger.settle(request, resolution(reason), null);
                    return ledger.read(request);
                })
                .toList();
    }

    /** One request done, one stalled. */
    private Batch failedBatch() {
        var one = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var other = ledger.admit(cancel().of(customer(group)).inGroup(group));
        var batch = ledger.claim();
        ledger.settle(one, done(Effect.CANCELLED), fence(batch));
        ledger.settle(other, resolution(Reason.RETRIES_EXHAUSTED), fence(batch));
        ledger.ledger().batches().end(fence(batch), State.FAILED, null, null, null, ledger.now());
        return ledger.ledger().batches().byNumber(batch.number()).orElseThrow();
    }

    private RunningService.Answer release(String filter, @Nullable Long expected) {
        return service.send(
                "POST",
                "/api/v1/held/release",
                "{\"filter\":%s,\"expectedCount\":%s,\"reason\":\"checked\",\"by\":\"jane\"}"
                        .formatted(filter, expected));
    }

    private RunningService.Answer reject(String filter, @Nullable Long expected) {
        return service.send(
                "POST",
                "/api/v1/held/reject",
                "{\"filter\":%s,\"expectedCount\":%s,\"reason\":\"wrong list\",\"by\":\"jane\"}"
                        .formatted(filter, expected));
    }

    private List<String> audited(String what, String target) {
        return ledger.jdbc()
                .sql("select cause from audit_entry where what = :what and target = :target order by number")
                .param("what", what)
                .param("target", target)
                .query(String.class)
                .list();
    }
}
