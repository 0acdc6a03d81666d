package dev.offramp.run;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.request.RowScreening.Judged;
import dev.offramp.run.Uploads.Progress;
import dev.offramp.run.Uploads.Reject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Makes requests of a chunk's good lines, in the chunk's transaction with their numbers and the place in the file. */
class Admitting implements ItemWriter<Line> {

    private final Load load;
    private final Uploads uploads;
    private final Requests requests;
    private final InstantSource clock;
    private final LoadingJournal journal;

    Admitting(Load load, Uploads uploads, Requests requests, InstantSource clock, LoadingJournal journal) {
        this.load = load;
        this.uploads = uploads;
        this.requests = requests;
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public void write(Chunk<? extends Line> chunk) {
        var page = new Page(requests.digests(keysOf(chunk)));
        chunk.forEach(page::add);
        requests.admit(page.admissions, clock.instant());
        var progress = new Progress(chunk.size(), 0, page.admissions.size(), page.known, page.changed.size(), 0);
        if (!uploads.progress(load.lease(), progress)) {
            throw new Load.LeaseLost();
        }
        uploads.reject(load.upload().number(), page.changed);
        journal.chunkLoaded(load.upload().number());
    }

    private static LinkedHashSet<RequestKey> keysOf(Chunk<? extends Line> chunk) {
        var keys = new LinkedHashSet<RequestKey>();
        for (var line : chunk) {
            switch (line.judged()) {
                case Judged.Good(var admission) -> keys.add(admission.key());
                case Judged.Objected objected -> keys.add(objected.key());
                case Judged.Bad _ -> {}
            }
        }
        return keys;
    }

    /** What is being made of one chunk, in the order of its lines. */
    private final class Page {

        private final Map<RequestKey, String> digests;
        private final Map<RequestKey, Admission> ofThisChunk = new HashMap<>();
        private final List<Admission> admissions = new ArrayList<>();
        private final List<Reject> changed = new ArrayList<>();
        private long known;

        private Page(Map<RequestKey, String> digests) {
            this.digests = new HashMap<>(digests);
        }

        private void add(Line line) {
            switch (line.judged()) {
                case Judged.Good(var admission) -> {
                    if (!cameBefore(line, admission.key(), admission.digest(), admission)) {
                        digests.put(admission.key(), admission.digest());
                        ofThisChunk.put(admission.key(), admission);
                        admissions.add(admission);
                    }
                }
                case Judged.Objected objected -> cameBefore(line, objected.key(), objected.digest(), null);
                case Judged.Bad _ -> {}
            }
        }

        private boolean cameBefore(Line line, RequestKey key, String digest, @Nullable Admission now) {
            var first = digests.get(key);
            if (first == null) {
                return false;
            }
            if (first.equals(digest)) {
                known++;
            } else {
                changed.add(new Reject(line.number(), Versions.sentence(first(key), now, line.text()), line.text()));
            }
            return true;
        }

        private Admission first(RequestKey key) {
            var here = ofThisChunk.get(key);
            return here != null
                    ? here
                    : requests.byKey(key)
                            .orElseThrow(() -> new IllegalStateException("A known request is gone: " + key))
                            .admission();
        }
    }
}
