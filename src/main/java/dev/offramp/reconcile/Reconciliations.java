package dev.offramp.reconcile;

import dev.offramp.ledger.Audit;
import dev.offramp.reconcile.Reconciliation.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionTemplate;

/** The comparisons that were asked for and made, in the database: whichever node asks, any node makes it. */
public final class Reconciliations {

    /** Documented: records can be read for ninety days; the day before the one that is compared is read, too. */
    private static final int DAYS_BACK = 89;

    private static final String WAITS = "It is being made.";
    private static final String COLUMNS =
            "number, of_day, state, asked_at, asked_by, cause, ended_at, message, without_request, missing, late";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;

    Reconciliations(JdbcClient jdbc, TransactionTemplate transactions, Audit audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** Why a day cannot be compared, in a sentence; empty when it can. */
    public static Optional<String> objection(LocalDate day, LocalDate today) {
        if (!day.isBefore(today)) {
            return Optional.of("%s is not over yet (in UTC); ask for a day before %s.".formatted(day, today));
        }
        return day.isBefore(today.minusDays(DAYS_BACK))
                ? Optional.of("Partner Center keeps audit records for 90 days; ask for a day since %s."
                        .formatted(today.minusDays(DAYS_BACK)))
                : Optional.empty();
    }

    /** A person wants a day compared. */
    public Reconciliation ask(LocalDate day, String who, String cause, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            long number = insert(day, who, cause, null, now);
            audit.add(new Audit.Entry(who, "reconciliation asked for", "day " + day, cause, ""), now);
            return byNumber(number).orElseThrow();
        }));
    }

    /**
     * The daily one is due.
     *
     * @param round names it among those of its day
     * @return whether this call was the first to say so
     */
    boolean fire(LocalDate day, String round, Instant now) {
        var firing = day + " " + round;
        boolean known = jdbc.sql("select count(*) from reconciliation where firing = :firing")
                        .param("firing", firing)
                        .query(Integer.class)
                        .single()
                > 0;
        if (known) {
            return false;
        }
        try {
            insert(day, "Offramp", round, firing, now);
            return true;
        } catch (DuplicateKeyException anotherNodeWasFaster) {
            return false;
        }
    }

    private long insert(LocalDate day, String who, String cause, @Nullable String firing, Instant now) {
        var key = new GeneratedKeyHolder();
        jdbc.sql("""
                insert into reconciliation
                    (of_day, firing, state, asked_at, asked_by, cause, due_at, message, without_request, missing, late)
                values (:day, :firing, 'asked', :now, :who, :cause, :now, :message, 0, 0, 0)
                """)
                .param("day", day)
                .param("firing", firing)
                .param("now", time(now))
                .param("who", who)
                .param("cause", cause)
                .param("message", WAITS)
                .update(key, "number");
        return Objects.requireNonNull(key.getKeyAs(Long.class));
    }

    /** The oldest one that is to be made now. */
    Optional<Reconciliation> due(Instant now) {
        return jdbc.sql("select " + COLUMNS + ", null as report from reconciliation where due_at <= :now"
                        + " order by due_at, number limit 1")
                .param("now", time(now))
                .query(Reconciliations::row)
                .optional();
    }

    /** The newest one of that day that was made. */
    Optional<Reconciliation> made(LocalDate day) {
        return jdbc.sql("select " + COLUMNS
                        + ", null as report from reconciliation where of_day = :day and state = 'done'"
                        + " order by number desc limit 1")
                .param("day", day)
                .query(Reconciliations::row)
                .optional();
    }

    /** Writes down what came of it; what another node has written down already stays. */
    boolean end(long number, Findings findings, String report, String message, Instant now) {
        return jdbc.sql("""
                        update reconciliation
                        set state = 'done', ended_at = :now, due_at = null, message = :message, report = :report,
                            without_request = :withoutRequest, missing = :missing, late = :late
                        where number = :number and state = 'asked'
                        """)
                        .param("now", time(now))
                        .param("message", message)
                        .param("report", report)
                        .param("withoutRequest", findings.withoutRequest().size())
                        .param("missing", findings.missing().size())
                        .param("late", findings.late().size())
                        .param("number", number)
                        .update()
                == 1;
    }

    /** It could not be made now. */
    void putOff(long number, String message, Instant until) {
        jdbc.sql(
                        "update reconciliation set message = :message, due_at = :until where number = :number and state = 'asked'")
                .param("message", message)
                .param("until", time(until))
                .param("number", number)
                .update();
    }

    /** It is not tried any more. */
    void giveUp(long number, String message, Instant now) {
        jdbc.sql("""
                update reconciliation
                set state = 'failed', ended_at = :now, due_at = null, message = :message
                where number = :number and state = 'asked'
                """)
                .param("now", time(now))
                .param("message", message)
                .param("number", number)
                .update();
    }

    /** With its report. */
    public Optional<Reconciliation> byNumber(long number) {
        return jdbc.sql("select " + COLUMNS + ", report from reconciliation where number = :number")
                .param("number", number)
                .query(Reconciliations::row)
                .optional();
    }

    /** Newest first, without their reports. */
    public List<Reconciliation> list(@Nullable Long before, int limit) {
        return jdbc.sql("select " + COLUMNS + ", null as report from reconciliation where number < :before"
                        + " order by number desc limit :limit")
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(Reconciliations::row)
                .list();
    }

    private static Reconciliation row(ResultSet row, int index) throws SQLException {
        var ended = row.getObject("ended_at", OffsetDateTime.class);
        return new Reconciliation(
                row.getLong("number"),
                row.getObject("of_day", LocalDate.class),
                State.valueOf(text(row, "state").toUpperCase(Locale.ROOT)),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                text(row, "asked_by"),
                text(row, "cause"),
                ended == null ? null : ended.toInstant(),
                text(row, "message"),
                row.getInt("without_request"),
                row.getInt("missing"),
                row.getInt("late"),
                row.getString("report"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
