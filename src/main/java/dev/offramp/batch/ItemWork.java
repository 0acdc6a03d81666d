package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Turns;
import dev.offramp.offboarding.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * Works on one customer: wins its turn, reads the states again, then one request after the other. It never throws, not
 * even to stop: what was not started is said, and the writer settles the rest of the chunk.
 */
final class ItemWork implements ItemProcessor<Item, WorkedItem> {

    private final Runs runs;
    private final Requests requests;
    private final Turns turns;
    private final RequestWork work;
    private final InstantSource clock;
    private final BatchJournal journal;

    ItemWork(Runs runs, Requests requests, Turns turns, RequestWork work, InstantSource clock, BatchJournal journal) {
        this.runs = runs;
        this.requests = requests;
        this.turns = turns;
        this.work = work;
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public WorkedItem process(Item item) {
        Optional<Run> run = runs.of(item.batch());
        if (run.isEmpty()) {
            return new WorkedItem(item, List.of());
        }
        try {
            return new WorkedItem(item, work(item, run.get()));
        } catch (RuntimeException e) {
            LostDatabase.tell(journal, "B-%d, item %d".formatted(item.batch(), item.number()), e);
            return new WorkedItem(item, List.of());
        }
    }

    private List<Worked> work(Item item, Run run) {
        List<Request> unfinished = requests.ofItem(item.batch(), item.number());
        if (unfinished.isEmpty() || run.stopped().isPresent()) {
            return unfinished.stream().map(request -> notStarted(request, run)).toList();
        }
        Request first = unfinished.getFirst();
        if (!turns.win(first.customerId(), run.fence(), item.number(), clock.instant())) {
            return unfinished.stream()
                    .<Worked>map(request -> new Worked.HandBack(request, "Another batch works on this customer."))
                    .toList();
        }
        List<Worked> worked = new ArrayList<>();
        boolean broke = false;
        for (Request request : requests.ofItem(item.batch(), item.number())) {
            if (run.stopped().isPresent()) {
                worked.add(notStarted(request, run));
            } else if (broke) {
                // What broke may be the writing of a reply, and no call of this item may leave before that is durable.
                worked.add(new Worked.HandBack(request, "An earlier request of this customer broke off."));
            } else {
                try {
                    worked.add(work.work(request, run, worked));
                } catch (RuntimeException e) {
                    LostDatabase.tell(journal, "Request " + request.key(), e);
                    worked.add(broken(request, e));
                    broke = true;
                }
            }
        }
        return worked;
    }

    private static Worked broken(Request request, RuntimeException cause) {
        return new Worked.Settle(
                request,
                Resolutions.stalled(
                        request,
                        Reason.INTERNAL_ERROR,
                        LostDatabase.isBehind(cause)
                                ? "The database was lost while this request was worked on."
                                : "Offramp failed on this request: "
                                        + cause.getClass().getSimpleName() + ".",
                        "Look into the log and restart the batch; nothing is called twice.",
                        null));
    }

    private static Worked notStarted(Request request, Run run) {
        Run.Stop stop = run.stopped().orElseThrow();
        return new Worked.NotStarted(request, stop.reason(), stop.sentence());
    }
}
