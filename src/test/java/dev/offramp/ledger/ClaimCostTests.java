package dev.offramp.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Claiming.Way;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TestDatabase;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What it costs to claim a batch among many requests that are due, and among many that are not; counted, not timed. */
class ClaimCostTests {

    private static final int LIMIT = 50;

    private static final int FEW = 300;
    private static final int MANY = 3_000;

    private static final Claim CLAIM = new Claim(
            "node-1",
            Admission.OTHER_JOB,
            LedgerFixture.LEASE,
            LIMIT,
            50,
            List.of(),
            List.of("/closed"),
            List.of("closed"),
            true);

    private static final Pattern ROWS_READ = Pattern.compile("scanCount: (\\d+)");

    @Test
    void readsOfThoseThatAreDueNoMoreThanItClaimsOnPostgreSql() {
        var fixture = LedgerFixture.over(TestDatabase.POSTGRESQL.fresh());
        var requests = DueRequests.in(TestDatabase.POSTGRESQL, fixture.jdbc());
        requests.addDue(FEW);
        var few = blocksRead(Way.BY_URGENCY, fixture);
        requests.addDue(MANY - 1);
        assertThat(blocksRead(Way.BY_URGENCY, fixture))
                .as("blocks that a claim costs, after %d with a tenth of the rows", few)
                .isLessThan(few + 3 * LIMIT);

        requests.addPutOff(MANY);

        assertThat(blocksRead(Way.BY_TIME, fixture))
                .as("those that are put off are not read at all where all that are due fit")
                .isLessThan(few + 3 * LIMIT);
        assertThat(blocksRead(Way.BY_URGENCY, fixture))
                .as("where they are more urgent, only the index is read past them: no row")
                .isLessThan(few + 3 * LIMIT + MANY / 10);
    }

    private static long blocksRead(Way way, LedgerFixture fixture) {
        var plan = JsonMapper.shared()
                .readTree(
                        explained("explain (analyze, buffers, format json) ", way, new Dialect.PostgreSql(), fixture));
        var root = plan.get(0).get("Plan");
        assertThat(root.get("Actual Rows").asLong()).isEqualTo(LIMIT);
        return root.get("Shared Hit Blocks").asLong()
                + root.get("Shared Read Blocks").asLong();
    }

    @Test
    void readsOfThoseThatAreDueNoMoreThanItClaimsOnH2() {
        var fixture = LedgerFixture.over(TestDatabase.H2.fresh());
        var requests = DueRequests.in(TestDatabase.H2, fixture.jdbc());
        requests.addDue(FEW);
        requests.addDue(MANY - 1);

        assertThat(rowsRead(Way.BY_URGENCY, fixture)).isLessThanOrEqualTo(LIMIT + 1);
        assertThat(rowsRead(Way.BY_TIME, fixture)).isLessThanOrEqualTo(LIMIT + 1);

        requests.addPutOff(MANY);

        assertThat(rowsRead(Way.BY_TIME, fixture))
                .as("those that are put off are not read where all that are due fit")
                .isLessThanOrEqualTo(LIMIT + 1);
        assertThat(rowsRead(Way.BY_URGENCY, fixture))
                .as("where they are more urgent, the index is read past them")
                .isLessThanOrEqualTo(MANY + LIMIT + 1);
    }

    private static long rowsRead(Way way, LedgerFixture fixture) {
        var plan = explained("explain analyze ", way, new Dialect.H2(), fixture);
        assertThat(plan).containsIgnoringCase("index sorted");
        var counted = ROWS_READ.matcher(plan);
        assertThat(counted.find()).as(plan).isTrue();
        return Long.parseLong(counted.group(1));
    }

    private static String explained(String explain, Way way, Dialect dialect, LedgerFixture fixture) {
        return String.join(
                "\n",
                fixture.jdbc()
                        .sql(explain + Claiming.claimable(way, dialect))
                        .params(Claiming.parameters(CLAIM, fixture.now()))
                        .query(String.class)
                        .list());
    }
}
