package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;

/** What the processor made of one request; the writer puts it into the ledger. */
sealed interface Worked {

    Request request();

    /** Its state changes. */
    record Settle(Request request, Resolution resolution) implements Worked {}

    /**
     * It goes back to the dispatcher without an outcome, unless somebody else has changed it meanwhile; then what they
     * wrote stands.
     */
    record HandBack(Request request, String why) implements Worked {}

    /** It was not started, as the run is to stop; it stays in its batch. */
    record NotStarted(Request request, StopReason reason, String sentence) implements Worked {}
}
