package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes.Outcome;
import java.util.List;

/** What the relay does, in the words of the trade; for logs, and for tests that stop the process at a point. */
public interface RelayJournal {

    /** The broker has acknowledged these outcomes; that is not noted in the ledger yet. */
    default void acknowledged(List<Outcome> outcomes) {}

    /** The ledger knows that these outcomes were sent. */
    default void noted(List<Outcome> outcomes) {}

    /** One outcome could not be sent; it and the later ones of its customer come again in the next round. */
    default void notSent(Outcome outcome, Throwable cause) {}

    /** A refused record could not be published; it comes again in the next round. */
    default void refusalNotSent(long refusal, Throwable cause) {}

    /** The broker took none: so many outcomes or refused records at least wait, and come again in the next round. */
    default void brokerAway(int waiting, Throwable cause) {}

    /** A whole round failed; the next one begins anew. */
    default void roundFailed(RuntimeException cause) {}
}
