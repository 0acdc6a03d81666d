package dev.offramp.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit trail in the database. */
final class JdbcAudit implements Audit {

    private final Database database;

    JdbcAudit(Database database) {
        this.database = database;
    }

    @Override
    public void add(Entry entry, Instant now) {
        database.write(database.jdbc()
                .sql("""
                insert into audit_entry (at, who, what, target, cause, details)
                values (:now, :who, :what, :target, :cause, :details)
                """)
                .param("now", Parameters.time(now))
                .param("who", entry.who())
                .param("what", entry.what())
                .param("target", entry.target())
                .param("cause", entry.cause())
                .param("details", entry.details()));
    }

    @Override
    public List<Written> list(@Nullable Long before, int limit) {
        return database.jdbc()
                .sql("select * from audit_entry where number < :before order by number desc limit :limit")
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(Rows::audit)
                .list();
    }

    @Override
    public List<Written> of(String target) {
        return database.jdbc()
                .sql("select * from audit_entry where target = :target order by number")
                .param("target", target)
                .query(Rows::audit)
                .list();
    }
}
