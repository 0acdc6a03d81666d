package dev.offramp.audit;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Audit.Written;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The chain in the database. Two that seal at the same time want the same number, and one of them gets it. */
final class JdbcSeals implements Seals {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JdbcSeals(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public boolean anyOpen() {
        return !entries(OfBlock.NONE, 0, 1).isEmpty() || !unpublished(1).isEmpty();
    }

    @Override
    public Optional<Block> seal(int limit, Instant now) {
        try {
            return Objects.requireNonNull(transactions.execute(_ -> sealed(limit, now)));
        } catch (DuplicateKeyException anotherWasFaster) {
            return Optional.empty();
        }
    }

    private Optional<Block> sealed(int limit, Instant now) {
        // First the end of the chain: whoever seals from here on takes the number that we want.
        var last = last().orElse(null);
        var waiting = entries(OfBlock.NONE, 0, limit);
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        var block = Block.sealing(waiting, last, now);
        jdbc.sql("""
                        insert into audit_block (number, previous, sealed_at, entries, content, hash)
                        values (:number, :previous, :sealedAt, :entries, :content, :hash)
                        """)
                .param("number", block.number())
                .param("previous", block.previous())
                .param("sealedAt", time(block.sealedAt()))
                .param("entries", block.entries())
                .param("content", block.content())
                .param("hash", block.hash())
                .update();
        jdbc.sql("update audit_entry set block_number = :block where number in (:numbers)")
                .param("block", block.number())
                .param("numbers", waiting.stream().map(Written::number).toList())
                .update();
        return Optional.of(block);
    }

    private Optional<Block> last() {
        return jdbc.sql("select * from audit_block order by number desc limit 1")
                .query(JdbcSeals::block)
                .optional();
    }

    @Override
    public List<Block> unpublished(int limit) {
        return jdbc.sql("select * from audit_block where published_at is null order by number limit :limit")
                .param("limit", limit)
                .query(JdbcSeals::block)
                .list();
    }

    @Override
    public void published(long block, Instant now) {
        jdbc.sql("update audit_block set published_at = :now where number = :number")
                .param("now", time(now))
                .param("number", block)
                .update();
    }

    @Override
    public List<Block> after(long number, int limit) {
        return jdbc.sql("select * from audit_block where number > :number order by number limit :limit")
                .param("number", number)
                .param("limit", limit)
                .query(JdbcSeals::block)
                .list();
    }

    @Override
    public List<Written> entries(OfBlock of, long after, int limit) {
        var which = of.equals(OfBlock.NONE) ? "block_number is null" : "block_number = " + of.number();
        return jdbc.sql("""
                        select * from audit_entry
                         where %s and number > :after
                         order by number
                         limit :limit
                        """.formatted(which))
                .param("after", after)
                .param("limit", limit)
                .query(JdbcSeals::entry)
                .list();
    }

    private static Written entry(ResultSet row, int index) throws SQLException {
        return new Written(
                row.getLong("number"),
                instant(row, "at"),
                new Audit.Entry(
                        text(row, "who"),
                        text(row, "what"),
                        text(row, "target"),
                        text(row, "cause"),
                        text(row, "details")));
    }

    private static Block block(ResultSet row, int index) throws SQLException {
        var removed = row.getObject("removed_at", OffsetDateTime.class);
        return new Block(
                row.getLong("number"),
                text(row, "previous"),
                instant(row, "sealed_at"),
                row.getInt("entries"),
                text(row, "content"),
                text(row, "hash"),
                removed == null ? null : removed.toInstant());
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
