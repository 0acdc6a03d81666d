package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** When it is doubted whether this is the right partner tenant. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class TenantDoubtTests {

    private final LedgerFixture ledger;
    private final TenantDoubt doubt;
    private final long batch;
    private final Request request;

    TenantDoubtTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        doubt = new JdbcTenantDoubt(
                ledger.jdbc(), ledger.transactions(), ledger.ledger().audit());
        request = ledger.admit(Admissions.unlink());
        batch = ledger.claim().number();
    }

    @Test
    void beginsWithTheFourthInARow() {
        read(true, true, true);
        assertThat(doubt.hold(request)).isEmpty();

        read(true);

        assertThat(doubt.hold(request)).hasValueSatisfying(held -> {
            assertThat(held.reason()).isEqualTo(Reason.CONFIRMATION_NEEDED);
            assertThat(held.message()).contains("/contoso/billing", "4 in a row", "right partner tenant?");
        });
    }

    @Test
    void countsAnewAfterOneThatIsOurs() {
        read(true, true, true, false, true, true, true);

        assertThat(doubt.hold(request)).isEmpty();
    }

    @Test
    void beginsWithAFifthOfABatchOfWhichTenAreRead() {
        read(false, false, true, false, false, false, true, false, false);
        assertThat(doubt.hold(request)).as("nine are read").isEmpty();

        read(false);

        assertThat(doubt.hold(request)).isPresent();
    }

    @Test
    void doesNotBeginWithLessThanAFifth() {
        IntStream.rangeClosed(1, 20).forEach(each -> read(each % 6 == 0));

        assertThat(doubt.hold(request)).isEmpty();
    }

    @Test
    void concernsItsOwnSourceAndUnlinksOnly() {
        read(true, true, true, true);

        assertThat(doubt.hold(ledger.admit(Admissions.unlink().from("/contoso/crm"))))
                .isEmpty();
        assertThat(doubt.hold(ledger.admit(Admissions.cancel()))).isEmpty();
    }

    @Test
    void endsWhenAPersonHasLooked() {
        read(true, true, true, true);

        assertThat(doubt.clear("/contoso/billing", "jane", "The list was right", ledger.now()))
                .isTrue();

        assertThat(doubt.hold(request)).isEmpty();
        assertThat(doubt.list()).isEmpty();
        assertThat(doubt.clear("/contoso/billing", "jane", "again", ledger.now()))
                .isFalse();
        read(true, true, true);
        assertThat(doubt.hold(request)).as("it counts anew").isEmpty();
    }

    private void read(boolean... foreign) {
        for (boolean each : foreign) {
            doubt.note(request, batch, each, ledger.now());
        }
    }
}
