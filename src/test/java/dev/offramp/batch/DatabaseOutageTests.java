package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.FailingDatabase;
import dev.offramp.testing.FailingDatabase.Trouble;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A database that goes away, or whose disk is full, at the worst moments of a call. */
@OnBothDatabases
class DatabaseOutageTests {

    private final FailingDatabase database;
    private final BatchNode node;

    DatabaseOutageTests(TestDatabase kind) {
        database = FailingDatabase.over(kind.fresh());
        node = BatchNode.over(database.pool());
    }

    @AfterEach
    void close() {
        database.is(Trouble.NONE);
        node.close();
    }

    /** The call has taken effect and its reply cannot be written. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void settlesByReadingACallWhoseReplyCouldNotBeWritten(Trouble trouble) {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileCalled = _ -> database.is(trouble);

        node.work();
        assertThat(database.refused()).isPositive();
        assertThat(node.partnerCenter.calls).hasSize(1);

        node.partnerCenter.whileCalled = _ -> {};
        database.is(Trouble.NONE);
        untilDone(request);

        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.partnerCenter.callsAfterTheEffect).isEmpty();
    }

    /** What cannot be written before the call is not called. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void makesNoCallWhoseTryCannotBeWritten(Trouble trouble) {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileRead = _ -> database.is(trouble);

        node.work();

        assertThat(database.refused()).isPositive();
        assertThat(node.partnerCenter.calls).isEmpty();
        node.partnerCenter.whileRead = _ -> {};
        database.is(Trouble.NONE);
        untilDone(request);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void claimsNothingWhileTheDatabaseIsAwayAndGoesOnAfterwards() {
        Request request = node.admit(cancel("a"));
        database.is(Trouble.AWAY);

        assertThatThrownBy(() -> node.dispatcher().look()).isInstanceOf(RuntimeException.class);
        assertThat(node.dispatcher().running()).isZero();

        database.is(Trouble.NONE);
        untilDone(request);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    private void untilDone(Request request) {
        assertThat(node.bugs()).as("what the journal calls a bug").isEmpty();
        // The pool finds out after a moment that the database is back; the dispatcher's loop looks again, too.
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            node.clock.pass(Duration.ofMinutes(10));
            node.work();
            return node.read(request).isFinal();
        });
        assertThat(node.told(request).getLast()).isIn(Reason.DONE, Reason.ALREADY_DONE);
        assertThat(node.told(request))
                .as("one end")
                .filteredOn(each -> each.status().isFinal())
                .hasSize(1);
    }
}
