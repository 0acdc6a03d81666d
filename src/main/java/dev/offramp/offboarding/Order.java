package dev.offramp.offboarding;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which requests of one customer must wait for which: those that depend on each other, and no others. */
public final class Order {

    /** What ends a subscription, or lets it end, clears the way of an unlink. */
    private static final Set<Operation> CLEARING =
            Set.of(Operation.CANCEL_SUBSCRIPTION, Operation.SUSPEND_SUBSCRIPTION, Operation.TURN_OFF_AUTO_RENEW);

    private Order() {}

    /**
     * A request as far as the order of a customer's requests is concerned.
     *
     * @param number its place in ledger order
     * @param onTheWire whether it has a try that is unanswered, accepted or confirming
     */
    public record Standing(
            long number,
            Operation operation,
            @Nullable SubscriptionId subscription,
            @Nullable OrderTarget order,
            Status status,
            boolean onTheWire) {}

    /**
     * The earlier open requests that {@code request} has to wait for, in ledger order; later ones, final ones and the
     * request itself are never among them.
     */
    public static List<Standing> mustWaitFor(Standing request, Collection<Standing> ofTheCustomer) {
        return ofTheCustomer.stream()
                .filter(other -> other.number() < request.number())
                .filter(other -> !other.status().isFinal())
                .filter(other -> dependOnEachOther(request, other))
                .filter(other -> !overtakes(request, other))
                .sorted(Comparator.comparingLong(Standing::number))
                .toList();
    }

    /** Whether a request of this operation may have overtaken an unlink that stood still. */
    public static boolean mayOvertakeAnUnlink(Operation operation) {
        return CLEARING.contains(operation);
    }

    private static boolean dependOnEachOther(Standing one, Standing other) {
        if (one.operation() == Operation.WITHDRAW || other.operation() == Operation.WITHDRAW) {
            return false; // A withdrawal takes effect at its admission.
        }
        return isUnlink(one)
                || isUnlink(other)
                || (one.subscription() != null && one.subscription().equals(other.subscription()))
                || (one.order() != null && other.order() != null && one.order().overlaps(other.order()))
                || mayShareAnOrder(one, other);
    }

    /** Software is cancelled by its order also when a request names its subscription; which order that is, is not known here. */
    private static boolean mayShareAnOrder(Standing request, Standing other) {
        return other.onTheWire() && (request.order() == null) != (other.order() == null);
    }

    /** What clears the way of an unlink that stands still does not wait for it: both would stand for ever. */
    private static boolean overtakes(Standing request, Standing other) {
        boolean standsStill = other.status() == Status.HELD || other.status() == Status.DEFERRED;
        return CLEARING.contains(request.operation()) && isUnlink(other) && standsStill && !other.onTheWire();
    }

    private static boolean isUnlink(Standing request) {
        return request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP;
    }
}
