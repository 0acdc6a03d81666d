package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.util.List;

/** How one operation reads and decides; what it decides upon is done step by step ({@link StepCalls}). */
sealed interface Procedure permits SubscriptionProcedure, OrderProcedure, UnlinkProcedure {

    /** The calls that bring the facts, in order. */
    List<ResourceClass> reads(Beside beside);

    /** The limits that the destructive call of one round may count towards. */
    List<ResourceClass> writes(Request request, Beside beside);

    /** Reads everything that the verdict needs, as far as it is reserved. */
    Reading read(Request request, List<Try> tries, Beside beside);

    /** Decides over it. */
    Verdict decide(Request request, StepsDone done, Facts facts, Instant now);

    /** Whether this step brings about what the operation is for. */
    boolean achieves(Step step);

    /** Whether nothing can be left to do once this step is done. */
    boolean endsWith(Step step);

    /** What it changes when it is done. */
    Effect effect();

    /** The sign-in without which nothing of it can be done. */
    Denial signIn();

    /** For people: "Subscription x of customer y is cancelled." */
    String doneSentence(Request request);
}
