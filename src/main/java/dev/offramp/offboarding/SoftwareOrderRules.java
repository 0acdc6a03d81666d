package dev.offramp.offboarding;

import dev.offramp.offboarding.SoftwareOrder.Line;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Perpetual software is cancelled by its order, and only when the order holds nothing else.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-software-purchases">Cancel software
 *     purchases</a>
 */
final class SoftwareOrderRules {

    private SoftwareOrderRules() {}

    static Verdict cancel(Case it) {
        return alreadyCancelled(it).or(() -> notUnderstood(it)).orElseGet(() -> {
            if (CancellationWindow.of(it.read(), it.now()) instanceof CancellationWindow.Closed closed) {
                return EndOfTermRules.windowClosed(it, closed);
            }
            SoftwareOrder order = orderOf(it);
            return order == null ? notRead() : cancel(it, order);
        });
    }

    private static Verdict cancel(Case it, SoftwareOrder order) {
        if (order.isPending()) {
            return new Verdict.WaitUntil(
                    Reason.PENDING_OPERATION,
                    it.now().plus(Case.IN_PROGRESS),
                    "The order %s is in progress.".formatted(order.id()));
        }
        List<Line> others = order.lines().stream()
                .filter(line -> !isOwn(it, line) && !line.isCancelled())
                .toList();
        return others.isEmpty()
                ? it.go(
                        "The order %s holds nothing but this software.".formatted(order.id()),
                        new Step.CancelOrder(order.id()))
                : shared(order, others);
    }

    /** An order that is cancelled, or in which this software is. */
    static Optional<Verdict> alreadyCancelled(Case it) {
        SoftwareOrder order = orderOf(it);
        if (order == null) {
            return Optional.empty();
        }
        List<Line> own = own(it, order);
        boolean cancelled =
                order.isCancelled() || (!own.isEmpty() && own.stream().allMatch(Line::isCancelled));
        return cancelled
                ? Optional.of(new Verdict.AlreadyDone(
                        "The software is cancelled already in its order %s.".formatted(order.id())))
                : Optional.empty();
    }

    private static Optional<Verdict> notUnderstood(Case it) {
        SoftwareOrder order = orderOf(it);
        if (order == null) {
            return Optional.of(notRead());
        }
        if (!order.isCompleted() && !order.isPending()) {
            return Optional.of(Blocks.unknownState(
                    "The order %s has the status '%s', which is not known.".formatted(order.id(), order.status())));
        }
        List<Line> own = own(it, order);
        if (own.isEmpty() || own.stream().anyMatch(line -> line.number() == null)) {
            return Optional.of(Blocks.unknownState(
                    "Which line of the order %s the software belongs to could not be told.".formatted(order.id())));
        }
        return Optional.empty();
    }

    private static Verdict notRead() {
        return Blocks.unknownState("The order that perpetual software is cancelled by could not be read.");
    }

    private static Verdict shared(SoftwareOrder order, List<Line> others) {
        return Case.blocked(
                Reason.SOFTWARE,
                "The order %s holds more than this software; cancelling it would cancel that too."
                        .formatted(order.id()),
                "Ask for the software's line alone: cancel-subscription with orderId and orderLineItem.",
                others.stream()
                        .map(line -> new Blocker(
                                "order-line",
                                "%s/%s".formatted(order.id(), line.number() == null ? "?" : line.number()),
                                line.offerId() == null ? "no offer" : line.offerId(),
                                null,
                                "Keep it, or have it cancelled by a request of its own."))
                        .toList());
    }

    /** The order that was read, if it is the subscription's own. */
    private static @Nullable SoftwareOrder orderOf(Case it) {
        SoftwareOrder order = it.facts().order();
        String id = it.read().orderId();
        return order != null && id != null && id.equalsIgnoreCase(order.id()) ? order : null;
    }

    private static List<Line> own(Case it, SoftwareOrder order) {
        return order.lines().stream().filter(line -> isOwn(it, line)).toList();
    }

    /** By the subscription that a line names; an order page that names none is understood by its offers. */
    private static boolean isOwn(Case it, Line line) {
        if (line.subscription() != null) {
            return line.subscription().equals(it.asked());
        }
        String offer = line.offerId();
        return offer != null && offer.equalsIgnoreCase(it.read().offerId());
    }
}
