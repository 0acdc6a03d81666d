package dev.offramp.simulator;

import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the GETs of entitlements and of the reservations behind their links. */
final class EntitlementReads {

    private static final Set<String> RESERVATION_FILTERS = Set.of("reservedinstance", "virtualmachinereservedinstance");

    private final Settings settings;

    EntitlementReads(Settings settings) {
        this.settings = settings;
    }

    Result list(HeldCustomer customer, HttpRequest request) {
        String wanted = request.query("entitlementType").orElse("").toLowerCase(Locale.ROOT);
        boolean expiry = request.query("showExpiry").orElse("false").equalsIgnoreCase("true");
        ArrayNode items = Json.array();
        for (HeldEntitlement entitlement : customer.entitlements()) {
            boolean fits = wanted.isEmpty()
                    || (wanted.equals("software") && entitlement.isSoftware())
                    || (RESERVATION_FILTERS.contains(wanted) && !entitlement.isSoftware());
            boolean listed = !entitlement.isCancelled() || settings.unknowns().cancelledReservationsListed();
            if (fits && listed) {
                ObjectNode body = entitlement.body();
                if (!expiry) {
                    body.remove("expiryDate");
                }
                items.add(body);
            }
        }
        ObjectNode body = Links.collection(items);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    /** Where the link of an entitlement's artefact leads. */
    static Result reservation(HeldCustomer customer, Target target) {
        return customer.entitlements().stream()
                .filter(each -> each.isReservation() && each.id().equalsIgnoreCase(target.itemId()))
                .findFirst()
                .map(each -> Result.ok(reservation(each)))
                .orElseGet(() -> Reads.notFound(target.itemId()));
    }

    private static ObjectNode reservation(HeldEntitlement entitlement) {
        ObjectNode held = entitlement.body();
        ObjectNode body = Json.object().put("type", entitlement.type());
        ObjectNode one = body.putArray("virtualMachineReservations").addObject();
        one.put("reservationId", entitlement.id()).put("scopeType", "Shared");
        one.set("quantity", held.path("quantity"));
        // Documented without a zone.
        String expires = held.path("expiryDate").asString("2030-01-01T00:00:00Z");
        one.put("expiryDateTime", expires.replace("Z", "")).put("effectiveDateTime", "2025-01-01T18:15:24.6724884Z");
        one.put("provisioningState", entitlement.isCancelled() ? "Cancelled" : "Created");
        return body;
    }
}
