package dev.offramp.offboarding;

import dev.offramp.offboarding.SoftwareOrder.Line;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether software that a request names by its order may be cancelled now. An order names no cancellation window; a late
 * call is declined by Partner Center without an effect.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-software-purchases">Cancel software
 *     purchases</a>
 */
public final class OrderRules {

    /** What is paid again and again is a subscription. */
    private static final Set<String> RECURRING = Set.of("monthly", "annual", "biennial", "triennial");

    private static final String BOUGHT_ONCE = "one_time";

    private OrderRules() {}

    /**
     * Judges one cancellation; it throws for nothing that can be read.
     *
     * @param asked the order, or its line, that the request names; facts about another one are never a reason to go
     * @param released what the request was held for and a person has released it from
     * @param done what the request has done already
     */
    public static Verdict decide(
            OrderTarget asked, Terms terms, Releases released, StepsDone done, Facts facts, Instant now) {
        Verdict ruled = switch (facts) {
            case Facts.OfOrder read -> judge(asked, terms, released, done, read.order(), now);
            case Facts.NoSubscription none ->
                Blocks.because(
                        Reason.SUBSCRIPTION_NOT_FOUND,
                        "The customer has no order %s (%s).".formatted(asked.order(), none.answer()),
                        "Check the order's id and the customer's id; upper and lower case matter in it.");
            case Facts.NoCustomer none -> Blocks.customerNotFound(none);
            case Facts.NotOurCustomer not -> Blocks.notOurs(not);
            case Facts.Unreadable strange -> Blocks.unreadable(strange);
            case Facts.OfSubscription _, Facts.OfCustomer _ ->
                Blocks.unknownState("Something else was read where the order was needed.");
        };
        return ruled instanceof Verdict.AlreadyDone
                ? ruled
                : TimeFrame.verdict(terms, now).orElse(ruled);
    }

    private static Verdict judge(
            OrderTarget asked, Terms terms, Releases released, StepsDone done, SoftwareOrder order, Instant now) {
        if (!asked.order().equals(order.id())) {
            return Blocks.unknownState("Order %s was asked for and %s came.".formatted(asked.order(), order.id()));
        }
        if (order.isCancelled()) {
            return new Verdict.AlreadyDone("The order %s is cancelled already.".formatted(order.id()));
        }
        if (!order.isCompleted() && !order.isPending()) {
            return Blocks.unknownState(
                    "The order %s has the status '%s', which is not known.".formatted(order.id(), order.status()));
        }
        if (!order.isNumbered()) {
            return Blocks.unknownState("The lines of the order %s could not be told apart.".formatted(order.id()));
        }
        List<Line> meant = order.lines(asked);
        if (meant.isEmpty()) {
            return Blocks.because(
                    Reason.SUBSCRIPTION_NOT_FOUND,
                    "The order %s has no line %s.".formatted(order.id(), asked.line()),
                    "Check orderLineItem; Partner Center numbers the lines of an order from 0.");
        }
        List<Line> left = meant.stream().filter(line -> !line.isCancelled()).toList();
        if (left.isEmpty()) {
            return new Verdict.AlreadyDone("The %s is cancelled already.".formatted(asked));
        }
        return notUnderstood(order, left)
                .or(() -> anotherKind(order, left))
                .or(() -> inProgress(order, now))
                .or(() -> Expectations.ofLines(terms.expect(), released, left))
                .orElseGet(() -> go(asked, done, now));
    }

    private static Optional<Verdict> notUnderstood(SoftwareOrder order, List<Line> left) {
        return left.stream().anyMatch(line -> line.quantity() == null)
                ? Optional.of(Blocks.unknownState(
                        "A line of the order %s has no quantity, so nobody knows whether it is cancelled."
                                .formatted(order.id())))
                : Optional.empty();
    }

    private static Optional<Verdict> anotherKind(SoftwareOrder order, List<Line> left) {
        List<SubscriptionId> subscriptions =
                left.stream().map(Line::subscription).filter(Objects::nonNull).toList();
        if (!subscriptions.isEmpty()) {
            return Optional.of(Case.blocked(
                    Reason.WRONG_KIND,
                    "The order %s is of subscriptions, and they are not cancelled by their order."
                            .formatted(order.id()),
                    "Use instead: cancel-subscription with the subscriptionId of each of them.",
                    subscriptions.stream()
                            .map(each -> new Blocker(
                                    "subscription",
                                    each.value(),
                                    "subscription of order " + order.id(),
                                    null,
                                    "Cancel it with cancel-subscription and its subscriptionId."))
                            .toList()));
        }
        String billing = order.billingCycle().toLowerCase(Locale.ROOT);
        if (RECURRING.contains(billing)) {
            return Optional.of(Blocks.because(
                    Reason.WRONG_KIND,
                    "The order %s is billed %s, so it is of no software that was bought once."
                            .formatted(order.id(), billing),
                    "Use instead: cancel-subscription with the subscriptionId of what was bought."));
        }
        return billing.equals(BOUGHT_ONCE)
                ? Optional.empty()
                : Optional.of(Blocks.unknownState(
                        "Whether the order %s is of software could not be told: its billing cycle is '%s'."
                                .formatted(order.id(), order.billingCycle())));
    }

    private static Optional<Verdict> inProgress(SoftwareOrder order, Instant now) {
        return order.isPending()
                ? Optional.of(new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(Case.IN_PROGRESS),
                        "The order %s is in progress.".formatted(order.id())))
                : Optional.empty();
    }

    private static Verdict go(OrderTarget asked, StepsDone done, Instant now) {
        Step step = new Step.CancelOrder(asked.order(), asked.line());
        return done.includes(step)
                ? new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(Case.IN_PROGRESS),
                        "This request cancelled the %s already; Partner Center does not show it yet.".formatted(asked))
                : new Verdict.Go("The %s is of software that was bought once.".formatted(asked), step);
    }
}
