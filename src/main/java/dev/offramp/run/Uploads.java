package dev.offramp.run;

import dev.offramp.run.Upload.State;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploads in the database: their bytes in parts, how far each is loaded, and who loads it. */
final class Uploads {

    /** So many bytes lie in one row. */
    static final int PART = 256 * 1024;

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate many;
    private final TransactionTemplate transactions;

    Uploads(NamedParameterJdbcTemplate many, TransactionTemplate transactions) {
        this.jdbc = JdbcClient.create(many);
        this.many = many;
        this.transactions = transactions;
    }

    /** What a chunk adds to the numbers of an upload. */
    record Progress(long read, long fresh, long added, long known, long changed, long bad) {}

    /** A line that became no request. */
    record Reject(long line, String reason, String original) {}

    /** The lease under which a node loads. */
    record Lease(long upload, long number) {}

    // Receiving

    long add(long run, Announcement announced, Instant now) {
        var keys = new org.springframework.jdbc.support.GeneratedKeyHolder();
        var empty = announced.file().size() == 0;
        jdbc.sql("""
                insert into upload
                    (run_number, state, file_name, file_size, file_digest, received, announced_by, requested_by, cause,
                     created_at, complete_at, lines_read, lines_fresh, lines_new, lines_known, lines_changed, lines_bad,
                     lease_number, failures)
                values
                    (:run, :state, :name, :size, :digest, 0, :by, :requestedBy, :cause,
                     :now, :completeAt, 0, 0, 0, 0, 0, 0, 0, 0)
                """)
                .param("run", run)
                .param("state", (empty ? State.CHECKING : State.RECEIVING).word())
                .param("name", announced.file().name())
                .param("size", announced.file().size())
                .param("digest", announced.file().digest())
                .param("by", announced.by())
                .param("requestedBy", announced.requestedBy(), Types.VARCHAR)
                .param("cause", announced.cause())
                .param("now", RunRows.time(now))
                .param("completeAt", empty ? RunRows.time(now) : null, Types.TIMESTAMP_WITH_TIMEZONE)
                .update(keys, "number");
        return ((Number) keys.getKeyList().getFirst().values().iterator().next()).longValue();
    }

    /** Reads an upload and locks its row until the caller's transaction ends. */
    Upload lock(long number) {
        return jdbc.sql("select * from upload where number = :number for update")
                .param("number", number)
                .query(RunRows::upload)
                .single();
    }

    Upload byNumber(long number) {
        return jdbc.sql("select * from upload where number = :number")
                .param("number", number)
                .query(RunRows::upload)
                .single();
    }

    /** Keeps one more piece of a locked upload; with the last one it is complete. */
    void keep(Upload upload, byte[] piece, Instant now) {
        var parts = Stream.iterate(0, from -> from < piece.length, from -> from + PART)
                .map(from -> new MapSqlParameterSource()
                        .addValue("upload", upload.number())
                        .addValue("position", upload.received() + from)
                        .addValue("content", Arrays.copyOfRange(piece, from, Math.min(piece.length, from + PART))))
                .toArray(SqlParameterSource[]::new);
        many.batchUpdate(
                "insert into upload_part (upload_number, position, content) values (:upload, :position, :content)",
                parts);
        long received = upload.received() + piece.length;
        var complete = received == upload.file().size();
        jdbc.sql("""
                update upload
                set received = :received, received_at = :now, state = :state, complete_at = :completeAt
                where number = :number
                """)
                .param("received", received)
                .param("now", RunRows.time(now))
                .param("state", (complete ? State.CHECKING : State.RECEIVING).word())
                .param("completeAt", complete ? RunRows.time(now) : null, Types.TIMESTAMP_WITH_TIMEZONE)
                .param("number", upload.number())
                .update();
    }

    /** Gives up an upload of which nobody sends the rest. */
    void supersede(long number, String message, Instant now) {
        jdbc.sql("update upload set state = 'refused', message = :message, ended_at = :now where number = :number")
                .param("message", message)
                .param("now", RunRows.time(now))
                .param("number", number)
                .update();
        forgetParts(number);
    }

    /** Lets a failed one go on where it stood. */
    void retry(Upload failed) {
        jdbc.sql("""
                update upload
                set state = :state, message = null, ended_at = null, failures = 0, restart_at = null
                where number = :number
                """)
                .param("state", (failed.lines().total() == null ? State.CHECKING : State.LOADING).word())
                .param("number", failed.number())
                .update();
    }

