package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Audit.Entry;
import dev.offramp.ledger.Decisions.Decision;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The small things that the ledger remembers. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class MemoryTests {

    private final LedgerFixture fixture;
    private final Ledger ledger;

    MemoryTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        ledger = fixture.ledger();
    }

    @Test
    void remembersHowFarEachPartitionWasRead() {
        ledger.offsets().note("requests", Map.of(0, 5L, 1, 7L), fixture.now());
        ledger.offsets().note("requests", Map.of(1, 9L, 2, 1L), fixture.now());
        ledger.offsets().note("other", Map.of(0, 100L), fixture.now());

        assertThat(ledger.offsets().of("requests")).isEqualTo(Map.of(0, 5L, 1, 9L, 2, 1L));
        assertThat(ledger.offsets().of("unknown")).isEmpty();
    }

    /** It takes its last poll again, as Kafka did not take its commit, and the new owner of the partition has read on. */
    @Test
    void isNotSetBackByANodeThatHasLostItsPartition() {
        ledger.offsets().note("requests", Map.of(0, 95L), fixture.now());
        ledger.offsets().note("requests", Map.of(0, 96L), fixture.now());
        ledger.offsets().note("requests", Map.of(0, 95L, 1, 3L), fixture.now());

        assertThat(ledger.offsets().of("requests")).isEqualTo(Map.of(0, 96L, 1, 3L));
    }

    @Test
    void remembersWhenACustomerWasLastSeenAsOurs() {
        var contoso = customer("contoso");
        assertThat(ledger.customers().lastSeenAsOurs(contoso)).isEmpty();

        ledger.customers().seenAsOurs(contoso, "Contoso", fixture.now());
        ledger.customers().seenAsOurs(contoso, "Contoso before", fixture.now().minusSeconds(60));

        assertThat(ledger.customers().lastSeenAsOurs(contoso)).contains(fixture.now());
    }

    @Test
    void remembersWhatWasDecidedInItsOrder() {
        var request = fixture.admit(cancel());
        ledger.decisions().add(request.number(), fixture.now(), "active", "go");
        ledger.decisions().add(request.number(), fixture.now(), "deleted", "already-done");

        assertThat(ledger.decisions().of(request.number()))
                .containsExactly(
                        new Decision(fixture.now(), "active", "go"),
                        new Decision(fixture.now(), "deleted", "already-done"));
    }

    @Test
    void remembersWhoDidWhatAndWhyWithTheChangeOnly() {
        fixture.transactions().executeWithoutResult(status -> {
            ledger.audit().add(new Entry("jane", "brake-pulled", "all", "A wrong list", ""), fixture.now());
            status.setRollbackOnly();
        });
        ledger.audit().add(new Entry("joe", "brake-released", "all", "The list is right", ""), fixture.now());

        assertThat(fixture.jdbc()
                        .sql("select who from audit_entry")
                        .query(String.class)
                        .list())
                .containsExactly("joe");
    }
}
