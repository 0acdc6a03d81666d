package dev.offramp.partnercenter;

import dev.offramp.offboarding.SoftwareOrder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bodies of cancellations that do not send the whole resource back, as their pages show them. */
final class CancelBodies {

    /** The only reason that is documented. */
    static final String OF_AZURE_SUBSCRIPTION = "{\"cancellationReason\":\"compromise\"}";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CancelBodies() {}

    /**
     * The order with the lines that are to be cancelled, each by its number and offer; what is cancelled already is left
     * out.
     *
     * @param line the only one; null for all
     */
    static String ofOrder(SoftwareOrder order, @Nullable Integer line) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", order.id());
        body.put("status", "cancelled");
        var lines = body.putArray("lineItems");
        for (SoftwareOrder.Line each : order.lines()) {
            if (each.number() != null && (line == null || line.equals(each.number())) && !each.isCancelled()) {
                ObjectNode item = lines.addObject().put("lineItemNumber", each.number());
                if (each.offerId() != null) {
                    item.put("offerId", each.offerId());
                }
            }
        }
        return JSON.writeValueAsString(body);
    }
}
