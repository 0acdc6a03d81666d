package dev.offramp.batch;

import java.util.stream.Stream;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells what broke because the database was lost or could not be had from what broke by a mistake of ours. */
final class LostDatabase {

    private LostDatabase() {}

    static boolean isBehind(Throwable thrown) {
        return Stream.iterate(thrown, each -> each != null, Throwable::getCause)
                .anyMatch(each -> each instanceof DataAccessResourceFailureException
                        || each instanceof RecoverableDataAccessException
                        || each instanceof TransientDataAccessResourceException
                        || each instanceof CannotCreateTransactionException);
    }

    static void tell(BatchJournal journal, String where, Exception thrown) {
        if (isBehind(thrown)) {
            journal.databaseLost(where, thrown);
        } else {
            journal.bug(where, thrown);
        }
    }
}
