package dev.offramp.run;

import dev.offramp.run.Upload.File;
import dev.offramp.run.Upload.Lines;
import dev.offramp.run.Upload.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How rows of runs and uploads are read, and how times are handed to SQL. */
final class RunRows {

    private RunRows() {}

    static Run run(ResultSet row, int index) throws SQLException {
        return new Run(
                row.getLong("run_no"),
                text(row, "job"),
                text(row, "name"),
                row.getBoolean("plan_only"),
                text(row, "run_by"),
                text(row, "run_cause"),
                time(row, "run_at"),
                upload(row, index));
    }

    static Upload upload(ResultSet row, int index) throws SQLException {
        var total = row.getLong("lines_total");
        return new Upload(
                row.getLong("number"),
                row.getLong("run_number"),
                State.named(text(row, "state")),
                row.getString("message"),
                new File(text(row, "file_name"), row.getLong("file_size"), digest(row)),
                row.getLong("received"),
                text(row, "announced_by"),
                row.getString("requested_by"),
                text(row, "cause"),
                time(row, "created_at"),
                timeOrNull(row, "complete_at"),
                timeOrNull(row, "ended_at"),
                row.getString("layout"),
                new Lines(
                        row.getObject("lines_total") == null ? null : total,
                        row.getLong("lines_read"),
                        row.getLong("lines_fresh"),
                        row.getLong("lines_new"),
                        row.getLong("lines_known"),
                        row.getLong("lines_changed"),
                        row.getLong("lines_bad")),
                row.getLong("lease_number"),
                row.getInt("failures"));
    }

    private static String digest(ResultSet row) throws SQLException {
        return text(row, "file_digest");
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(timeOrNull(row, column), column);
    }

    private static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A time as both databases keep it. */
    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
