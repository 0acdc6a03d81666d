package dev.offramp.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestKafka;
import dev.offramp.testing.ToldOutcome;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration ENOUGH = Duration.ofSeconds(40);
    private static final List<String> ENDED =
            List.of("before", "open-1", "open-2", "taken-back", "take-back", "after-1", "after-2", "too-early");

    private final String name = TestKafka.uniqueName("recovery");

    @Test
    void carriesNothingOutAgainAfterAnOlderCopyIsRestoredNorOverAnEmptyDatabase() throws Exception {
        var scenario = Scenario.builder().propagationDelay(Duration.ofMillis(300));
        for (int number = 1; number <= 8; number++) {
            var each = number;
            scenario.customer(
                    "Customer " + each,
                    customer -> customer.id(customer(each))
                            .newCommerceLicence(
                                    licence -> licence.id(subscription(each)).cancellableUntil("+3d")));
        }
        try (var partnerCenter = PartnerCenterSimulator.start(scenario.build(), 0)) {
            var copy = livesUntilItsDatabaseIsLost(partnerCenter);
            var calls = partnerCenter.calls().size();
            assertThat(calls).isEqualTo(5);

            recoversFromTheCopy(partnerCenter, copy);
            recoversWithAnEmptyDatabase(partnerCenter);
        }
    }

    /** @return the copy, as the name of a database */
    private String livesUntilItsDatabaseIsLost(PartnerCenterSimulator partnerCenter) throws SQLException {
        try (var offramp = start(partnerCenter, name)) {
            offramp.send(List.of(cancel("before", 1)));
            untilFinal(offramp, "before");
            // All that is admitted now stays open in the copy.
            run(offramp, "brake", "pull", "--reason", "a copy is taken");
            offramp.send(List.of(cancel("open-1", 2), cancel("open-2", 3), cancel("taken-back", 4)));
            untilTold(offramp, "open-1", "open-2", "taken-back");
            copy(name, name + "-copy");

            offramp.send(List.of(withdraw("take-back", 4, "taken-back")));
            untilFinal(offramp, "taken-back", "take-back");
            run(offramp, "brake", "release", "--reason", "the copy is taken");
            offramp.send(List.of(
                    cancel("after-1", 5), cancel("after-2", 6), rejected("too-early", 7), tomorrow("open-3", 8)));
            untilFinal(offramp, "open-1", "open-2", "after-1", "after-2", "too-early");
            untilTold(offramp, "open-3");
            return name + "-copy";
        }
    }

    private void recoversFromTheCopy(PartnerCenterSimulator partnerCenter, String copy) {
        try (var offramp = start(partnerCenter, copy)) {
            await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isPresent());
            assertThat(run(offramp, "intake", "show")).anyMatch(line -> line.contains("older-ledger"));
            assertThat(run(offramp, "recover-from-backup", "--plan"))
                    .anyMatch(line -> line.contains("This database is older than it was"));
            assertThat(recoveries(offramp).open().orElseThrow().state()).isEqualTo(Recoveries.State.NEEDED);

            var told = run(offramp, "recover-from-backup", "--reason", "the disk failed");

            assertThat(told).anyMatch(line -> line.contains("3 ended, 0 go on, and 0 are held"));
            run(offramp, "brake", "release", "--reason", "the brake of the copy");
            endsAlike(offramp, partnerCenter);
            assertThat(JdbcClient.create(offramp.context().getBean(javax.sql.DataSource.class))
                            .sql("select count(*) from audit_entry where what = 'recovered from backup'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    private void recoversWithAnEmptyDatabase(PartnerCenterSimulator partnerCenter) {
        try (var offramp = start(partnerCenter, name + "-empty")) {
            await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isPresent());
            assertThat(recoveries(offramp).open().orElseThrow().words()).contains("empty and was not always");

            run(offramp, "recover-from-backup", "--reason", "there is no copy");

            endsAlike(offramp, partnerCenter);
        }
    }

    private void endsAlike(RunningOfframp offramp, PartnerCenterSimulator partnerCenter) {
        await().atMost(ENOUGH).until(() -> recoveries(offramp).open().isEmpty());
        assertThat(run(offramp, "brake")).containsExactly("No brake is pulled.");
        var requests = offramp.context().getBean(Requests.class);
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(requests.list(Requests.Filter.ALL, null, 100))
                        .hasSize(ENDED.size() + 1)
                        .filteredOn(each -> each.isFinal())
                        .extracting(each -> each.key().id())
                        .containsExactlyInAnyOrderElementsOf(ENDED));

        assertThat(partnerCenter.calls())
                .extracting(each -> each.customer())
                .containsExactlyInAnyOrder(customer(1), customer(2), customer(3), customer(5), customer(6));
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

    private RunningOfframp start(PartnerCenterSimulator partnerCenter, String database) {
        return RunningOfframp.against(partnerCenter)
                .with("spring.datasource.url", url(database))
                .with("spring.datasource.username", "sa")
                .with("spring.datasource.password", "")
                .with("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers())
                .with("offramp.topics.requests", name + "-requests")
                .with("offramp.topics.outcomes", name + "-outcomes")
                .with("offramp.topics.refused", name + "-refused")
                .with("offramp.intake.group", name)
                .with("offramp.recovery.settle-time", "1s")
                .start();
    }

    private static String url(String database) {
        return "jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    }

    private static void copy(String from, String to) throws SQLException {
        var script = "target/" + to + ".sql";
        try (var old = DriverManager.getConnection(url(from), "sa", "");
                var copy = DriverManager.getConnection(url(to), "sa", "")) {
            old.createStatement().execute("script to '" + script + "'");
            copy.createStatement().execute("runscript from '" + script + "'");
        }
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
