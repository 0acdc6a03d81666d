package dev.offramp.request;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;

/** Takes each poll of the request topic into the ledger; returns only when it stands there, so that offsets may follow. */
class IntakeListener implements BatchMessageListener<byte[], byte[]> {

    private final Intake intake;
    private final Backlog backlog;
    private final Runnable recordsRefused;

    /** @param recordsRefused called after a commit that wrote refusals; of requests the ledger tells by itself */
    IntakeListener(Intake intake, Backlog backlog, Runnable recordsRefused) {
        this.intake = intake;
        this.backlog = backlog;
        this.recordsRefused = recordsRefused;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> poll) {
        var taken = intake.take(poll.stream().map(IncomingRecord::of).toList());
        backlog.grewBy(taken.admitted());
        if (taken.refused() > 0) {
            recordsRefused.run();
        }
    }
}