    /** The whole file, part by part: each is read when it is wanted, in the caller's transaction. */
    InputStream content(long upload) {
        return new InputStream() {

            private byte[] part = new byte[0];
            private int at;
            private long position;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (length == 0) {
                    return 0;
                }
                if (at == part.length) {
                    position += part.length;
                    part = part(upload, position).orElse(new byte[0]);
                    at = 0;
                    if (part.length == 0) {
                        return -1;
                    }
                }
                var count = Math.min(length, part.length - at);
                System.arraycopy(part, at, target, offset, count);
                at += count;
                return count;
            }
        };
    }

    private Optional<byte[]> part(long upload, long position) {
        return jdbc.sql("select content from upload_part where upload_number = :upload and position = :position")
                .param("upload", upload)
                .param("position", position)
                .query(byte[].class)
                .optional();
    }

    private void forgetParts(long upload) {
        jdbc.sql("delete from upload_part where upload_number = :upload")
                .param("upload", upload)
                .update();
    }

    // Loading

    /** Takes the lease of the oldest complete upload that nobody loads. */
    Optional<Lease> claim(String owner, Duration lease, Instant now) {
        return transactions.execute(_ -> {
            var waiting = jdbc.sql("""
                    select number from upload
                    where state in ('checking', 'loading')
                      and (lease_until is null or lease_until < :now)
                      and (restart_at is null or restart_at <= :now)
                    order by number
                    limit 1
                    """)
                    .param("now", RunRows.time(now))
                    .query(Long.class)
                    .optional();
            return waiting.flatMap(number -> take(number, owner, lease, now));
        });
    }

    private Optional<Lease> take(long number, String owner, Duration lease, Instant now) {
        var won = jdbc.sql("""
                update upload
                set owner = :owner, lease_number = lease_number + 1, lease_until = :until, restart_at = null
                where number = :number and state in ('checking', 'loading')
                  and (lease_until is null or lease_until < :now)
                """)
                .param("owner", owner)
                .param("until", RunRows.time(now.plus(lease)))
                .param("number", number)
                .param("now", RunRows.time(now))
                .update();
        return won == 0
                ? Optional.empty()
                : Optional.of(new Lease(number, byNumber(number).leaseNumber()));
    }

    /** @return false when the lease is no longer ours */
    boolean renew(Lease lease, Duration duration, Instant now) {
        return change(lease, "lease_until = :until", Map.of("until", RunRows.time(now.plus(duration))));
    }

    /** At the start of a node that has the database for itself: whoever held a lease is dead. */
    int expireLeases() {
        return transactions.execute(_ -> jdbc.sql("update upload set lease_until = null where lease_until is not null")
                .update());
    }

    boolean noteLayout(Lease lease, String layout) {
        return change(lease, "layout = :layout", Map.of("layout", layout));
    }

    /** Adds to the numbers; in the chunk's transaction, so that they are right after any restart. */
    boolean progress(Lease lease, Progress more) {
        return change(
                lease,
                """
                lines_read = lines_read + :read, lines_fresh = lines_fresh + :fresh, lines_new = lines_new + :added,
                lines_known = lines_known + :known, lines_changed = lines_changed + :changed,
                lines_bad = lines_bad + :bad
                """,
                Map.of(
                        "read", more.read(),
                        "fresh", more.fresh(),
                        "added", more.added(),
                        "known", more.known(),
                        "changed", more.changed(),
                        "bad", more.bad()));
    }

    boolean startLoading(Lease lease) {
        return change(lease, "state = 'loading', lines_total = lines_read, lines_read = 0", Map.of());
    }

    /** Ends it, gives the lease back, and forgets the bytes unless it may go on. */
    boolean end(Lease lease, State state, String message, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            var ended = change(lease, """
                    state = :state, message = :message, ended_at = :now, owner = null, lease_until = null,
                    lines_total = case when :state = 'refused' and lines_read > 0 then lines_read else lines_total end
                    """, Map.of("state", state.word(), "message", message, "now", RunRows.time(now)));
            if (ended && state != State.FAILED) {
                forgetParts(lease.upload());
            }
            return ended;
        }));
    }

    /** Gives the lease back, so that any node goes on, at once or later. */
    boolean handBack(Lease lease, int failures, @Nullable Instant restartAt) {
        var parameters = new java.util.HashMap<String, Object>();
        parameters.put("failures", failures);
        if (restartAt == null) {
            return change(
                    lease, "owner = null, lease_until = null, failures = :failures, restart_at = null", parameters);
        }
        parameters.put("restartAt", RunRows.time(restartAt));
        return change(
                lease, "owner = null, lease_until = null, failures = :failures, restart_at = :restartAt", parameters);
    }

    private boolean change(Lease lease, String assignments, Map<String, ?> parameters) {
        return 1
                == count(transactions.execute(_ -> jdbc.sql(
                                "update upload set %s where number = :upload and lease_number = :lease and state in ('checking', 'loading')"
                                        .formatted(assignments))
                        .params(parameters)
                        .param("upload", lease.upload())
                        .param("lease", lease.number())
                        .update()));
    }

    private static int count(@Nullable Integer rows) {
        return rows == null ? 0 : rows;
    }

    // Rejects

    /** What the check said of a line stands, even if loading finds another fault: its id came in between. */
    void reject(long upload, List<Reject> rejects) {
        if (!rejects.isEmpty()) {
            many.batchUpdate(
                    """
                    insert into upload_reject (upload_number, line_number, reason, original)
                    select cast(:upload as bigint), cast(:line as bigint), cast(:reason as varchar), cast(:original as varchar)
                    where not exists (
                        select 1 from upload_reject where upload_number = :upload and line_number = :line)
                    """,
                    rejects.stream()
                            .map(each -> new MapSqlParameterSource()
                                    .addValue("upload", upload)
                                    .addValue("line", each.line())
                                    .addValue("reason", each.reason())
                                    .addValue("original", storable(each.original())))
                            .toArray(SqlParameterSource[]::new));
        }
    }

    /** PostgreSQL keeps no U+0000. */
    private static String storable(String text) {
        return text.indexOf(0) < 0 ? text : text.replace('\0', '\uFFFD');
    }

    /** Gives all rejected lines of an upload in their order, a page at a time. */
    void rejects(long upload, Consumer<Reject> reader) {
        long after = 0;
        while (true) {
            var page = jdbc.sql("""
                    select line_number, reason, original from upload_reject
                    where upload_number = :upload and line_number > :after
                    order by line_number
                    limit 500
                    """)
                    .param("upload", upload)
                    .param("after", after)
                    .query((row, _) -> new Reject(row.getLong(1), row.getString(2), row.getString(3)))
                    .list();
            page.forEach(reader);
            if (page.size() < 500) {
                return;
            }
            after = page.getLast().line();
        }
    }
}
