package dev.offramp.partnercenter;

import dev.offramp.offboarding.SoftwareOrder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bodies of cancellations that do not send the whole resource back, as their pages show them. */
final class CancelBodies {

    /** The only reason that is documented. */
    static final String OF_AZURE_SUBSCRIPTION = "{\"cancellationReason\":\"compromise\"}";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CancelBodies() {}

    /** The order with all of its lines, each by its number and offer. */
    static String ofOrder(SoftwareOrder order) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", order.id());
        body.put("status", "cancelled");
        var lines = body.putArray("lineItems");
        for (SoftwareOrder.Line line : order.lines()) {
            if (line.number() != null) {
                ObjectNode item = lines.addObject().put("lineItemNumber", line.number());
                if (line.offerId() != null) {
                    item.put("offerId", line.offerId());
                }
            }
        }
        return JSON.writeValueAsString(body);
    }
}
