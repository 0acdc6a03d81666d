package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.OrderRules;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** {@code cancel-subscription} of software that no list of subscriptions shows: its order is read and patched. */
final class OrderProcedure implements Procedure {

    private final TargetReads reads;

    OrderProcedure(TargetReads reads) {
        this.reads = reads;
    }

    @Override
    public List<ResourceClass> reads(Beside beside) {
        return List.of(ResourceClass.ORDER);
    }

    @Override
    public List<ResourceClass> writes(Request request, Beside beside) {
        return List.of(ResourceClass.ORDER);
    }

    @Override
    public Reading read(Request request, List<Try> tries, Beside beside) {
        return reads.order(request.customerId(), target(request).order());
    }

    @Override
    public Verdict decide(Request request, StepsDone done, Facts facts, Instant now) {
        return OrderRules.decide(target(request), request.terms(), request.released(), done, facts, now);
    }

    @Override
    public boolean achieves(Step step) {
        return step instanceof Step.CancelOrder;
    }

    @Override
    public boolean endsWith(Step step) {
        return achieves(step);
    }

    @Override
    public Effect effect() {
        return Effect.CANCELLED;
    }

    @Override
    public Denial signIn() {
        return Denial.APP_SIGN_IN;
    }

    @Override
    public String doneSentence(Request request) {
        return "The %s of customer %s is cancelled.".formatted(target(request), request.customerId());
    }

    private static OrderTarget target(Request request) {
        return Objects.requireNonNull(request.order(), "it names its order");
    }
}
