package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.safety.CustomerBase.Size;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@OnBothDatabases
class CustomerBaseTests {

    private final LedgerFixture ledger;
    private final CustomerBase base;

    CustomerBaseTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        base = new JdbcCustomerBase(ledger.jdbc(), null, true);
    }

    @Test
    void isCountedOnceADayAndBelievedAnewWithTheNextCount() {
        assertThat(base.wantsCount(ledger.now())).isTrue();
        assertThat(base.size(ledger.now())).isEmpty();
        assertThat(base.counted(1000, ledger.now())).isEqualTo(new Size(1000, ledger.now(), null));
        assertThat(base.wantsCount(ledger.pass(Duration.ofDays(1).minusSeconds(1))))
                .isFalse();
        assertThat(base.wantsCount(ledger.pass(Duration.ofSeconds(1)))).isTrue();

        assertThat(base.counted(5000, ledger.now())).isEqualTo(new Size(1000, ledger.now(), 5000L));
        ledger.pass(Duration.ofDays(1));
        base.counted(5000, ledger.now());

        assertThat(base.size(ledger.now())).contains(new Size(5000, ledger.now(), null));
    }

    @Test
    void isNotCountedWhenAPersonSaidItOrNoBudgetGoesByIt() {
        var said = new JdbcCustomerBase(ledger.jdbc(), 300L, true);
        assertThat(said.wantsCount(ledger.now())).isFalse();
        assertThat(said.size(ledger.now())).contains(Size.configured(300));
        assertThat(new JdbcCustomerBase(ledger.jdbc(), null, false).wantsCount(ledger.now()))
                .isFalse();
    }
}
