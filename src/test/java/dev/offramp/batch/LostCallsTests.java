package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over a ledger that was restored from an older copy a call leaves only after two late reads that do not show it. */
@OnBothDatabases
class LostCallsTests {

    private static final Duration SETTLE_TIME = Duration.ofMinutes(25);
    private static final Duration BETWEEN_READS = Duration.ofSeconds(15);

    private final BatchNode node;

    LostCallsTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void areLookedForTwiceBeforeTheCall() {
        Request request = recovered();

        node.work();
        assertThat(node.partnerCenter.calls).as("calls after one look").isEmpty();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING);
        assertThat(node.partnerCenter.reads).hasPositiveValue();

        node.clock.pass(BETWEEN_READS.minusMillis(1));
        node.work();
        assertThat(node.partnerCenter.calls)
                .as("calls after a look that is too soon")
                .isEmpty();

        node.clock.pass(BETWEEN_READS);
        node.work();
        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void areNotMadeAgainWhenTheSecondLookShowsTheEffect() {
        Request request = recovered();
        node.work();
        node.partnerCenter.deleted.add(subscription("a"));

        node.clock.pass(BETWEEN_READS);
        node.work();

        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.told(request)).endsWith(Reason.ALREADY_DONE);
        assertThat(node.read(request).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void areLookedForTwiceAlsoAfterSomethingElseCameBetween() {
        Request request = recovered();
        node.work();
        node.pull(Brake.Scope.ALL, "");
        node.clock.pass(BETWEEN_READS);
        node.work();
        node.release(Brake.Scope.ALL, "");
        node.partnerCenter.deleted.add(subscription("a"));

        node.work();

        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.told(request)).endsWith(Reason.ALREADY_DONE);
    }

    @Test
    void concernNothingThatCameLater() {
        recovered();
        node.admit(cancel("later"));

        node.work();

        assertThat(node.partnerCenter.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.step()).asString().contains(subscription("later")));
    }

    /** Open since before the copy; the recovery was begun, and its settle time is over. */
    private Request recovered() {
        Request request = node.admit(cancel("a"));
        node.ledger()
                .recoveries()
                .begin(
                        "It is older.",
                        node.clock.instant().plus(SETTLE_TIME),
                        Map.of(),
                        Instant.EPOCH,
                        node.clock.instant());
        node.clock.pass(SETTLE_TIME);
        return request;
    }
}
