package dev.offramp.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Refusals.Numbered;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RefusalsTests {

    private final LedgerFixture fixture;
    private final Refusals refusals;

    RefusalsTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        refusals = fixture.ledger().refusals();
    }

    private static Refusal at(long offset) {
        return new Refusal(
                new Admission.Place("offramp.requests", 1, offset),
                "invalid-message",
                "Not JSON",
                "/contoso/billing",
                "id",
                "key".getBytes(StandardCharsets.UTF_8),
                new byte[] {0, 1, (byte) 255},
                3,
                "digest",
                "first-digest");
    }

    @Test
    void areUnsentUntilTheBrokerHasThem() {
        refusals.add(at(1), fixture.now());
        refusals.add(at(2), fixture.now());

        var unsent = refusals.unsent(10);
        assertThat(unsent).extracting(each -> each.refusal().place().offset()).containsExactly(1L, 2L);
        var first = unsent.getFirst();
        assertThat(first.refusedAt()).isEqualTo(fixture.now());
        assertThat(first.refusal()).usingRecursiveComparison().isEqualTo(at(1));

        refusals.sent(List.of(first.number()));
        assertThat(refusals.unsent(10))
                .extracting(Numbered::number)
                .containsExactly(unsent.getLast().number());
    }

    @Test
    void keepARecordOnlyOnce() {
        refusals.add(at(1), fixture.now());
        refusals.sent(refusals.unsent(10).stream().map(Numbered::number).toList());

        refusals.add(at(1), fixture.now());

        assertThat(refusals.unsent(10)).isEmpty();
        assertThat(refusals.list(null, 10)).hasSize(1);
    }

    @Test
    void keepATombstone() {
        var tombstone = new Refusal(
                new Admission.Place("offramp.requests", 1, 7),
                "tombstone",
                "Empty",
                null,
                null,
                null,
                null,
                0,
                "d",
                null);

        refusals.add(tombstone, fixture.now());

        assertThat(refusals.unsent(1).getFirst().refusal()).isEqualTo(tombstone);
    }

    @Test
    void areListedNewestFirstPageByPage() {
        refusals.add(at(1), fixture.now());
        refusals.add(at(2), fixture.now());

        var newest = refusals.list(null, 1).getFirst();
        assertThat(newest.refusal().place().offset()).isEqualTo(2);
        assertThat(refusals.list(newest.number(), 10))
                .extracting(each -> each.refusal().place().offset())
                .containsExactly(1L);
    }
}
