package dev.offramp.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Reason;
import dev.offramp.request.IntakeGroup;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TestKafka;
import dev.offramp.testing.ToldOutcome;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A copy of the database is restored, and then the database is lost altogether: nothing is carried out again. */
class RecoveryTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ENOUGH = Duration.ofSeconds(90);
    private static final List<String> ENDED =
            List.of("before", "open-1", "open-2", "taken-back", "take-back", "after-1", "after-2", "too-early", "own");
    private static final String ACCEPTED = "accepted-by-partner-center";

    private final String name = TestKafka.uniqueName("recovery");

    @Test
    void carriesNothingOutAgainOverAnEmptyDatabaseNorWhenAllIsReadAgainAfterItsDetailsAreGone() throws Exception {
        try (var partnerCenter = PartnerCenterSimulator.start(scenario(), 0)) {
            livesUntilItsDatabaseIsLost(partnerCenter, TestDatabase.H2.empty());
            recoversWithAnEmptyDatabase(partnerCenter);
            goesOnWithoutWhatIsMissingWhenAPersonSaysSo(partnerCenter);
        }
    }

    @Test
    void carriesNothingOutAgainAfterAnOlderCopyIsRestoredAndItsNodeEndsInTheMiddle() throws Exception {
        try (var partnerCenter = PartnerCenterSimulator.start(scenario(), 0)) {
            var copy = livesUntilItsDatabaseIsLost(partnerCenter, TestDatabase.POSTGRESQL.empty());
            recoversFromTheCopyWithTwoNodes(partnerCenter, copy);
        }
    }

    private static Scenario scenario() {
        var scenario = Scenario.builder().propagationDelay(Duration.ofMillis(300));
        for (int number = 1; number <= 10; number++) {
            var each = number;
            scenario.customer(
                    "Customer " + each,
                    customer -> customer.id(customer(each))
                            .newCommerceLicence(
                                    licence -> licence.id(subscription(each)).cancellableUntil("+3d")));
        }
        scenario.fault(Fault.on("cancel").ofCustomer(customer(9)).acceptsAndCarriesOutAfter(Duration.ofHours(10)));
        return scenario.build();
    }

    /** @return the copy that was taken in between */
    private HikariDataSource livesUntilItsDatabaseIsLost(
            PartnerCenterSimulator partnerCenter, HikariDataSource database) throws SQLException, IOException {
        try (var offramp = start(partnerCenter, database, "node", "1s")) {
            offramp.send(List.of(cancel("before", 1)));
            untilFinal(offramp, "before");
            // All that is admitted now stays open in the copy.
            run(offramp, "brake", "pull", "--reason", "a copy is taken");
            offramp.send(
                    List.of(cancel("open-1", 2), cancel("open-2", 3), cancel("taken-back", 4), cancel(ACCEPTED, 9)));
            untilTold(offramp, "open-1", "open-2", "taken-back", ACCEPTED);
            var copy = DatabaseCopy.of(database);

            offramp.send(List.of(withdraw("take-back", 4, "taken-back")));
            untilFinal(offramp, "taken-back", "take-back");
            run(offramp, "brake", "release", "--reason", "the copy is taken");
            offramp.send(List.of(
                    cancel("after-1", 5), cancel("after-2", 6), rejected("too-early", 7), tomorrow("open-3", 8)));
            var own = cancel("own", 10).put("source", "/contoso/contracts");
            offramp.sendTo(name + "-own", List.of(own));
            untilFinal(offramp, "open-1", "open-2", "after-1", "after-2", "too-early", "own");
            untilTold(offramp, "open-3");
            assertThat(offramp.outcomes()
                            .await(
                                    ENOUGH,
                                    all -> ToldOutcome.of(ACCEPTED, all).stream()
                                            .anyMatch(each -> each.reason() == Reason.ACCEPTED_BY_PARTNER_CENTER)))
                    .isTrue();
            assertThat(partnerCenter.calls()).hasSize(7);
            return copy;
        }
    }

    private void recoversFromTheCopyWithTwoNodes(PartnerCenterSimulator partnerCenter, HikariDataSource copy) {
        // It never ends by itself.
        try (var other = start(partnerCenter, copy, "other", "1h")) {
            try (var one = start(partnerCenter, copy, "one", "1h")) {
                for (var each : List.of(one, other)) {
                    await().atMost(ENOUGH)
                            .untilAsserted(() -> assertThat(run(each, "intake", "show"))
                                    .anyMatch(line -> line.contains("older-ledger")));
                }
                assertThat(run(one, "recover-from-backup", "--plan"))
                        .anyMatch(line -> line.contains("This database is older than it was"));
                assertThat(recoveries(one).open().orElseThrow().state()).isEqualTo(Recoveries.State.NEEDED);

                var told = run(one, "recover-from-backup", "--reason", "the disk failed");

                assertThat(told).anyMatch(line -> line.contains("3 ended, 0 go on, and 1 are held"));
            }
            assertThat(recoveries(other).open().orElseThrow().state()).isEqualTo(Recoveries.State.UNDER_WAY);
            run(other, "brake", "release", "--reason", "the brake of the copy");
            assertThat(run(other, "brake")).anyMatch(line -> line.contains("older than it was"));
            var jdbc = JdbcClient.create(copy);
            jdbc.sql("update recovery set calls_from = :now")
                    .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                    .update();
            endsAlike(other, partnerCenter);
            assertThat(jdbc.sql("select count(*) from audit_entry where what = 'recovered from backup'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    private void recoversWithAnEmptyDatabase(PartnerCenterSimulator partnerCenter) {
        var database = TestDatabase.H2.empty();
        try (var offramp = start(partnerCenter, database, "node", "1s")) {
            await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isPresent());
            assertThat(recoveries(offramp).open().orElseThrow().words()).contains("empty and was not always");

            run(offramp, "recover-from-backup", "--reason", "there is no copy");

            endsAlike(offramp, partnerCenter);
            readsAllAgainAfterItsDetailsAreGone(offramp, JdbcClient.create(database));
            endsAlike(offramp, partnerCenter);
        }
    }

    private void readsAllAgainAfterItsDetailsAreGone(RunningOfframp offramp, JdbcClient jdbc) {
        var ended = OffsetDateTime.now(ZoneOffset.UTC).minusDays(200);
        jdbc.sql("update request set settled_at = :ended where settled_at is not null")
                .param("ended", ended)
                .update();
        jdbc.sql("delete from retention_pass").update();
        var requests = offramp.context().getBean(Requests.class);
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(requests.list(Requests.Filter.ALL, null, 100))
                        .filteredOn(Request::isStub)
                        .hasSize(ENDED.size()));
        var intake = offramp.context().getBean(IntakeGroup.class);
        long before = finals(offramp);

        assertThat(intake.topics()).containsExactly(name + "-requests", name + "-own");
        intake.whileAway(() -> intake.topics()
                .forEach(topic -> offramp.context().getBean(KafkaSide.class).rewind(topic, Map.of(0, 0L))));

        await("all is told again").atMost(ENOUGH).until(() -> finals(offramp) >= before + ENDED.size());
    }

    private static long finals(RunningOfframp offramp) {
        return offramp.outcomes().all().stream().filter(ToldOutcome::isFinal).count();
    }

    private void goesOnWithoutWhatIsMissingWhenAPersonSaysSo(PartnerCenterSimulator partnerCenter) {
        try (var offramp = configured(partnerCenter, TestDatabase.H2.empty(), "node", "1s")
                .with("offramp.intake.accept-older-ledger", "true")
                .start()) {
            var offsets = offramp.context().getBean(Offsets.class);
            await().atMost(ENOUGH)
                    .until(() -> offsets.of(name + "-requests").containsKey(0)
                            && offsets.of(name + "-own").containsKey(0));
            await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isEmpty());
            assertThat(run(offramp, "brake")).containsExactly("No brake is pulled.");

            offramp.send(List.of(cancel("new", 7)));
            untilFinal(offramp, "new");

            assertThat(offramp.context().getBean(Requests.class).list(Requests.Filter.ALL, null, 100))
                    .singleElement()
                    .satisfies(each -> assertThat(each.reason()).isEqualTo(Reason.DONE));
            assertThat(partnerCenter.calls())
                    .extracting(each -> each.customer())
                    .containsExactlyInAnyOrder(
                            customer(1),
                            customer(2),
                            customer(3),
                            customer(5),
                            customer(6),
                            customer(9),
                            customer(10),
                            customer(7));
        }
    }

    private void endsAlike(RunningOfframp offramp, PartnerCenterSimulator partnerCenter) {
        await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isEmpty());
        assertThat(run(offramp, "brake")).containsExactly("No brake is pulled.");
        var requests = offramp.context().getBean(Requests.class);
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(requests.list(Requests.Filter.ALL, null, 100))
                        .hasSize(ENDED.size() + 2)
                        .filteredOn(each -> each.isFinal())
                        .extracting(each -> each.key().id())
                        .containsExactlyInAnyOrderElementsOf(ENDED));

        assertThat(partnerCenter.calls())
                .extracting(each -> each.customer())
                .containsExactlyInAnyOrder(
                        customer(1), customer(2), customer(3), customer(5), customer(6), customer(9), customer(10));
        assertThat(requests.byKey(new RequestKey("/contoso/billing", ACCEPTED))
                        .orElseThrow()
                        .reason())
                .as("Partner Center had accepted it")
                .isEqualTo(Reason.APPROVAL_NEEDED);
        // What the ledger says is told a moment later.
        await().atMost(ENOUGH)
                .untilAsserted(() -> isToldAsTheLedgerSays(
                        requests.list(Requests.Filter.ALL, null, 100),
                        offramp.outcomes().all()));
        assertThat(saidUnderEachId(offramp.outcomes().all()))
                .allSatisfy((_, words) -> assertThat(words).hasSize(1));
    }

    /** Whoever drops repeats and lower numbers sees each request end once, and as the ledger says. */
    private static void isToldAsTheLedgerSays(List<Request> requests, List<ToldOutcome> told) {
        var seen = byConsumersRule(told);
        for (var request : requests) {
            assertThat(seen).containsKey(request.key().id());
            var last = seen.get(request.key().id()).getLast();
            assertThat(last.words())
                    .as(request.key().id())
                    .isEqualTo(request.status().word() + ": " + request.reason().word());
            assertThat(last.sequence()).as(request.key().id()).isEqualTo(request.sequence());
            assertThat(seen.get(request.key().id()))
                    .filteredOn(ToldOutcome::isFinal)
                    .hasSizeLessThan(2);
        }
    }

    private static Map<String, List<ToldOutcome>> byConsumersRule(List<ToldOutcome> all) {
        var seen = new HashMap<String, List<ToldOutcome>>();
        for (var each : all) {
            var before = seen.computeIfAbsent(each.request(), _ -> new ArrayList<>());
            if (before.isEmpty() || each.sequence() > before.getLast().sequence()) {
                before.add(each);
            }
        }
        return seen;
    }

    private static Map<String, List<String>> saidUnderEachId(List<ToldOutcome> all) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        ToldOutcome::id,
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                same -> same.stream()
                                        .map(ToldOutcome::words)
                                        .distinct()
                                        .toList())));
    }

    private RunningOfframp start(
            PartnerCenterSimulator partnerCenter, HikariDataSource database, String node, String settleTime) {
        return configured(partnerCenter, database, node, settleTime).start();
    }

    private RunningOfframp.Builder configured(
            PartnerCenterSimulator partnerCenter, HikariDataSource database, String node, String settleTime) {
        return RunningOfframp.against(partnerCenter)
                .with("spring.datasource.url", database.getJdbcUrl())
                .with("spring.datasource.username", database.getUsername())
                .with("spring.datasource.password", "")
                .with("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers())
                .with("offramp.node", node)
                .with("offramp.topics.requests", name + "-requests")
                .with("offramp.topics.outcomes", name + "-outcomes")
                .with("offramp.topics.refused", name + "-refused")
                .with("offramp.intake.group", name)
                .with("offramp.request.sources[0].name", "/contoso/billing")
                .with("offramp.request.sources[1].name", "/contoso/contracts")
                .with("offramp.request.sources[1].topic", name + "-own")
                .with("offramp.batch.confirm.patience", "0s")
                .with("offramp.retention.poll-interval", "200ms")
                .with("offramp.recovery.settle-time", settleTime);
    }

    private static Recoveries recoveries(RunningOfframp offramp) {
        return offramp.context().getBean(Recoveries.class);
    }

    private static List<String> run(RunningOfframp offramp, String... words) {
        var ran = offramp.command(List.of(words));
        assertThat(ran.exitCode()).as("%s: %s", List.of(words), ran.lines()).isZero();
        return ran.lines();
    }

    private static void untilFinal(RunningOfframp offramp, String... requests) {
        assertThat(offramp.outcomes()
                        .await(
                                ENOUGH,
                                all -> List.of(requests).stream()
                                        .allMatch(id ->
                                                ToldOutcome.of(id, all).stream().anyMatch(ToldOutcome::isFinal))))
                .as("final outcomes of %s", List.of(requests))
                .isTrue();
    }

    private static void untilTold(RunningOfframp offramp, String... requests) {
        assertThat(offramp.outcomes()
                        .await(
                                ENOUGH,
                                all -> List.of(requests).stream()
                                        .noneMatch(id -> ToldOutcome.of(id, all).isEmpty())))
                .as("outcomes of %s", List.of(requests))
                .isTrue();
    }

    private static String customer(int number) {
        return "c0000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "50000000-0000-4000-8000-%012d".formatted(number);
    }

    private static ObjectNode cancel(String id, int number) {
        var event = event("cancel-subscription", id, number);
        event.withObject("/data").put("subscriptionId", subscription(number));
        return event;
    }

    private static ObjectNode tomorrow(String id, int number) {
        var event = cancel(id, number);
        event.withObject("/data")
                .put("notBefore", Instant.now().plus(Duration.ofDays(1)).toString());
        return event;
    }

    /** There is no such subscription. */
    private static ObjectNode rejected(String id, int number) {
        var event = cancel(id, number);
        event.withObject("/data").put("subscriptionId", subscription(99));
        return event;
    }

    private static ObjectNode withdraw(String id, int number, String request) {
        var event = event("withdraw", id, number);
        event.withObject("/data").put("requestId", request);
        return event;
    }

    private static ObjectNode event(String operation, String id, int number) {
        var event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp." + operation + ".v1")
                .put("source", "/contoso/billing")
                .put("id", id)
                .put("time", Instant.now().toString());
        event.putObject("data")
                .put("customerId", customer(number))
                .put("requestedBy", "jane.doe@contoso.example")
                .put("reason", "A test");
        return event;
    }
}
