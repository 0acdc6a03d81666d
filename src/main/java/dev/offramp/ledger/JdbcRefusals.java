package dev.offramp.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refused records in the database. */
final class JdbcRefusals implements Refusals {

    private final Database database;
    private final ToSend toSend;

    JdbcRefusals(Database database) {
        this.database = database;
        toSend = ToSend.refusals(database);
    }

    @Override
    public void add(Refusal refusal, Instant now) {
        database.transactions().executeWithoutResult(status -> {
            if (isKnown(refusal)) {
                return;
            }
            database.jdbc()
                    .sql("""
                    insert into refusal
                        (topic, partition_no, offset_no, reason, message, source, id, digest, first_digest,
                         record_key, record_value, record_length, refused_at)
                    values
                        (:topic, :partition, :offset, :reason, :message, :source, :id, :digest, :firstDigest,
                         :recordKey, :recordValue, :length, :now)
                    """)
                    .param("topic", refusal.place().topic())
                    .param("partition", refusal.place().partition())
                    .param("offset", refusal.place().offset())
                    .param("reason", refusal.reason())
                    .param("message", refusal.message())
                    .param("source", refusal.source())
                    .param("id", refusal.id())
                    .param("digest", refusal.digest())
                    .param("firstDigest", refusal.firstDigest())
                    .param("recordKey", refusal.recordKey(), java.sql.Types.VARBINARY)
                    .param("recordValue", refusal.value(), java.sql.Types.VARBINARY)
                    .param("length", refusal.length())
                    .param("now", Parameters.time(now))
                    .update();
            database.jdbc()
                    .sql("""
                    insert into refusal_to_send (refusal_number)
                    select number from refusal
                    where topic = :topic and partition_no = :partition and offset_no = :offset and digest = :digest
                    """)
                    .param("topic", refusal.place().topic())
                    .param("partition", refusal.place().partition())
                    .param("offset", refusal.place().offset())
                    .param("digest", refusal.digest())
                    .update();
        });
    }

    private boolean isKnown(Refusal refusal) {
        return database.jdbc()
                .sql("""
                select number from refusal
                where topic = :topic and partition_no = :partition and offset_no = :offset and digest = :digest
                """)
                .param("topic", refusal.place().topic())
                .param("partition", refusal.place().partition())
                .param("offset", refusal.place().offset())
                .param("digest", refusal.digest())
                .query(Long.class)
                .optional()
                .isPresent();
    }

    @Override
    public List<Numbered> unsent(int limit) {
        return database.jdbc()
                .sql("""
                select f.*
                from refusal_to_send s
                join refusal f on f.number = s.refusal_number
                order by s.refusal_number
                limit :limit
                """)
                .param("limit", limit)
                .query(Rows::refusal)
                .list();
    }

    @Override
    public void sent(Collection<Long> numbers) {
        toSend.remove(numbers);
    }

    @Override
    public List<Numbered> list(@Nullable Long before, int limit) {
        return database.jdbc()
                .sql("""
                select * from refusal
                where number < :before
                order by number desc
                limit :limit
                """)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(Rows::refusal)
                .list();
    }

    @Override
    public Optional<Numbered> byNumber(long number) {
        return database.jdbc()
                .sql("select * from refusal where number = :number")
                .param("number", number)
                .query(Rows::refusal)
                .optional();
    }
}
