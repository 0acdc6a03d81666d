package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Outcomes.Shards;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What it costs PostgreSQL to find the unsent outcomes among many that were sent. */
class OutcomeCostTests {

    private static final int PAGE = 100;

    private static final Shards HALF = new Shards(2, Set.of(1));

    private final LedgerFixture fixture = LedgerFixture.over(TestDatabase.POSTGRESQL.fresh());

    @Test
    void findsWhatIsUnsentAtTheSameCostHoweverManyWereSent() {
        SentOutcomes.addUpTo(6_000, fixture.jdbc());
        for (var each = 0; each < 2 * PAGE; each++) {
            fixture.admit(cancel().of(customer("customer " + each % 40)));
        }
        var ofAll = blocksRead(Shards.ALL, Set.of());
        var ofHalf = blocksRead(HALF, Set.of(customer("customer 1")));

        SentOutcomes.addUpTo(60_000, fixture.jdbc());

        assertThat(blocksRead(Shards.ALL, Set.of()))
                .as("blocks that a page costs, after %d with a tenth of the rows", ofAll)
                .isBetween(1L, ofAll + 2 * PAGE)
                .isLessThan(10 * PAGE);
        assertThat(blocksRead(HALF, Set.of(customer("customer 1"))))
                .as("the same for a part of the customers, after %d", ofHalf)
                .isBetween(1L, ofHalf + 2 * PAGE)
                .isLessThan(10 * PAGE);
    }

    /** Of the first page, by the statement that the relay uses. */
    private long blocksRead(Shards shards, Set<CustomerId> except) {
        var plan = JsonMapper.shared().readTree(String.join("\n", plan(shards, except)));
        var root = plan.get(0).get("Plan");
        assertThat(root.get("Actual Rows").asLong()).isPositive();
        return root.get("Shared Hit Blocks").asLong()
                + root.get("Shared Read Blocks").asLong();
    }

    private List<String> plan(Shards shards, Set<CustomerId> except) {
        return fixture.jdbc()
                .sql("explain (analyze, buffers, format json) " + JdbcOutcomes.unsentSql(shards, except))
                .params(JdbcOutcomes.parametersOf(PAGE, shards, except))
                .query(String.class)
                .list();
    }
}
