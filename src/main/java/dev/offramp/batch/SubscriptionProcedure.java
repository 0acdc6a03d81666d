package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionRules;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The operations on one subscription: read it with what belongs to it, and send it back with one member changed. */
final class SubscriptionProcedure implements Procedure {

    private final Operation operation;
    private final TargetReads reads;

    SubscriptionProcedure(Operation operation, TargetReads reads) {
        this.operation = operation;
        this.reads = reads;
    }

    @Override
    public List<ResourceClass> reads(Beside beside) {
        return beside.reads()
                .map(more -> List.of(ResourceClass.SUBSCRIPTION, more))
                .orElse(List.of(ResourceClass.SUBSCRIPTION));
    }

    @Override
    public List<ResourceClass> writes(Request request, Beside beside) {
        return List.of(beside.writes());
    }

    @Override
    public Reading read(Request request, List<Try> tries, Beside beside) {
        return reads.subscription(request.customerId(), target(request), beside);
    }

    @Override
    public Verdict decide(Request request, StepsDone done, Facts facts, Instant now) {
        return SubscriptionRules.decide(
                operation, target(request), request.terms(), request.released(), done, facts, now);
    }

    @Override
    public boolean achieves(Step step) {
        return switch (step) {
            case Step.ChangeSubscription(var _, Change change, boolean own) -> own && change == change();
            case Step.CancelOrder _ -> operation == Operation.CANCEL_SUBSCRIPTION;
            case Step.CancelAzureSubscription _, Step.RemoveRelationship _ -> false;
        };
    }

    /** After a reactivation its auto-renewal may have to be restored. */
    @Override
    public boolean endsWith(Step step) {
        return achieves(step) && operation != Operation.REACTIVATE_SUBSCRIPTION;
    }

    private Change change() {
        return switch (operation) {
            case CANCEL_SUBSCRIPTION -> Change.CANCEL;
            case SUSPEND_SUBSCRIPTION -> Change.SUSPEND;
            case REACTIVATE_SUBSCRIPTION -> Change.REACTIVATE;
            case TURN_OFF_AUTO_RENEW -> Change.AUTO_RENEW_OFF;
            case REMOVE_RESELLER_RELATIONSHIP, WITHDRAW ->
                throw new IllegalStateException(operation.word() + " changes no subscription");
        };
    }

    @Override
    public Effect effect() {
        return switch (change()) {
            case CANCEL -> Effect.CANCELLED;
            case SUSPEND -> Effect.SUSPENDED;
            case REACTIVATE -> Effect.REACTIVATED;
            case AUTO_RENEW_OFF -> Effect.AUTO_RENEW_OFF;
            case AUTO_RENEW_ON -> throw new IllegalStateException("no operation is for that");
        };
    }

    @Override
    public Denial signIn() {
        return Denial.APP_SIGN_IN;
    }

    @Override
    public String doneSentence(Request request) {
        return switch (change()) {
            case AUTO_RENEW_OFF ->
                "Subscription %s of customer %s does not renew any more."
                        .formatted(target(request), request.customerId());
            case Change other ->
                "Subscription %s of customer %s is %s."
                        .formatted(
                                target(request),
                                request.customerId(),
                                other == Change.CANCEL
                                        ? "cancelled"
                                        : other == Change.SUSPEND ? "suspended" : "active again");
        };
    }

    private static SubscriptionId target(Request request) {
        return Objects.requireNonNull(request.subscriptionId(), "it names its subscription");
    }
}
