package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
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

/**
 * Whether this is the right partner tenant: when too many customers of a source turn out not to be ours, every further
 * unlink of it is held until a person has decided.
 */
public final class TenantDoubt {

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

    TenantDoubt(JdbcClient jdbc, TransactionTemplate transactions, Audit audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** A source in doubt. */
    public record Doubt(String source, Instant since, String cause) {}

    /** Notes what reading the customer of an unlink showed, in the order in which it comes here. */
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

    /** How an unlink is held while its source is in doubt; empty when it is not, or a person has released it. */
    public Optional<Resolution> hold(Request request) {
        if (request.operation() != Operation.REMOVE_RESELLER_RELATIONSHIP
                || request.released().contains(Reason.CONFIRMATION_NEEDED)) {
            return Optional.empty();
        }
        return of(request.key().source()).map(doubt -> held(request, doubt));
    }

    private static Resolution held(Request request, Doubt doubt) {
        return Resolution.of(
                Reason.CONFIRMATION_NEEDED,
                request.effect(),
                "Many customers of source %s are not ours (%s, since %s): is this the right partner tenant?"
                        .formatted(doubt.source(), doubt.cause(), doubt.since()),
                Details.with()
                        .advice(
                                "Compare the source's list with the customers of this partner tenant; then release or reject, or end the doubt.")
                        .build());
    }

    private Optional<Doubt> of(String source) {
        return list(source).stream().findFirst();
    }

    /** All sources in doubt. */
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

    /**
     * Ends the doubt about a source: a person has looked. What is held because of it is released or rejected by itself.
     *
     * @return false when there was none
     */
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
