package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The brake as rows of a table that every gate reads. */
final class JdbcBrake implements Brake {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;

    /**
     * One pull at a time in this process. Two that insert the same row would not wait in H2 but spin, and spinning virtual
     * threads leave none to the one that would have to commit.
     */
    private final Lock pulling = new ReentrantLock();

    JdbcBrake(JdbcClient jdbc, TransactionTemplate transactions, Audit audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
    }

    @Override
    public void pull(Scope scope, String name, String who, String cause, Instant now) {
        pulling.lock();
        try {
            pullOnce(scope, name, who, cause, now);
        } catch (DuplicateKeyException e) { // Another node pulled it at the same moment: theirs is there to be updated.
            pullOnce(scope, name, who, cause, now);
        } finally {
            pulling.unlock();
        }
    }

    private void pullOnce(Scope scope, String name, String who, String cause, Instant now) {
        transactions.executeWithoutResult(_ -> {
            if (update(scope, name, who, cause) == 0) {
                insert(scope, name, who, cause, now);
            }
            audit.add(new Audit.Entry(who, "brake pulled", target(scope, name), cause, ""), now);
        });
    }

    @Override
    public boolean release(Scope scope, String name, String who, String cause, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            int released = jdbc.sql("""
                            delete from brake
                             where scope = :scope
                               and name = :name
                            """)
                    .param("scope", scope.word())
                    .param("name", name)
                    .update();
            if (released == 1) {
                audit.add(new Audit.Entry(who, "brake released", target(scope, name), cause, ""), now);
            }
            return released == 1;
        }));
    }

    @Override
    public List<Pulled> list() {
        return jdbc.sql("""
                        select scope, name, pulled_at, pulled_by, cause
                          from brake
                         order by pulled_at, scope, name
                        """)
                .query((row, _) -> new Pulled(
                        Scope.named(row.getString("scope")),
                        row.getString("name"),
                        row.getObject("pulled_at", OffsetDateTime.class).toInstant(),
                        row.getString("pulled_by"),
                        row.getString("cause")))
                .list();
    }

    private int update(Scope scope, String name, String who, String cause) {
        return jdbc.sql("""
                        update brake
                           set pulled_by = :who,
                               cause = :cause
                         where scope = :scope
                           and name = :name
                        """)
                .param("scope", scope.word())
                .param("name", name)
                .param("who", who)
                .param("cause", cause)
                .update();
    }

    private void insert(Scope scope, String name, String who, String cause, Instant now) {
        jdbc.sql("""
                        insert into brake (scope, name, pulled_at, pulled_by, cause)
                        values (:scope, :name, :now, :who, :cause)
                        """)
                .param("scope", scope.word())
                .param("name", name)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("who", who)
                .param("cause", cause)
                .update();
    }

    private static String target(Scope scope, String name) {
        return scope == Scope.ALL ? "everything" : scope.word() + " " + name;
    }
}
