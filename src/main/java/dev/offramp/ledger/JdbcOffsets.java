package dev.offramp.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Noted offsets in the database. */
final class JdbcOffsets implements Offsets {

    private final Database database;

    JdbcOffsets(Database database) {
        this.database = database;
    }

    @Override
    public void note(String topic, Map<Integer, Long> next, Instant now) {
        database.transactions()
                .executeWithoutResult(status -> new TreeMap<>(next).forEach((partition, offset) -> {
                    if (!overwrite(topic, partition, offset, now)) {
                        database.dialect()
                                .insertMissing(
                                        database.many(),
                                        "intake_offset (topic, partition_no, next_offset, noted_at)",
                                        ":topic, :partition, :offset, :now",
                                        List.of(Map.of(
                                                "topic", topic,
                                                "partition", partition,
                                                "offset", offset,
                                                "now", Parameters.time(now))));
                        overwrite(topic, partition, offset, now);
                    }
                }));
    }

    private boolean overwrite(String topic, int partition, long offset, Instant now) {
        return database.jdbc()
                        .sql("""
                        update intake_offset
                        set next_offset = greatest(next_offset, :offset), noted_at = :now
                        where topic = :topic and partition_no = :partition
                        """)
                        .param("offset", offset)
                        .param("now", Parameters.time(now))
                        .param("topic", topic)
                        .param("partition", partition)
                        .update()
                == 1;
    }

    @Override
    public Map<Integer, Long> of(String topic) {
        var noted = new HashMap<Integer, Long>();
        database.jdbc()
                .sql("select partition_no, next_offset from intake_offset where topic = :topic")
                .param("topic", topic)
                .query(row -> {
                    noted.put(row.getInt("partition_no"), row.getLong("next_offset"));
                });
        return Map.copyOf(noted);
    }
}
