package dev.offramp.platform;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Says in a sentence why the database cannot be had at the start: locked by another process, away, or not letting us in. */
final class DatabaseTrouble extends AbstractFailureAnalyzer<SQLException> implements Ordered {

    /** H2: "Database may be already in use". */
    private static final int FILE_LOCKED = 90020;

    private final Environment environment;

    DatabaseTrouble(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
        if (isLocked(cause)) {
            return locked(cause);
        }
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        if (state.startsWith("08")) {
            return new FailureAnalysis(
                    "The database does not answer (%s). Nothing was started.".formatted(cause.getMessage()),
                    "Check spring.datasource.url and that the database runs; then start again.",
                    cause);
        }
        if (state.startsWith("28") || state.equals("3D000")) {
            return new FailureAnalysis(
                    "The database does not let us in (%s). Nothing was started.".formatted(cause.getMessage()),
                    "Check spring.datasource.url, spring.datasource.username and spring.datasource.password; then start again.",
                    cause);
        }
        return null;
    }

    private FailureAnalysis locked(SQLException cause) {
        String named = environment.getProperty("offramp.home");
        Path home = named == null ? null : Path.of(named);
        return Optional.ofNullable(home)
                .flatMap(each -> Holder.of(each, InstallationDefaults.hostName())
                        .map(holder -> new FailureAnalysis(holder.sentence(each), holder.whatToDo(), cause)))
                .orElseGet(() -> new FailureAnalysis(
                        "The database file of this offramp.home is in use by another process, most likely another Offramp on this machine. Nothing was changed.",
                        "Use that one (--server URL, without --standalone); or stop it (find it with 'fuser' or 'lsof' on the file ledger.mv.db), or give this one another offramp.home. Several nodes together need PostgreSQL.",
                        cause));
    }

    private static boolean isLocked(SQLException cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && sql.getErrorCode() == FILE_LOCKED) {
                return true;
            }
        }
        return false;
    }
}
