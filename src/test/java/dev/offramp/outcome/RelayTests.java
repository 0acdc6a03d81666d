package dev.offramp.outcome;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.outcome.Relay.Round;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RelayTests {

    private final LedgerFixture fixture;
    private final ManualSender broker = new ManualSender();

    RelayTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
    }

    @Test
    void tellsEveryOutcomeOnceInTheOrderOfEachCustomer() {
        admitAndFinish("a1", "a");
        admitAndFinish("b1", "b");
        admitAndFinish("a2", "a");

        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(relay().publishOnce()).isEqualTo(Round.IDLE);

        assertThat(broker.taken).containsExactlyInAnyOrder("a1#1", "a1#2", "b1#1", "b1#2", "a2#1", "a2#2");
        assertThat(of("a")).containsExactly("a1#1", "a1#2", "a2#1", "a2#2");
        assertThat(of("b")).containsExactly("b1#1", "b1#2");
    }

    @Test
    void holdsBackTheLaterOutcomesOfACustomerWhoseSendFailedAndNoOthers() {
        admitAndFinish("a1", "a");
        admitAndFinish("b1", "b");
        broker.failWhen(id -> id.equals("a1#1") ? new RecordTooLargeException("The test says so") : null);

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.tried).doesNotContain("a1#2");
        assertThat(broker.taken).containsExactly("b1#1", "b1#2");
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(2);

        broker.heal();
        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(of("a")).containsExactly("a1#1", "a1#2");
        assertThat(fixture.ledger().outcomes().countUnsent()).isZero();
    }

    @Test
    void letsNobodyElseWaitForAPageThatCannotBeSent() {
        for (var each = 0; each < 60; each++) {
            admitAndFinish("a" + each, "a");
        }
        admitAndFinish("b1", "b");
        broker.failWhen(id -> id.startsWith("a") ? new RecordTooLargeException("The test says so") : null);

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.taken).containsExactly("b1#1", "b1#2");
        assertThat(broker.tried).as("one for the customer that is stuck").hasSize(3);
    }

    @Test
    void triesNobodyElseInThisRoundWhenTheBrokerIsAway() {
        for (var each : List.of("a", "b", "c")) {
            admitAndFinish(each + "1", each);
        }
        broker.failWhen(id -> new TimeoutException("The test took the broker away"));

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.tried).hasSize(1);
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(6);
    }

    @Test
    void tellsAgainUnderTheSameIdWhatWasAcknowledgedButNotNoted() {
        admitAndFinish("a1", "a");
        var dying = relay(new RelayJournal() {
            @Override
            public void acknowledged(List<Outcome> outcomes) {
                throw new IllegalStateException("The process dies here");
            }
        });

        assertThatThrownBy(dying::publishOnce).hasMessage("The process dies here");
        relay().publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#1", "a1#2");
    }

    @Test
    void tellsTheNewestOutcomeAgainWhenAsked() {
        var request = admitAndFinish("a1", "a");
        relay().publishOnce();

        fixture.ledger().requests().tellAgain(List.of(request.key()));
        relay().publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#2", "a1#2");
    }

    @Test
    void publishesRefusedRecordsOnce() {
        fixture.ledger().refusals().add(refusal(3), fixture.now());
        fixture.ledger().refusals().add(refusal(4), fixture.now());
        broker.failWhen(id -> id.equals("refused@3") ? new RecordTooLargeException("The test says so") : null);
        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);
        broker.heal();

        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(relay().publishOnce()).isEqualTo(Round.IDLE);

        assertThat(broker.taken).containsExactly("refused@4", "refused@3");
    }

    @Test
    void leavesPublishingToTheNodeThatHasTheLeaseAndTakesOverWhenItHasRunOut() {
        admitAndFinish("a1", "a");
        assertThat(leaseOf("node-1").hold()).isTrue();

        assertThat(relayOf("node-2").publishOnce()).isEqualTo(Round.NOT_MINE);
        assertThat(broker.tried).isEmpty();

        fixture.pass(Duration.ofSeconds(10));
        assertThat(relayOf("node-2").publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(leaseOf("node-1").hold()).isFalse();
    }

    @Test
    void stopsBetweenTwoWavesWhenTheLeaseIsLost() {
        admitAndFinish("a1", "a");
        var relay = relay(new RelayJournal() {
            @Override
            public void noted(List<Outcome> outcomes) {
                fixture.pass(Duration.ofSeconds(10));
                assertThat(leaseOf("node-2").hold()).isTrue();
            }
        });

        assertThat(relay.publishOnce()).isEqualTo(Round.NOT_MINE);

        assertThat(broker.taken).containsExactly("a1#1");
    }

    @Test
    void renewsAndGivesBackTheLease() {
        var mine = leaseOf("node-1");
        assertThat(mine.hold()).isTrue();
        fixture.pass(Duration.ofSeconds(9));
        assertThat(mine.hold()).isTrue();
        fixture.pass(Duration.ofSeconds(9));
        assertThat(leaseOf("node-2").hold()).isFalse();

        mine.giveBack();

        assertThat(leaseOf("node-2").hold()).isTrue();
        mine.giveBack();
        assertThat(leaseOf("node-1").hold()).isFalse();
    }

    private Request admitAndFinish(String id, String customer) {
        var request = fixture.admit(cancel().as(id).of(customer(customer)));
        assertThat(fixture.settle(request, done(Effect.CANCELLED), null)).isTrue();
        return request;
    }

    private List<String> of(String customer) {
        return broker.taken.stream().filter(id -> id.startsWith(customer)).toList();
    }

    private static Refusal refusal(long offset) {
        return new Refusal(
                new Place("offramp.requests", 0, offset),
                "invalid-message",
                "The value is not JSON.",
                null,
                null,
                null,
                new byte[] {1},
                1,
                "digest-" + offset,
                null);
    }

    private Relay relay() {
        return relay(new RelayJournal() {});
    }

    private Relay relay(RelayJournal journal) {
        return relay(leaseOf("node-1"), journal);
    }

    private Relay relayOf(String node) {
        return relay(leaseOf(node), new RelayJournal() {});
    }

    private Relay relay(RelayLease lease, RelayJournal journal) {
        return new Relay(
                fixture.ledger().outcomes(),
                fixture.ledger().refusals(),
                new OutcomeMessages("offramp.outcomes", "offramp.requests.refused", "/offramp", 900_000),
                broker,
                lease,
                journal,
                100);
    }

    private RelayLease leaseOf(String node) {
        return new JdbcRelayLease(fixture.jdbc(), fixture::now, node, Duration.ofSeconds(10));
    }
}
