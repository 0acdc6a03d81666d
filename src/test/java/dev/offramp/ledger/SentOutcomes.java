package dev.offramp.ledger;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Final requests with ten sent outcomes each, written by few statements of PostgreSQL. */
public final class SentOutcomes {

    private static final int OF_EACH = 10;

    private SentOutcomes() {}

    /** Adds as many as are missing to have this many outcomes; gives how many there were. */
    public static long addUpTo(long outcomes, JdbcClient postgresql) {
        List<String> definitions = withoutIndexes(postgresql);
        try {
            return add(outcomes, postgresql);
        } finally {
            definitions.forEach(each -> postgresql.sql(each).update());
        }
    }

    /** Takes indexes and foreign keys away that each row would pay for; gives what makes them anew, all rows at once. */
    private static List<String> withoutIndexes(JdbcClient postgresql) {
        List<String> definitions = new ArrayList<>(List.of(
                "alter table request enable trigger all",
                "alter table outcome enable trigger all",
                "analyze request",
                "analyze outcome"));
        postgresql.sql("alter table request disable trigger all").update();
        postgresql.sql("alter table outcome disable trigger all").update();
        postgresql
                .sql("""
                select format('alter table %s drop constraint %I', conrelid::regclass, conname) as away,
                       format('alter table %s add constraint %I %s',
                              conrelid::regclass, conname, pg_get_constraintdef(oid)) as anew
                from pg_constraint
                where contype = 'u' and conrelid in ('request'::regclass, 'outcome'::regclass)
                union all
                select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
                from pg_index i
                where indrelid in ('request'::regclass, 'outcome'::regclass)
                  and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
                """)
                .query((row, _) -> {
                    definitions.addFirst(row.getString("anew"));
                    return row.getString("away");
                })
                .list()
                .forEach(away -> postgresql.sql(away).update());
        return definitions;
    }

    private static long add(long outcomes, JdbcClient postgresql) {
        var before =
                postgresql.sql("select count(*) from outcome").query(Long.class).single();
        var first = postgresql
                .sql("select coalesce(max(number), 0) + 1 from request")
                .query(Long.class)
                .single();
        postgresql.sql("""
                insert into customer (id)
                select format('00000000-0000-4000-8000-%s', lpad(to_hex(n), 12, '0'))
                from generate_series(0, 999) n
                on conflict do nothing
                """).update();
        postgresql
                .sql("""
                insert into request
                    (source, id, digest, operation, partner_tenant_id, customer_id, subscription_id, terms, mode,
                     requested_by, cause, event_time, admitted_at, status, reason, effect, message, version, sequence,
                     deferrals, not_done_reads, changed_at, settled_at)
                select '/past', 'past-' || (:first + n), lpad(to_hex(n), 64, '0'), 'cancel-subscription',
                       '1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10',
                       format('00000000-0000-4000-8000-%s', lpad(to_hex(n % 1000), 12, '0')),
                       format('00000000-0000-4000-9000-%s', lpad(to_hex(n), 12, '0')),
                       '{"planOnly":false,"notAfter":"2025-02-01T00:00:00Z","ifWindowClosed":"REJECT","onActiveSubscriptions":"FAIL","onActiveAzureSubscriptions":"FAIL","expect":{}}',
                       'live', 'jane.doe@contoso.example', 'The contract was terminated',
                       timestamptz '2025-01-01 00:00Z', timestamptz '2025-01-01 00:00Z',
                       'succeeded', 'done', 'cancelled', 'It was done.', :ofEach, :ofEach,
                       0, 0, timestamptz '2025-01-01 00:00Z', timestamptz '2025-01-01 00:00Z'
                from generate_series(0, :missing / :ofEach - 1) n
                """)
                .param("first", first)
                .param("missing", outcomes - before)
                .param("ofEach", OF_EACH)
                .update();
        postgresql.sql("""
                insert into outcome
                    (request_number, sequence, status, reason, effect, message, details, created_at, final_of)
                select r.number, s.sequence,
                       case s.sequence when :ofEach then 'succeeded' else 'deferred' end,
                       case s.sequence when :ofEach then 'done' else 'busy' end,
                       case s.sequence when :ofEach then 'cancelled' else 'none' end,
                       'It was done.', '{"blockers":[],"heldBackBy":[],"steps":[]}', r.admitted_at,
                       case s.sequence when :ofEach then r.number end
                from request r
                cross join generate_series(1, :ofEach) s(sequence)
                where r.number >= :first and r.source = '/past'
                """).param("first", first).param("ofEach", OF_EACH).update();
        return before;
    }
}
