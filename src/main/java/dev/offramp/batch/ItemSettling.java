package dev.offramp.batch;

import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Turns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes what the processor made of a chunk, and gives the turns back, all in the chunk's one transaction. */
class ItemSettling implements ItemWriter<WorkedItem> {

    private final Runs runs;
    private final Requests requests;
    private final Turns turns;
    private final InstantSource clock;
    private final BatchJournal journal;
    private final StepExecution stepExecution;

    ItemSettling(
            Runs runs,
            Requests requests,
            Turns turns,
            InstantSource clock,
            BatchJournal journal,
            StepExecution stepExecution) {
        this.runs = runs;
        this.requests = requests;
        this.turns = turns;
        this.clock = clock;
        this.journal = journal;
        this.stepExecution = stepExecution;
    }

    @Override
    public void write(Chunk<? extends WorkedItem> chunk) {
        Instant now = clock.instant();
        Fence fence = fence(chunk.getItems().getFirst());
        // By ledger order over all items, as everybody who changes several requests: so nobody waits for another in
        // turn.
        chunk.getItems().stream()
                .flatMap(item -> item.requests().stream())
                .sorted(Comparator.comparingLong(worked -> worked.request().number()))
                .forEach(worked -> settle(worked, fence, now));
        for (WorkedItem item : chunk) {
            turns.giveBack(fence, List.of(item.item().number()));
        }
        afterCommit(chunk.getItems().getFirst().item().batch());
    }

    private void settle(Worked worked, Fence fence, Instant now) {
        switch (worked) {
            case Worked.Settle(var request, var resolution) -> {
                if (requests.settle(request, resolution, fence, now)) {
                    journal.settled(request, resolution);
                }
            }
            case Worked.HandBack(var request, String _) -> requests.handBack(request, now, fence, now);
            // The policy that ends a step is asked before a chunk only, never after the last one.
            case Worked.NotStarted _ -> stepExecution.setTerminateOnly();
        }
    }

    private Fence fence(WorkedItem item) {
        return runs.of(item.item().batch())
                .map(Run::fence)
                .orElseThrow(() -> new IllegalStateException("B-" + item.item().batch() + " has no lease here."));
    }

    private void afterCommit(long batch) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                journal.chunkCommitted(batch);
            }
        });
    }
}
