package dev.offramp.ledger;

import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Says {@link WorkArrived} once after the commit of a transaction that made something ready or wrote an outcome. */
final class Announcements {

    private final Consumer<WorkArrived> listener;

    Announcements(Consumer<WorkArrived> listener) {
        this.listener = listener;
    }

    void workArrives() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            listener.accept(new WorkArrived());
            return;
        }
        var announced = TransactionSynchronizationManager.getSynchronizations().stream()
                .anyMatch(each -> each instanceof AfterCommit other && other.listener == listener);
        if (!announced) {
            TransactionSynchronizationManager.registerSynchronization(new AfterCommit(listener));
        }
    }

    private record AfterCommit(Consumer<WorkArrived> listener) implements TransactionSynchronization {

        /** Not in {@code afterCommit}: what a listener throws there would look to the caller like a failed commit. */
        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED) {
                listener.accept(new WorkArrived());
            }
        }
    }
}
