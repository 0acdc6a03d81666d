package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The doubts and the counts behind them as rows. */
final class JdbcTenantDoubt implements TenantDoubt {

    /** More such answers than this without another one between them. */
    private static final int IN_A_ROW = 3;

    /** Or this share, in percent, of a batch ... */
    private static final int SHARE = 20;

    /** ... of which at least so many have been read. */
    private static final int LEAST_READ = 10;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;

    /** Concurrent inserts of the same row spin in H2 instead of waiting. */
    private final Lock noting = new ReentrantLock();

    JdbcTenantDoubt(JdbcClient jdbc, TransactionTemplate transactions, Audit audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
    }

    @Override
    public void note(Request request, long batch, boolean foreign, Instant now) {
        String source = request.key().source();
        noting.lock();
        try {
            noteOnce(source, batch, foreign, now);
        } catch (DuplicateKeyException e) { // Another node was first: its row is there to be updated.
            noteOnce(source, batch, foreign, now);
        } finally {
            noting.unlock();
        }
    }

    private void noteOnce(String source, long batch, boolean foreign, Instant now) {
        transactions.executeWithoutResult(_ -> {
            if (row(source).isEmpty()) {
                jdbc.sql("insert into tenant_doubt (source, in_a_row) values (:source, 0)")
                        .param("source", source)
                        .update();
            }
            int before = lock(source);
            int inARow = foreign ? before + 1 : 0;
            Share share = count(source, batch, foreign);
            jdbc.sql("update tenant_doubt set in_a_row = :inARow where source = :source")
                    .param("inARow", inARow)
                    .param("source", source)
                    .update();
            if (inARow > IN_A_ROW || share.isTooMuch()) {
                open(source, inARow > IN_A_ROW ? "%d in a row".formatted(inARow) : share.sentence(), now);
            }
        });
    }

    private Optional<Integer> row(String source) {
        return jdbc.sql("select in_a_row from tenant_doubt where source = :source")
                .param("source", source)
                .query(Integer.class)
                .optional();
    }

    private int lock(String source) {
        return jdbc.sql("select in_a_row from tenant_doubt where source = :source for update")
                .param("source", source)
                .query(Integer.class)
                .single();
    }

    /** How much of a batch was read and turned out not to be ours. */
    private record Share(int read, int foreign) {

        boolean isTooMuch() {
            return read >= LEAST_READ && foreign * 100 >= read * SHARE;
        }

        String sentence() {
            return "%d of %d in one batch".formatted(foreign, read);
        }
    }

    private Share count(String source, long batch, boolean foreign) {
        int known = jdbc.sql("""
                        update tenant_doubt_batch
                           set read_count = read_count + 1,
                               foreign_count = foreign_count + :foreign
                         where source = :source
                           and batch_number = :batch
                        """)
                .param("foreign", foreign ? 1 : 0)
                .param("source", source)
                .param("batch", batch)
                .update();
        if (known == 0) {
            jdbc.sql("""
                            insert into tenant_doubt_batch (source, batch_number, read_count, foreign_count)
                            values (:source, :batch, 1, :foreign)
                            """)
                    .param("source", source)
                    .param("batch", batch)
                    .param("foreign", foreign ? 1 : 0)
                    .update();
        }
        return jdbc.sql("""
                        select read_count, foreign_count
                          from tenant_doubt_batch
                         where source = :source
                           and batch_number = :batch
                        """)
                .param("source", source)
                .param("batch", batch)
                .query((row, _) -> new Share(row.getInt("read_count"), row.getInt("foreign_count")))
                .single();
    }

    private void open(String source, String cause, Instant now) {
        jdbc.sql("""
                        update tenant_doubt
                           set open_since = :now,
                               cause = :cause
                         where source = :source
                           and open_since is null
                        """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("cause", cause)
                .param("source", source)
                .update();
    }

    @Override
    public Optional<Doubt> of(String source) {
        return list(source).stream().findFirst();
    }

    @Override
    public List<Doubt> list() {
        return list(null);
    }

    private List<Doubt> list(@Nullable String source) {
        return jdbc.sql("""
                        select source, open_since, cause
                          from tenant_doubt
                         where open_since is not null
                           and (cast(:source as varchar) is null or source = :source)
                         order by open_since, source
                        """)
                .param("source", source)
                .query((row, _) -> new Doubt(
                        row.getString("source"),
                        row.getObject("open_since", OffsetDateTime.class).toInstant(),
                        row.getString("cause")))
                .list();
    }

    @Override
    public boolean clear(String source, String who, String cause, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            int cleared = jdbc.sql("""
                            update tenant_doubt
                               set open_since = null,
                                   cause = null,
                                   in_a_row = 0
                             where source = :source
                               and open_since is not null
                            """).param("source", source).update();
            if (cleared == 1) {
                jdbc.sql("delete from tenant_doubt_batch where source = :source")
                        .param("source", source)
                        .update();
                audit.add(new Audit.Entry(who, "tenant confirmed", "source " + source, cause, ""), now);
            }
            return cleared == 1;
        }));
    }
}
