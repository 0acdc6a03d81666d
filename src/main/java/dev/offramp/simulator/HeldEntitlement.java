package dev.offramp.simulator;

import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** A reservation, or software, as a customer's entitlement. */
final class HeldEntitlement {

    private final EntitlementSeed seed;
    private final Supplier<ObjectNode> body;
    private boolean cancelled;

    HeldEntitlement(EntitlementSeed seed, Supplier<ObjectNode> body) {
        this.seed = seed;
        this.body = body;
        cancelled = seed.given().path("cancelled").asBoolean(false);
    }

    String id() {
        return seed.id();
    }

    String type() {
        return seed.type();
    }

    boolean isSoftware() {
        return seed.type().equalsIgnoreCase("software");
    }

    boolean isReservation() {
        return seed.type().toLowerCase(Locale.ROOT).replace("_", "").endsWith("reservedinstance");
    }

    boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    ObjectNode body() {
        ObjectNode shown = body.get();
        if (cancelled) {
            shown.put("quantity", 0);
            shown.putArray("quantityDetails").addObject().put("quantity", 0).put("status", "Cancelled");
        }
        return shown;
    }
}
