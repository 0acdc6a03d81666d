package dev.offramp.ledger;

import dev.offramp.testing.Admissions;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Many open requests of one job, written by one statement, of a thousand customers. */
public final class DueRequests {

    private static final int CUSTOMERS = 1_000;

    private final TestDatabase kind;
    private final JdbcClient jdbc;
    private int added;

    private DueRequests(TestDatabase kind, JdbcClient jdbc) {
        this.kind = kind;
        this.jdbc = jdbc;
        jdbc.sql("insert into customer (id) select %s from %s".formatted(customer(), rows(CUSTOMERS)))
                .update();
    }

    /** In a database that has none of these customers. */
    public static DueRequests in(TestDatabase kind, JdbcClient jdbc) {
        return new DueRequests(kind, jdbc);
    }

    /** Those that are due, in an order that is not that of their last chances, which lie between 20 and 30 days ahead. */
    public void addDue(int count) {
        add(
                count,
                Admissions.START.minus(Duration.ofDays(10)),
                Admissions.START.plus(Duration.ofDays(20)),
                "mod(n * 7919, %d)".formatted(count));
    }

    /** Those that are put off for 5 days, whose last chances lie between 6 and 16 days ahead. */
    public void addPutOff(int count) {
        add(count, Admissions.START.plus(Duration.ofDays(5)), Admissions.START.plus(Duration.ofDays(6)), "n");
    }

    private void add(int count, Instant due, Instant lastChance, String order) {
        jdbc.sql("""
                insert into request
                    (source, id, digest, operation, partner_tenant_id, customer_id, subscription_id, terms, mode,
                     requested_by, cause, event_time, admitted_at, status, reason, effect, message, version, sequence,
                     deferrals, not_done_reads, changed_at, due_at, last_chance_at, last_chance_of)
                select '/contoso/billing', :id || n, lpad('', 64, '0'), 'cancel-subscription',
                       '1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10', %s, %s, '{}', 'live',
                       'jane.doe@contoso.example', 'The contract was terminated', :now, :now,
                       'accepted', 'admitted', 'none', 'The request was admitted.', 1, 1, 0, 0, :now,
                       cast(:from as timestamp with time zone) + n * interval '1' second,
                       cast(:lastChance as timestamp with time zone) + %s * interval '8' second,
                       'not-after'
                from %s
                """.formatted(customer(), customer(), order, rows(count)))
                .param("id", "due-%d-".formatted(++added))
                .param("now", Admissions.START.atOffset(ZoneOffset.UTC))
                .param("from", due.atOffset(ZoneOffset.UTC))
                .param("lastChance", lastChance.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(kind == TestDatabase.POSTGRESQL ? "vacuum analyze" : "analyze").update();
    }

    private static String customer() {
        return "'00000000-0000-4000-8000-' || lpad(cast(mod(n, %d) as varchar), 12, '0')".formatted(CUSTOMERS);
    }

    private String rows(int count) {
        return kind == TestDatabase.POSTGRESQL
                ? "generate_series(1, %d) n".formatted(count)
                : "(select cast(x as integer) n from system_range(1, %d)) numbers".formatted(count);
    }
}
