package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a Partner Center that does not answer stops. */
@OnBothDatabases
class OutageTests {

    private final BatchNode node;

    OutageTests(TestDatabase database) {
        node = BatchNode.over(
                database.fresh(), "offramp.batch.outage.calls=4", "offramp.batch.outage.retry-after=150ms");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void stopsTheBatchAndGoesOnByItselfWhenItIsOver() {
        List<Request> requests = admit(30);
        node.partnerCenter.down = true;

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.OUTAGE);
        assertThat(node.partnerCenter.reads.get()).as("it stops asking").isLessThan(30);
        assertThat(requests)
                .allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.PARTNER_CENTER_UNAVAILABLE));

        node.partnerCenter.down = false;
        untilCompleted();

        assertThat(requests).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
        assertThat(node.partnerCenter.calls).hasSize(30);
    }

    @Test
    void tellsALongOutageOnce() {
        List<Request> requests = admit(30);
        node.partnerCenter.down = true;
        node.work();
        List<List<Reason>> told = requests.stream().map(node::told).toList();

        long lease = node.batch(1).leaseNumber();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            node.work();
            return node.batch(1).leaseNumber() >= lease + 3;
        });

        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(requests.stream().map(node::told).toList()).isEqualTo(told);
    }

    @Test
    void takesOneSickTargetAmongHealthyOnesForWhatItIs() {
        List<Request> requests = admit(20);
        node.partnerCenter.unreadable.add(subscription("7"));

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);
        assertThat(node.told(requests.get(7))).endsWith(Reason.RETRIES_EXHAUSTED);
        assertThat(node.partnerCenter.calls).hasSize(19);
    }

    private List<Request> admit(int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> node.admit(cancel("" + each)))
                .toList();
    }

    private void untilCompleted() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            node.work();
            return node.batch(1).state() == State.COMPLETED;
        });
    }
}
