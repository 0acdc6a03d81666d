package dev.offramp.run;

import dev.offramp.ledger.Requests;
import dev.offramp.run.Upload.State;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides after the check whether anything of the file is loaded. */
final class Deciding {

    private static final Logger LOG = LoggerFactory.getLogger(Deciding.class);

    private final Uploads uploads;
    private final Requests requests;
    private final InstantSource clock;
    private final long maxOpen;

    Deciding(Uploads uploads, Requests requests, InstantSource clock, long maxOpen) {
        this.uploads = uploads;
        this.requests = requests;
        this.clock = clock;
        this.maxOpen = maxOpen;
    }

    void decide(Load load) {
        var upload = uploads.byNumber(load.upload().number());
        if (upload.state() == Upload.State.LOADING) {
            return; // Decided by a run that died before its step was noted as complete; the count begins anew since.
        }
        var lines = upload.lines();
        var allowed = load.definition().file().badLines();
        if (lines.read() == 0) {
            refuse(load, "The file has a header and no line. Write at least one line.");
        } else if (lines.bad() * 100 > lines.read() * allowed) {
            refuse(
                    load,
                    Sentences.tooManyBad(
                            lines.bad(), lines.read(), allowed, load.run().job()));
        } else if (lines.fresh() > 0 && requests.countOpen() + lines.fresh() > maxOpen) {
            refuse(load, Sentences.tooManyOpen(lines.fresh(), requests.countOpen(), maxOpen));
        } else if (!uploads.startLoading(load.lease())) {
            throw new Load.LeaseLost();
        }
    }

    private void refuse(Load load, String sentence) {
        if (!uploads.end(load.lease(), State.REFUSED, sentence, clock.instant())) {
            throw new Load.LeaseLost();
        }
        LOG.info(
                "Refused a file of run {} of {}: {}",
                load.run().name(),
                load.run().job(),
                sentence);
    }
}
