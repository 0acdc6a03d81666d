package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.Permit;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;

/** Calls that got no answer, over restarts and changes of the mode. */
@OnBothDatabases
class DoubtInBatchesTests {

    private final HikariDataSource database;
    private final BatchNode node;

    DoubtInBatchesTests(TestDatabase database) {
        this.database = database.fresh();
        node = BatchNode.over(this.database);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void countsLateReadsAnewForEachTry() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_BEFORE_THE_EFFECT);
        node.work();
        node.clock.pass(Duration.ofMinutes(4));
        node.work();
        assertThat(node.read(request).notDoneReads()).isEqualTo(1);
        // The repeated call dies half-way: its try stays without a reply.
        node.partnerCenter.whileCalled = each -> {
            throw new IllegalStateException("the process is dying");
        };
        node.clock.pass(Duration.ofMinutes(4));
        node.work();
        assertThat(node.partnerCenter.calls).hasSize(2);

        node.partnerCenter.whileCalled = each -> {};
        node.clock.pass(Duration.ofMinutes(10));
        node.work();
        assertThat(node.partnerCenter.calls)
                .as("one late read is not enough for the second try")
                .hasSize(2);
        node.clock.pass(Duration.ofMinutes(10));
        node.work();

        assertThat(node.partnerCenter.calls).hasSize(3);
        assertThat(node.partnerCenter.calls.stream().map(Permit::requestId).distinct())
                .as("nobody answered, so it is one request to the other side")
                .hasSize(1);
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void callsNotAgainWhenTheReplyComesFromAProcessThatWasThoughtDead() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileCalled = each -> {
            throw new IllegalStateException("the process freezes");
        };
        node.work();
        Attempts attempts = node.ledger().attempts();
        // It thaws when the reads have counted as "not done" and the next call is about to be made.
        node.partnerCenter.whileRead = each -> {
            Try frozen = attempts.of(request.number()).getFirst();
            if (frozen.finding() == Finding.NOT_DONE) {
                attempts.reply(
                        frozen.id(), new RecordedReply(ReplyKind.DONE, 200, null, null, "{}"), node.clock.instant());
            }
        };

        for (int looks = 0; looks < 4; looks++) {
            node.clock.pass(Duration.ofMinutes(4));
            node.work();
        }

        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void makesNoFurtherCallForACustomerWhoseRequestBrokeOffInThisItem() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(
                cancel("b").of(Admissions.customer("customer-a"), Admissions.subscription("subscription-b")));
        node.partnerCenter.whileCalled = each -> {
            throw new IllegalStateException("the reply cannot be written");
        };

        node.work();

        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.told(first)).endsWith(Reason.INTERNAL_ERROR);
        assertThat(node.told(second)).containsExactly(Reason.ADMITTED);
        node.partnerCenter.whileCalled = each -> {};
        node.work();
        assertThat(node.told(second)).as("in a batch of its own").endsWith(Reason.DONE);
    }

    @Test
    void takesABugInOneRequestForItsOwnTrouble() {
        Request first = node.admit(cancel("a"));
        Request sick = node.admit(cancel("b"));
        Request last = node.admit(cancel("c"));
        node.partnerCenter.whileRead = id -> {
            if (id.value().equals(subscription("b"))) {
                throw new IllegalStateException("a bug");
            }
        };

        node.work();

        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(last)).endsWith(Reason.DONE);
        assertThat(node.told(sick)).containsExactly(Reason.ADMITTED, Reason.INTERNAL_ERROR);
        assertThat(node.execution(1).getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);

        node.clock.pass(Duration.ofMinutes(1));
        node.work();
        assertThat(node.told(sick)).as("told once").containsExactly(Reason.ADMITTED, Reason.INTERNAL_ERROR);
    }

    @Test
    void settlesWhatWasSentAlsoAfterTheSwitchToObserve() {
        Request sent = node.admit(unlink("a"));
        node.work();
        assertThat(node.told(sent)).endsWith(Reason.CONFIRMING);
        Request unsent = node.admit(cancel("b"));

        node.clock.pass(Duration.ofSeconds(15));
        try (var observing = BatchNode.over(database, node.partnerCenter, node.clock, "offramp.mode=observe")) {
            observing.work();
        }

        assertThat(node.told(sent)).endsWith(Reason.DONE);
        assertThat(node.told(unsent)).containsExactly(Reason.ADMITTED);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }
}
