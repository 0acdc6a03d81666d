package dev.offramp.offboarding;

import java.util.Locale;
import java.util.Set;

/**
 * What we read about one entitlement.
 *
 * @param type as spelled by the server, empty when missing
 * @param id the order and line that it came from, or the artefact's id: what a person needs to find it
 * @param name product and SKU ids
 * @param state the quantity statuses as spelled, empty when none were given
 * @see <a href="https://learn.microsoft.com/partner-center/developer/entitlement-resources">Entitlement resources</a>
 */
public record Entitlement(String type, String id, String name, String state) {

    private static final Set<String> RESERVATIONS = Set.of("reservedinstance", "virtualmachinereservedinstance");

    /** A reservation in any of the documented and recorded spellings, whatever its state. */
    public boolean isReservation() {
        return RESERVATIONS.contains(type.toLowerCase(Locale.ROOT).replace("_", ""));
    }
}
