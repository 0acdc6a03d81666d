package dev.offramp.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.AuditRecords;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The whole service against the simulator: what it did agrees; what somebody else did, and what was lost, is told. */
class ReconcileTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ENOUGH = Duration.ofSeconds(90);

    @Test
    void tellsWhatSomebodyElseDidAndWhatWasLost() throws Exception {
        try (var partnerCenter = PartnerCenterSimulator.start(scenario(), 0);
                var offramp = RunningOfframp.against(partnerCenter)
                        .on(TestDatabase.H2)
                        .onFreshTopics()
                        .with("offramp.batch.confirm.patience", "0s")
                        .start()) {
            offramp.send(List.of(cancel("ours", 1), unlink("ours too", 2), cancel("lost", 3)));
            await().atMost(ENOUGH).until(() -> reason(offramp, "/contoso/billing", "ours") == Reason.DONE);
            await().atMost(ENOUGH).until(() -> reason(offramp, "/contoso/contracts", "ours too") == Reason.DONE);
            await().atMost(ENOUGH)
                    .until(() -> reason(offramp, "/contoso/billing", "lost") == Reason.ACCEPTED_BY_PARTNER_CENTER);
            var correlation = removeBehindItsBack(partnerCenter, customer(4));
            var day = LocalDate.now(ZoneOffset.UTC);
            var all = offramp.context().getBean(Reconciliations.class);

            var soon = compare(offramp, day, Duration.ofDays(1));
            var later = compare(offramp, day, Duration.ofDays(2));

            assertThat(soon.late()).as("its record may still come").isEqualTo(1);
            assertThat(later.missing()).isEqualTo(1);
            assertThat(later.withoutRequest()).isEqualTo(1);
            var report =
                    JSON.readTree(all.byNumber(later.number()).orElseThrow().report());
            assertThat(report.path("matched").asInt()).isEqualTo(2);
            assertThat(report.at("/withoutRequest/0/customerId").asString()).isEqualTo(customer(4));
            assertThat(report.at("/withoutRequest/0/effect").asString()).isEqualTo("relationship-removed");
            assertThat(report.at("/withoutRequest/0/correlationId").asString()).isEqualTo(correlation);
            assertThat(report.at("/missing/0/customerId").asString()).isEqualTo(customer(3));
            assertThat(report.at("/missing/0/request").asLong())
                    .isEqualTo(request(offramp, "/contoso/billing", "lost")
                            .orElseThrow()
                            .number());
            assertThat(offramp.command(List.of("reconcile", "show", String.valueOf(later.number())))
                            .lines())
                    .anyMatch(line -> line.contains("2 effects agree."))
                    .anyMatch(line -> line.contains("relationship-removed") && line.contains(customer(4)))
                    .anyMatch(line -> line.contains("subscription-updated") && line.contains(customer(3)));
            var notYet = offramp.command(
                    List.of("reconcile", "--day", day.plusDays(1).toString()));
            assertThat(notYet.exitCode()).isEqualTo(1);
            assertThat(notYet.lines()).anyMatch(line -> line.contains("is not over yet"));
        }
    }

    /** As a node would that many days later. */
    private static Reconciliation compare(RunningOfframp offramp, LocalDate day, Duration later) {
        var context = offramp.context();
        var all = context.getBean(Reconciliations.class);
        var jdbc = context.getBean(JdbcClient.class);
        var properties = context.getBean(ReconcileProperties.class);
        Instant now = Instant.now().plus(later);
        long number = all.ask(day, "jane", "a test", now).number();
        var reconciler = new Reconciler(
                all,
                new JdbcCalls(jdbc),
                new RecordReading(
                        context.getBean(AuditRecords.class),
                        context.getBean(Pace.class),
                        context.getBean(PartnerTenantId.class),
                        _ -> true),
                new NamedLease(jdbc, "reconcile-test", "test", properties.lease()),
                properties,
                () -> false,
                // Later than the database keeps the time at which it was asked for, which it rounds.
                () -> now.plusSeconds(1),
                new LoggingReconcileJournal(Optional.empty()));
        reconciler.look();
        var made = all.byNumber(number).orElseThrow();
        assertThat(made.state()).as(made.message()).isEqualTo(Reconciliation.State.DONE);
        return made;
    }

    private static String removeBehindItsBack(PartnerCenterSimulator partnerCenter, String customer)
            throws IOException, InterruptedException {
        var correlation = UUID.randomUUID().toString();
        try (var http = HttpClient.newHttpClient()) {
            var token = http.send(
                    to(partnerCenter, "/" + partnerCenter.scenario().partnerTenantId() + "/oauth2/v2.0/token")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(
                                    BodyPublishers.ofString(
                                            "grant_type=refresh_token&client_id=app&client_secret=secret&refresh_token="
                                                    + partnerCenter.refreshToken()
                                                    + "&scope=openid+offline_access+https%3A%2F%2Fapi.partnercenter.microsoft.com%2Fuser_impersonation"))
                            .build(),
                    BodyHandlers.ofString());
            var answer = http.send(
                    to(partnerCenter, "/v1/customers/" + customer)
                            .header(
                                    "Authorization",
                                    "Bearer "
                                            + JSON.readTree(token.body())
                                                    .path("access_token")
                                                    .asString())
                            .header("Content-Type", "application/json")
                            .header("MS-RequestId", UUID.randomUUID().toString())
                            .header("MS-CorrelationId", correlation)
                            .method(
                                    "PATCH",
                                    BodyPublishers.ofString(
                                            "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        return correlation;
    }

    private static HttpRequest.Builder to(PartnerCenterSimulator partnerCenter, String path) {
        var base = partnerCenter.baseUri().toString();
        return HttpRequest.newBuilder(URI.create(base.replaceAll("/+$", "") + path));
    }

    private static Reason reason(RunningOfframp offramp, String source, String id) {
        return request(offramp, source, id).map(Request::reason).orElse(Reason.ADMITTED);
    }

    private static Optional<Request> request(RunningOfframp offramp, String source, String id) {
        return offramp.context().getBean(Requests.class).byKey(new RequestKey(source, id));
    }

    private static Scenario scenario() {
        var scenario = Scenario.builder();
        for (int number = 1; number <= 4; number++) {
            var each = number;
            scenario.customer("Customer " + each, customer -> {
                customer.id(customer(each)).domain("customer-%d.example".formatted(each));
                return each % 2 == 0
                        ? customer
                        : customer.newCommerceLicence(
                                licence -> licence.id(subscription(each)).cancellableUntil("+3d"));
            });
        }
        scenario.fault(Fault.on("cancel").ofCustomer(customer(3)).acceptsAndCarriesOutAfter(Duration.ofHours(10)));
        return scenario.build();
    }

    private static String customer(int number) {
        return "c0000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "50000000-0000-4000-8000-%012d".formatted(number);
    }

    private static ObjectNode cancel(String id, int number) {
        var event = event("cancel-subscription", "/contoso/billing", id, number);
        event.withObject("/data").put("subscriptionId", subscription(number));
        return event;
    }

    private static ObjectNode unlink(String id, int number) {
        var event = event("remove-reseller-relationship", "/contoso/contracts", id, number);
        event.withObject("/data/expect").put("customerDomain", "customer-%d.example".formatted(number));
        return event;
    }

    private static ObjectNode event(String operation, String source, String id, int number) {
        var event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp." + operation + ".v1")
                .put("source", source)
                .put("id", id)
                .put("time", Instant.now().toString());
        event.putObject("data")
                .put("customerId", customer(number))
                .put("requestedBy", "jane.doe@contoso.example")
                .put("reason", "A test");
        return event;
    }
}
