package dev.offramp.schedule;

import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Firings in the database. */
final class JdbcFirings implements Firings {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JdbcFirings(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public void note(Fired fired) {
        transactions.executeWithoutResult(_ -> {
            int known = write("""
                    update firing
                    set fired_at = :firedAt, run_name = :run, message = :message
                    where job = :job and due_at = :dueAt
                    """, fired);
            if (known == 0) {
                write("""
                        insert into firing (job, due_at, fired_at, run_name, message)
                        values (:job, :dueAt, :firedAt, :run, :message)
                        """, fired);
            }
        });
    }

    private int write(String sql, Fired fired) {
        return jdbc.sql(sql)
                .param("job", fired.job())
                .param("dueAt", fired.dueAt().atOffset(ZoneOffset.UTC))
                .param("firedAt", fired.firedAt().atOffset(ZoneOffset.UTC))
                .param("run", fired.run(), Types.VARCHAR)
                .param("message", fired.message())
                .update();
    }

    @Override
    public Optional<Fired> last(String job) {
        return jdbc.sql("""
                select job, due_at, fired_at, run_name, message
                from firing
                where job = :job
                order by due_at desc
                limit 1
                """)
                .param("job", job)
                .query((row, _) -> new Fired(
                        row.getString("job"),
                        row.getObject("due_at", OffsetDateTime.class).toInstant(),
                        row.getObject("fired_at", OffsetDateTime.class).toInstant(),
                        row.getString("run_name"),
                        row.getString("message")))
                .optional();
    }
}
