package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How one operation reads, decides, calls and looks. */
sealed interface Procedure permits CancelProcedure, UnlinkProcedure {

    /** The calls that bring the facts, in order. */
    List<ResourceClass> reads();

    /** The limit that its destructive call counts towards. */
    ResourceClass writes();

    /** Reads everything that the verdict needs. */
    Reading read(Request request, List<Try> tries);

    /** Decides over it. */
    Verdict decide(Request request, Facts facts, Instant now);

    /** The resource as it is before the change, for the record. */
    Optional<String> beforeImage(Reading.Known known);

    /** Makes the destructive call. */
    Call call(Permit permit, Reading.Known known);

    /** What it changes when it is done. */
    Effect effect();

    /** Whether a success of the call is the end, or a read must show it. */
    boolean endsWithTheReply();

    /** The calls of one look for the effect. */
    List<ResourceClass> looks();

    /** Whether a read shows the effect. */
    Look look(Request request);

    /** The sign-in without which nothing of it can be done. */
    Denial signIn();

    /** For people: "Subscription x of customer y is cancelled." */
    String doneSentence(Request request);

    /**
     * What a look for an effect showed.
     *
     * @param after the resource as it is now, empty when there is none to show
     * @param reading what was read
     */
    record Look(Seen seen, String after, Reading reading) {}
}
