package dev.offramp.offboarding;

import dev.offramp.offboarding.Facts.OfCustomer;
import dev.offramp.offboarding.Facts.OfOrder;
import dev.offramp.offboarding.Facts.OfSubscription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * All the steps that a request would take from some facts on, if each did what it is for and nothing else changed.
 *
 * @param steps in the order in which they would be taken; empty when nothing would be called
 * @param first what is decided over the facts as they are
 * @param last what would be decided when nothing more is to be called
 */
public record Foreseen(List<Step> steps, Verdict first, Verdict last) {

    /** A chain is no longer than what one customer can have; more is a rule that goes round in circles. */
    private static final int LONGEST = 2000;

    public Foreseen {
        steps = List.copyOf(steps);
    }

    /** @param decide the rules of its operation */
    public static Foreseen of(BiFunction<StepsDone, Facts, Verdict> decide, StepsDone done, Facts facts) {
        List<Step> steps = new ArrayList<>();
        Verdict first = decide.apply(done, facts);
        Verdict next = first;
        Facts then = facts;
        Set<String> words = new HashSet<>(done.words());
        while (next instanceof Verdict.Go(String _, Step step) && words.add(step.word()) && steps.size() < LONGEST) {
            steps.add(step);
            then = after(step, then);
            next = decide.apply(new StepsDone(words, done.autoRenewBefore(), done.termEndBefore()), then);
        }
        return new Foreseen(steps, first, next);
    }

    /** The facts as the step would leave them. */
    private static Facts after(Step step, Facts facts) {
        return switch (step) {
            case Step.ChangeSubscription(SubscriptionId id, Change change, boolean _) ->
                switch (facts) {
                    case OfSubscription of
                    when id.equals(of.subscription().id()) ->
                        new OfSubscription(
                                of.readAt(), changed(of.subscription(), change), of.azure(), of.order(), of.complete());
                    case OfCustomer of ->
                        new OfCustomer(
                                of.readAt(),
                                of.customer(),
                                of.subscriptions().stream()
                                        .map(each -> id.equals(each.id()) ? changed(each, change) : each)
                                        .toList(),
                                of.entitlements(),
                                of.complete(),
                                of.evidence());
                    case Facts other -> other;
                };
            case Step.CancelAzureSubscription(SubscriptionId _, String entitlement) ->
                facts instanceof OfSubscription of
                        ? new OfSubscription(
                                of.readAt(),
                                of.subscription(),
                                of.azure().stream()
                                        .map(each -> each.entitlement().equals(entitlement)
                                                ? new AzureSubscription(entitlement, each.name(), "inactive")
                                                : each)
                                        .toList(),
                                of.order(),
                                of.complete())
                        : facts;
            case Step.CancelOrder(String _, Integer line) -> cancelled(line, facts);
            case Step.RemoveRelationship _ ->
                facts instanceof OfCustomer of
                        ? new OfCustomer(
                                of.readAt(),
                                new Customer(
                                        of.customer().id(),
                                        of.customer().companyName(),
                                        of.customer().domain(),
                                        "none"),
                                of.subscriptions(),
                                of.entitlements(),
                                of.complete(),
                                "the plan foresees its own call")
                        : facts;
        };
    }

    private static Facts cancelled(@Nullable Integer line, Facts facts) {
        return switch (facts) {
            case OfOrder(var readAt, SoftwareOrder order) -> new OfOrder(readAt, cancelled(order, line));
            case OfSubscription of -> {
                SoftwareOrder order = of.order();
                yield order == null
                        ? of
                        : new OfSubscription(
                                of.readAt(),
                                changed(of.subscription(), Change.CANCEL),
                                of.azure(),
                                cancelled(order, line),
                                of.complete());
            }
            case Facts other -> other;
        };
    }

    private static SoftwareOrder cancelled(SoftwareOrder order, @Nullable Integer line) {
        return new SoftwareOrder(
                order.id(),
                line == null ? "cancelled" : order.status(),
                order.billingCycle(),
                order.lines().stream()
                        .map(each -> line == null || line.equals(each.number())
                                ? new SoftwareOrder.Line(each.number(), each.offerId(), each.subscription(), 0)
                                : each)
                        .toList());
    }

    private static Subscription changed(Subscription old, Change change) {
        return new Subscription(
                old.id(),
                old.name(),
                switch (change) {
                    case CANCEL -> SubscriptionStatus.of("deleted");
                    case SUSPEND -> SubscriptionStatus.of("suspended");
                    case REACTIVATE -> SubscriptionStatus.of("active");
                    case AUTO_RENEW_OFF, AUTO_RENEW_ON -> old.status();
                },
                old.kind(),
                old.offerId(),
                old.quantity(),
                switch (change) {
                    case AUTO_RENEW_OFF, SUSPEND -> Boolean.FALSE;
                    case AUTO_RENEW_ON -> Boolean.TRUE;
                    case CANCEL, REACTIVATE -> old.autoRenew();
                },
                old.cancellationAllowedUntil(),
                old.actions(),
                old.termEnd(),
                old.refunds(),
                old.refundableUntil(),
                old.refundableQuantity(),
                old.orderId());
    }
}
