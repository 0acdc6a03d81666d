package dev.offramp.run;

import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.request.RowScreening.Judged;
import dev.offramp.run.Uploads.Progress;
import dev.offramp.run.Uploads.Reject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Counts a chunk of lines before anything of the file is admitted, and notes the bad ones. */
class Checking implements ItemWriter<Line> {

    private final Load load;
    private final Uploads uploads;
    private final Requests requests;
    private final LoadingJournal journal;

    Checking(Load load, Uploads uploads, Requests requests, LoadingJournal journal) {
        this.load = load;
        this.uploads = uploads;
        this.requests = requests;
        this.journal = journal;
    }

    @Override
    public void write(Chunk<? extends Line> chunk) {
        var keys = new LinkedHashSet<RequestKey>();
        for (var line : chunk) {
            switch (line.judged()) {
                case Judged.Good(var admission) -> keys.add(admission.key());
                case Judged.Objected objected -> keys.add(objected.key());
                case Judged.Bad _ -> {}
            }
        }
        var known = requests.digests(keys).keySet();
        var rejects = new ArrayList<Reject>();
        var fresh = new LinkedHashSet<RequestKey>();
        for (var line : chunk) {
            switch (line.judged()) {
                case Judged.Good(var admission) when !known.contains(admission.key()) -> fresh.add(admission.key());
                case Judged.Objected objected
                when !known.contains(objected.key()) ->
                    rejects.add(new Reject(line.number(), objected.message(), line.text()));
                case Judged.Bad(var message) -> rejects.add(new Reject(line.number(), message, line.text()));
                // It came before; loading compares it with what came.
                case Judged.Good _, Judged.Objected _ -> {}
            }
        }
        if (!uploads.progress(load.lease(), new Progress(chunk.size(), fresh.size(), 0, 0, 0, rejects.size()))) {
            throw new Load.LeaseLost();
        }
        uploads.reject(load.upload().number(), rejects);
        journal.chunkChecked(load.upload().number());
    }
}
