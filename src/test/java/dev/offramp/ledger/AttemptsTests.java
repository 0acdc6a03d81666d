package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Attempts.TryId;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataIntegrityViolationException;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class AttemptsTests {

    private static final RecordedReply DONE = new RecordedReply(ReplyKind.DONE, 200, "0", "OK", "{}");
    private static final RecordedReply LOST = new RecordedReply(ReplyKind.LOST, 0, null, null, null);

    private final LedgerFixture fixture;
    private final Attempts attempts;
    private final Request request;
    private final Batch batch;

    AttemptsTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        attempts = fixture.ledger().attempts();
        request = fixture.admit(cancel());
        batch = fixture.claim();
    }

    @Test
    void keepATryBeforeItHasAReply() {
        var requestId = UUID.randomUUID();
        var correlationId = UUID.randomUUID();

        var written = attempts.write(
                new NewTry(
                        request.number(),
                        "cancel-subscription",
                        requestId,
                        correlationId,
                        fixture.now().minusSeconds(3),
                        "node-1",
                        fence(batch),
                        "{\"status\":\"active\"}"),
                fixture.now());

        assertThat(written)
                .isEqualTo(new Try(
                        new TryId(written.id().attempt(), 1),
                        "cancel-subscription",
                        requestId,
                        correlationId,
                        fixture.now(),
                        "node-1",
                        batch.number(),
                        "{\"status\":\"active\"}",
                        null,
                        null,
                        null,
                        null,
                        null));
        assertThat(written.inDoubt()).isTrue();
        assertThat(attempts.of(request.number())).containsExactly(written);
    }

    @Test
    void numberTheTriesOfAStep() {
        var first = fixture.sendTry(request, batch);
        var second = fixture.sendTry(request, batch);

        assertThat(second.id()).isEqualTo(new TryId(first.id().attempt(), 2));
        assertThat(attempts.of(request.number())).containsExactly(first, second);
        assertThat(attempts.latest(request.number(), "cancel-subscription")).contains(second);
        assertThat(attempts.latest(request.number(), "another-step")).isEmpty();
    }

    @Test
    void keepTheFirstReply() {
        var sent = fixture.sendTry(request, batch);

        assertThat(attempts.reply(sent.id(), DONE, fixture.now())).isTrue();
        assertThat(attempts.reply(sent.id(), LOST, fixture.now().plusSeconds(1)))
                .isFalse();

        var stands = attempts.latest(request.number(), "cancel-subscription").orElseThrow();
        assertThat(stands.reply()).isEqualTo(DONE);
        assertThat(stands.repliedAt()).isEqualTo(fixture.now());
        assertThat(stands.inDoubt()).isFalse();
    }

    @Test
    void areInDoubtUntilReadingShowsWhatBecameOfThem() {
        var sent = fixture.sendTry(request, batch);
        attempts.reply(sent.id(), LOST, fixture.now());
        assertThat(latest().inDoubt()).isTrue();

        attempts.found(sent.id(), Finding.NOT_DONE, fixture.now());
        assertThat(latest().finding()).isEqualTo(Finding.NOT_DONE);
        assertThat(latest().inDoubt()).isFalse();
    }

    @Test
    void neverTakeBackThatItWasDone() {
        var sent = fixture.sendTry(request, batch);
        attempts.found(sent.id(), Finding.NOT_DONE, fixture.now());
        attempts.found(sent.id(), Finding.DONE, fixture.now());
        attempts.found(sent.id(), Finding.NOT_DONE, fixture.now());

        assertThat(latest().finding()).isEqualTo(Finding.DONE);
    }

    @Test
    void believeAReplyThatComesLateMoreThanAReadThatShowedNothing() {
        var sent = fixture.sendTry(request, batch);
        attempts.found(sent.id(), Finding.NOT_DONE, fixture.now());

        attempts.reply(sent.id(), DONE, fixture.now());
        assertThat(latest().finding()).isNull();
        assertThat(latest().wasAccepted()).isTrue();

        attempts.found(sent.id(), Finding.NOT_DONE, fixture.now());
        assertThat(latest().finding()).as("it was accepted").isNull();
    }

    @Test
    void areOfAKnownRequestAndBatch() {
        assertThatThrownBy(() -> attempts.write(
                        new NewTry(
                                request.number(),
                                "cancel-subscription",
                                UUID.randomUUID(),
                                UUID.randomUUID(),
                                fixture.now(),
                                "node-1",
                                new Fence(4711, 1),
                                null),
                        fixture.now()))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(attempts.of(request.number())).isEmpty();
    }

    private Try latest() {
        return attempts.latest(request.number(), "cancel-subscription").orElseThrow();
    }
}
