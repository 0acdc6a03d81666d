package dev.offramp.retention;

import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Entries of audit blocks that were sealed long ago: whole blocks, oldest first; their hashes stay, and so does the chain. */
final class AuditEntries implements Sweep {

    /** A block has some hundred entries at most. */
    private static final int BLOCKS = 5;

    private final JdbcClient jdbc;

    AuditEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String what() {
        return "audit-blocks";
    }

    @Override
    public Chunk next(Ages ages, int limit) {
        var blocks = jdbc.sql("""
                        select number
                        from audit_block
                        where removed_at is null and sealed_at < :before and published_at is not null
                        order by number
                        limit :limit
                        for update skip locked
                        """)
                .param("before", ages.audit().atOffset(ZoneOffset.UTC))
                .param("limit", Math.min(limit, BLOCKS))
                .query(Long.class)
                .list();
        if (!blocks.isEmpty()) {
            var now = ages.now().atOffset(ZoneOffset.UTC);
            jdbc.sql("delete from audit_entry where block_number in (:blocks)")
                    .param("blocks", blocks)
                    .update();
            jdbc.sql("update audit_block set removed_at = :now where number in (:blocks)")
                    .param("now", now)
                    .param("blocks", blocks)
                    .update();
            jdbc.sql("""
                            insert into audit_entry (at, who, what, target, cause, details)
                            values (:now, 'retention', 'audit entries removed', :blocks,
                                    'older than offramp.retention.audit', 'the hashes of the blocks stay')
                            """)
                    .param("now", now)
                    .param("blocks", "audit blocks %d to %d".formatted(blocks.getFirst(), blocks.getLast()))
                    .update();
        }
        return Chunk.of(blocks, Math.min(limit, BLOCKS));
    }
}
