package dev.offramp.request;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Requests;
import dev.offramp.request.Valve.Why;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Why intake pauses, and the pause that a person wants: it stands in the database, so that all nodes follow when they look
 * next, and no restart ends it. What is not read waits in Kafka.
 */
public final class IntakePauses {

    private static final Logger log = LoggerFactory.getLogger(IntakePauses.class);

    private static final String ALL = "all";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;
    private final Requests requests;
    private final long maxOpen;
    private final Valve valve;

    IntakePauses(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            Audit audit,
            Requests requests,
            long maxOpen,
            Valve valve) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
        this.requests = requests;
        this.maxOpen = maxOpen;
        this.valve = valve;
    }

    /**
     * One reason to pause.
     *
     * @param why backlog, older-ledger, unknown-age or person
     * @param by who paused it; null when nobody did
     * @param at since when; null when that is not known
     */
    public record Pause(
            String why, @Nullable String by, @Nullable Instant at, String cause) {}

    /** All reasons for which this node reads nothing now. */
    public List<Pause> all() {
        var pauses = new ArrayList<Pause>();
        byPerson().ifPresent(pauses::add);
        if (valve.isShut(Why.BACKLOG)) {
            pauses.add(new Pause(
                    Why.BACKLOG.word(),
                    null,
                    null,
                    "%d requests are open (offramp.intake.max-open is %d); it goes on by itself below nine tenths of that."
                            .formatted(openRequests(), maxOpen)));
        }
        if (valve.isShut(Why.OLDER_LEDGER)) {
            pauses.add(
                    new Pause(
                            Why.OLDER_LEDGER.word(),
                            null,
                            null,
                            "The database is empty or older than what the consumer group has read; bin/offramp recover-from-backup --plan says what is to be done."));
        }
        if (valve.isShut(Why.UNKNOWN_AGE)) {
            pauses.add(new Pause(
                    Why.UNKNOWN_AGE.word(),
                    null,
                    null,
                    "Kafka has not said yet how far was read before; it goes on by itself when it has."));
        }
        return pauses;
    }

    /** The pause that a person wants, if one does. */
    public Optional<Pause> byPerson() {
        return jdbc.sql("select paused_by, paused_at, cause from intake_pause where name = :name")
                .param("name", ALL)
                .query((row, _) -> new Pause(
                        Why.PERSON.word(),
                        row.getString("paused_by"),
                        row.getObject("paused_at", OffsetDateTime.class).toInstant(),
                        Objects.requireNonNull(row.getString("cause"))))
                .optional();
    }

    public long openRequests() {
        return requests.countOpen();
    }

    public long maxOpen() {
        return maxOpen;
    }

    /** @return false when a person wants it already */
    public boolean pause(String who, String cause, Instant now) {
        boolean paused;
        try {
            paused = Boolean.TRUE.equals(transactions.execute(_ -> {
                if (byPerson().isPresent()) {
                    return false;
                }
                jdbc.sql("""
                        insert into intake_pause (name, paused_at, paused_by, cause)
                        values (:name, :now, :who, :cause)
                        """)
                        .param("name", ALL)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("who", who)
                        .param("cause", cause)
                        .update();
                audit.add(new Audit.Entry(who, "intake paused", "intake", cause, ""), now);
                return true;
            }));
        } catch (DuplicateKeyException e) { // Somebody else did at the same moment.
            paused = false;
        }
        look();
        return paused;
    }

    /** @return false when no person wants it paused */
    public boolean resume(String who, String cause, Instant now) {
        boolean resumed = Boolean.TRUE.equals(transactions.execute(_ -> {
            int deleted = jdbc.sql("delete from intake_pause where name = :name")
                    .param("name", ALL)
                    .update();
            if (deleted == 1) {
                audit.add(new Audit.Entry(who, "intake resumed", "intake", cause, ""), now);
            }
            return deleted == 1;
        }));
        look();
        return resumed;
    }

    /** Follows what people want; one look at a time, so that none acts on what it read before a later change. */
    synchronized void look() {
        byPerson()
                .ifPresentOrElse(
                        pause -> {
                            if (!valve.isShut(Why.PERSON)) {
                                valve.shut(Why.PERSON);
                                log.info("{} paused intake ({}): records wait in Kafka.", pause.by(), pause.cause());
                            }
                        },
                        () -> {
                            if (valve.isShut(Why.PERSON)) {
                                valve.open(Why.PERSON);
                                log.info("Nobody wants intake paused any more.");
                            }
                        });
    }
}
