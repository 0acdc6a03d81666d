package dev.offramp.ledger;

import java.time.Instant;

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
}
