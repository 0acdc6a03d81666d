package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.request.RequestsByHand.Brought;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RequestsByHandTests {

    private static final Instant LATER = Events.NOW.plus(Duration.ofDays(90));

    private final DataSource dataSource;
    private final Ledger ledger;
    private final List<Long> noted = new ArrayList<>();
    private Instant now = Events.NOW;

    RequestsByHandTests(TestDatabase database) {
        dataSource = database.fresh();
        ledger = Ledger.over(dataSource);
    }

    @Test
    void admitsAMessageAsFromTheTopicButWithoutAPlace() throws IOException {
        var brought = send(Events.cancel("a"));

        assertThat(brought).isInstanceOf(Brought.Admitted.class);
        var request = request("a");
        assertThat(request.operation()).isEqualTo(Operation.CANCEL_SUBSCRIPTION);
        assertThat(request.admission().place()).isNull();
        assertThat(noted).containsExactly(request.number());
    }

    @Test
    void tellsTheStateOfARepeatedOneAndAdmitsNothing() throws IOException {
        send(Events.cancel("a"));

        assertThat(send(Events.cancel("a"))).isEqualTo(new Brought.Repeated(request("a")));
        assertThat(noted).hasSize(1);
    }

    @Test
    void takesBackWhatAWithdrawNames() throws IOException {
        send(Events.cancel("a"));

        send(Events.withdraw("b", "a"));

        assertThat(request("a").reason()).isEqualTo(Reason.BY_SOURCE);
        assertThat(request("b").reason()).isEqualTo(Reason.DONE);
    }

    @Test
    void refusesWithASentenceAndWritesNothing() throws IOException {
        assertThat(send(Events.cancel("a").data(data -> data.put("planonly", true))))
                .isInstanceOfSatisfying(Brought.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo("invalid-message");
                    assertThat(refused.sentence()).contains("planonly");
                });
        assertThat(send(Events.cancel("b").with(event -> event.put("source", "file:cancellations"))))
                .isInstanceOfSatisfying(
                        Brought.Refused.class,
                        refused -> assertThat(refused.sentence()).contains("that of a file"));
        assertThat(byHand(Mode.OBSERVE, Map.of())
                        .send(new ByteArrayInputStream(new byte[300_000]), _ -> {}, this::note))
                .isInstanceOfSatisfying(
                        Brought.Refused.class,
                        refused -> assertThat(refused.sentence()).contains("more than the 262144"));

        assertThat(ledger.requests().countOpen()).isZero();
        assertThat(ledger.refusals().list(null, 10)).isEmpty();
        assertThat(ledger.outcomes().countUnsent()).isZero();
    }

    @Test
    void refusesAnIdThatCameWithAnotherBody() throws IOException {
        send(Events.cancel("a"));

        assertThat(send(Events.cancel("a").data(data -> data.put("reason", "another"))))
                .isInstanceOfSatisfying(
                        Brought.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("id-reused-with-other-body"));
    }

    @Test
    void asksAgainUnderTheNextIdInTheModeOfTodayWithAFreshEnd() throws IOException {
        send(Events.cancel("a"));
        var old = settled("a", Reason.OBSERVE_MODE);
        now = LATER;

        var again = again(old, Mode.LIVE, Map.of("/contoso/billing", Set.of(Operation.CANCEL_SUBSCRIPTION)));

        assertThat(again).isInstanceOf(Brought.Admitted.class);
        var request = request("a~1");
        assertThat(request.admission().resubmits()).isEqualTo(old.number());
        assertThat(request.admission().resubmittedId()).isEqualTo("a");
        assertThat(request.admission().mode()).isEqualTo(Mode.LIVE);
        assertThat(request.terms().notAfter()).isEqualTo(LATER.plus(Duration.ofDays(30)));
        assertThat(request.subscriptionId()).isEqualTo(old.subscriptionId());
        assertThat(request.terms().expect()).isEqualTo(old.terms().expect());
        assertThat(request.reason()).isEqualTo(Reason.ADMITTED);

        again(old, Mode.OBSERVE, Map.of());
        assertThat(request("a~2").admission().resubmits()).isEqualTo(old.number());
    }

    @Test
    void asksAgainForAPlanOnlyAsAPlan() throws IOException {
        send(Events.cancel("a").data(data -> data.put("mode", "plan")));

        again(settled("a", Reason.PLAN_ONLY), Mode.OBSERVE, Map.of());

        assertThat(request("a~1").terms().planOnly()).isTrue();
    }

    @Test
    void asksNotAgainForWhatTheSourceMayNotAskFor() throws IOException {
        send(Events.cancel("a"));
        var old = settled("a", Reason.UNKNOWN_SOURCE);

        assertThat(again(old, Mode.LIVE, Map.of()))
                .isInstanceOfSatisfying(
                        Brought.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("unknown-source"));
        assertThat(again(old, Mode.LIVE, Map.of("/contoso/billing", Set.of(Operation.REMOVE_RESELLER_RELATIONSHIP))))
                .isInstanceOfSatisfying(
                        Brought.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("operation-not-allowed"));
        assertThat(ledger.requests().byKey(new RequestKey("/contoso/billing", "a~1")))
                .isEmpty();
    }

    private Brought send(Events event) throws IOException {
        return byHand(Mode.OBSERVE, Map.of()).send(new ByteArrayInputStream(event.bytes()), _ -> {}, this::note);
    }

    private Brought again(Request old, Mode mode, Map<String, Set<Operation>> sources) {
        return byHand(mode, sources).again(old, this::note);
    }

    private RequestsByHand byHand(Mode mode, Map<String, Set<Operation>> sources) {
        return new RequestsByHand(
                new MessageReader(new MessageSchemas(), 256 * 1024),
                new Screening(new Screening.Rules(
                        mode,
                        PartnerTenantId.of(Events.PARTNER),
                        Duration.ofDays(30),
                        true,
                        sources,
                        Jobs.of(List.of()))),
                ledger.requests(),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                () -> now);
    }

    private void note(Request request, Instant at) {
        noted.add(request.number());
    }

    private Request settled(String id, Reason reason) {
        ledger.requests()
                .settle(request(id), Resolution.of(reason, Effect.NONE, "It is settled.", Details.NONE), null, now);
        return request(id);
    }

    private Request request(String id) {
        return ledger.requests().byKey(new RequestKey("/contoso/billing", id)).orElseThrow();
    }
}
