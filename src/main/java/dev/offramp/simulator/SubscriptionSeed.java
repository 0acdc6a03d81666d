package dev.offramp.simulator;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * One subscription of a scenario before dates are counted from now.
 *
 * @param given the scenario's own members: status, quantity, dates and the like
 * @param members overrides of any member of the documented body
 * @param without members of the documented body that are to be missing
 * @param azure the Azure subscriptions under an Azure plan
 */
record SubscriptionSeed(
        Kind kind,
        String id,
        ObjectNode given,
        ObjectNode members,
        List<String> without,
        List<AzureSubscriptionSeed> azure) {

    /** The order by which it was bought, in the form of its kind. */
    String orderId() {
        if (members.has("orderId")) {
            return members.path("orderId").asString();
        }
        String derived = Scenario.derived("order " + id);
        return switch (kind) {
            case LEGACY, LEGACY_AZURE -> derived.toUpperCase(Locale.ROOT);
            case MARKETPLACE -> "Im" + derived.replace("-", "").substring(0, 30) + "1";
            default -> derived.replace("-", "").substring(0, 12);
        };
    }
}
