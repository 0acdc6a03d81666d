package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Canary;
import dev.offramp.offboarding.Canary.Standing;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.CanaryBook.Flock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Who goes first, in the database. */
final class JdbcCanaryRows implements CanaryRows {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final TransactionTemplate ofItsOwn;

    JdbcCanaryRows(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        transactions = new TransactionTemplate(transactionManager);
        ofItsOwn = new TransactionTemplate(transactionManager);
        ofItsOwn.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public Optional<Row> named(String name) {
        return row(name, "");
    }

    private Optional<Row> row(String name, String lock) {
        return jdbc.sql("""
                        select *
                          from canary
                         where name = :name
                        """ + lock)
                .param("name", name)
                .query((row, _) -> row(row))
                .optional();
    }

    @Override
    public void add(Flock flock, Instant now) {
        synchronized (this) {
            try {
                ofItsOwn.executeWithoutResult(_ -> jdbc.sql("""
                                insert into canary (name, in_words, customers, settle_seconds, opened_at)
                                select cast(:name as varchar), cast(:inWords as varchar), cast(:customers as integer),
                                       cast(:settle as bigint), cast(:now as timestamp with time zone)
                                 where not exists (select 1 from canary where name = :name)
                                """)
                        .param("name", flock.name())
                        .param("inWords", flock.canary().of())
                        .param("customers", flock.canary().customers())
                        .param("settle", flock.canary().settle().toSeconds())
                        .param("now", time(now))
                        .update());
            } catch (DuplicateKeyException anotherNodeWasFaster) {
                // The row is there.
            }
        }
    }

    @Override
    public Row lock(String name) {
        return row(name, "for update").orElseThrow();
    }

    @Override
    public Optional<Row> lock(long number) {
        return jdbc.sql("""
                        select *
                          from canary
                         where number = :number
                           for update
                        """).param("number", number).query((row, _) -> row(row)).optional();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("number"),
                new Canary(
                        text(row, "in_words"),
                        row.getInt("customers"),
                        Duration.ofSeconds(row.getLong("settle_seconds"))),
                row.getObject("confirmed_at", OffsetDateTime.class) != null);
    }

    @Override
    public void confirm(long number, Instant now) {
        jdbc.sql("update canary set confirmed_at = :now where number = :number")
                .param("now", time(now))
                .param("number", number)
                .update();
    }

    @Override
    public boolean isAttempted(Request request) {
        return jdbc.sql("select count(*) from attempt where request_number = :request")
                        .param("request", request.number())
                        .query(Long.class)
                        .single()
                > 0;
    }

    @Override
    public List<Standing> first(long number) {
        return jdbc.sql("""
                        select r.customer_id, r.source, r.id, r.reason, r.effect, r.changed_at,
                               case when r.batch_number is null then 0 else 1 end as working,
                               case when exists (select 1 from attempt a where a.request_number = r.number)
                                    then 1 else 0 end as attempted,
                               case when exists (
                                        select 1
                                          from outcome o
                                         where o.final_of = r.number
                                           and o.details like '%"confirmedBy":%')
                                    then 1 else 0 end as confirmed
                          from canary_request c
                          join request r on r.number = c.request_number
                         where c.canary_number = :number
                           and c.leads
                         order by r.number
                        """)
                .param("number", number)
                .query((row, _) -> new Standing(
                        CustomerId.of(text(row, "customer_id")),
                        text(row, "source") + " " + text(row, "id"),
                        Reason.named(text(row, "reason")),
                        Effect.named(text(row, "effect")),
                        row.getInt("working") == 1,
                        row.getInt("attempted") == 1,
                        row.getInt("confirmed") == 1,
                        Objects.requireNonNull(row.getObject("changed_at", OffsetDateTime.class))
                                .toInstant()))
                .list();
    }

    @Override
    public void dismiss(long number, CustomerId customer) {
        jdbc.sql("""
                        delete from canary_request
                         where canary_number = :number
                           and customer_id = :customer
                           and leads
                        """)
                .param("number", number)
                .param("customer", customer.value())
                .update();
    }

    @Override
    public void note(long number, Request request, boolean leads) {
        int known = jdbc.sql("""
                        update canary_request
                           set leads = case when leads then leads else :leads end
                         where canary_number = :number
                           and request_number = :request
                        """)
                .param("leads", leads)
                .param("number", number)
                .param("request", request.number())
                .update();
        if (known == 0) {
            jdbc.sql("""
                            insert into canary_request (canary_number, request_number, customer_id, leads)
                            values (:number, :request, :customer, :leads)
                            """)
                    .param("number", number)
                    .param("request", request.number())
                    .param("customer", request.customerId().value())
                    .param("leads", leads)
                    .update();
        }
    }

    @Override
    public void forgetWaiting(long number, long request) {
        jdbc.sql("""
                        delete from canary_request
                         where canary_number = :number
                           and request_number = :request
                           and not leads
                        """).param("number", number).param("request", request).update();
    }

    private static final String HELD = """
            from canary_request c
            join request r on r.number = c.request_number
           where r.status = 'held'
             and r.reason = 'canary'
             and c.canary_number = (
                     select max(newest.canary_number)
                       from canary_request newest
                      where newest.request_number = c.request_number)
           """;

    @Override
    public List<Long> waitedFor() {
        return jdbc.sql("select distinct c.canary_number " + HELD + " order by c.canary_number")
                .query(Long.class)
                .list();
    }

    @Override
    public List<Long> held(long number, int limit) {
        return held(number, "", limit);
    }

    @Override
    public List<Long> heldOfTheFirst(long number, int limit) {
        return held(number, "and c.leads", limit);
    }

    private List<Long> held(long number, String which, int limit) {
        return jdbc.sql("select r.number " + HELD + " and c.canary_number = :number " + which
                        + " order by r.number limit :limit")
                .param("number", number)
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    @Override
    public List<Long> heldWithAnother(String sentence, long number, int limit) {
        return jdbc.sql("select r.number " + HELD
                        + " and c.canary_number = :number and r.message <> :sentence order by r.number limit :limit")
                .param("number", number)
                .param("sentence", sentence)
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    @Override
    public void forget(Instant begunBefore) {
        String old = """
                select k.number
                  from canary k
                 where k.opened_at < :before
                   and not exists (
                           select 1
                             from canary_request c
                             join request r on r.number = c.request_number
                            where c.canary_number = k.number
                              and r.settled_at is null)
                """;
        transactions.executeWithoutResult(_ -> {
            var before = time(begunBefore);
            jdbc.sql("delete from canary_request where canary_number in (%s)".formatted(old))
                    .param("before", before)
                    .update();
            jdbc.sql("""
                            delete from canary
                             where opened_at < :before
                               and not exists (select 1 from canary_request c where c.canary_number = canary.number)
                            """).param("before", before).update();
        });
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column));
    }
}
