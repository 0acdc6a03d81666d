package dev.offramp.offboarding;

import dev.offramp.offboarding.Obstacle.Weight;
import java.util.Locale;

/**
 * Every entitlement stands in the way of an unlink, whatever its state: reservations, software, and what is not known.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/get-a-collection-of-entitlements">Get a collection of
 *     entitlements</a>
 */
final class EntitlementObstacles {

    private EntitlementObstacles() {}

    static Obstacle of(Entitlement entitlement) {
        if (entitlement.isReservation()) {
            return obstacle(
                    Weight.RESERVATION,
                    "reservation",
                    entitlement,
                    "Have the reservation cancelled, in the Azure portal or by Microsoft's support.");
        }
        return switch (entitlement.type().strip().toLowerCase(Locale.ROOT)) {
            case "software" ->
                obstacle(
                        Weight.SOFTWARE,
                        "software",
                        entitlement,
                        "Cancel it with cancel-subscription, naming its order (orderId), or in Partner Center.");
            default ->
                obstacle(
                        Weight.UNKNOWN,
                        "entitlement",
                        entitlement,
                        "Look at the entitlement in Partner Center: its type '%s' is not known."
                                .formatted(entitlement.type()));
        };
    }

    private static Obstacle obstacle(Weight weight, String kind, Entitlement entitlement, String whatToDo) {
        String state = entitlement.state().isBlank() ? "" : " (%s)".formatted(entitlement.state());
        return Obstacle.of(weight, new Blocker(kind, entitlement.id(), entitlement.name() + state, null, whatToDo));
    }
}
