package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.safety.CustomerBase.Count;
import dev.offramp.safety.CustomerBase.Size;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnBothDatabases
class CustomerBaseTests {

    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

    private final LedgerFixture ledger;
    private final CustomerBase base;

    CustomerBaseTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        base = new JdbcCustomerBase(ledger.jdbc(), null, true);
    }

    @ParameterizedTest(name = "{0} after {1}: {2} is believed")
    @CsvSource({
        "1000, 1000, 1000, false",
        "990, 1000, 990, false",
        "500, 1000, 500, false",
        "499, 1000, 499, true",
        "0, 1000, 0, true",
        "2000, 1000, 2000, false",
        "2001, 1000, 1000, true",
        "0, 0, 0, false",
        "1, 0, 0, true",
        "1, 2, 1, false",
        "1, 3, 1, true",
    })
    void believesTheSmallerWhereACountIsFarFromTheOneBefore(long count, long before, long believed, boolean doubted) {
        assertThat(CustomerBase.believed(
                        List.of(new Count(count, NOW), new Count(before, NOW.minus(Duration.ofDays(1)))), NOW))
                .contains(new Size(believed, NOW, doubted ? count : null));
    }

    @Test
    void knowsNothingWithoutACountOfThisWeek() {
        Count old = new Count(1000, NOW.minus(Duration.ofDays(7)));
        Count younger = new Count(1000, old.at().plusMillis(1));

        assertThat(CustomerBase.believed(List.of(), NOW)).isEmpty();
        assertThat(CustomerBase.believed(List.of(old), NOW)).isEmpty();
        assertThat(CustomerBase.believed(List.of(younger), NOW)).contains(new Size(1000, younger.at(), null));
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
