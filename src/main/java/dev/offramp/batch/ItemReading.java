package dev.offramp.batch;

import dev.offramp.ledger.Requests;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the items of a batch that still have an unfinished request, page by page, by key and outside the chunk's
 * transaction. What is finished is not read again, so a restart needs no position of its own.
 */
class ItemReading implements ItemReader<Item> {

    private static final int PAGE = 200;

    private final Requests requests;
    private final TransactionTemplate outside;
    private final long batch;
    private final Queue<Integer> page = new ArrayDeque<>();
    private int last;

    ItemReading(Requests requests, TransactionTemplate outside, long batch) {
        this.requests = requests;
        this.outside = outside;
        this.batch = batch;
    }

    @Override
    public @Nullable Item read() {
        if (page.isEmpty()) {
            outside.executeWithoutResult(_ -> page.addAll(requests.unfinishedItems(batch, last, PAGE)));
        }
        Integer next = page.poll();
        if (next == null) {
            return null;
        }
        last = next;
        return new Item(batch, next);
    }
}
