package dev.offramp.simulator;

import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the GETs of subscriptions and of what is under them. */
final class SubscriptionReads {

    /** Documented: software bought before is shown by its orders only. */
    private static final Instant SOFTWARE_SHOWN_FROM = Instant.parse("2021-10-14T00:00:00Z");

    private SubscriptionReads() {}

    /** One subscription, or what belongs to it. */
    static Result one(
            HeldCustomer customer, HeldSubscription subscription, Operation operation, Target target, Instant now) {
        return switch (operation) {
            case READ_SUBSCRIPTION -> {
                subscription.etagRead(now);
                yield Result.ok(subscription.versions().shown(now));
            }
            case LIST_ADD_ONS -> addOns(customer, subscription, now);
            case READ_PROVISIONING_STATUS ->
                Result.ok(provisioning(subscription.versions().shown(now)));
            case LIST_AZURE_SUBSCRIPTIONS -> azure(subscription, now);
            case READ_AZURE_SUBSCRIPTION ->
                subscription.azure().stream()
                        .filter(each -> each.id().equalsIgnoreCase(target.itemId()))
                        .findFirst()
                        .map(each -> Result.ok(each.linkedBody(now)))
                        .orElseGet(Reads::noAzureSubscription);
            default -> throw new IllegalArgumentException(operation + " is no read");
        };
    }

    static Result list(HeldCustomer customer, HttpRequest request, Instant now) {
        String order = request.query("order_id").orElse("");
        String partner = request.query("mpn_id").orElse("");
        ArrayNode items = Json.array();
        for (HeldSubscription subscription : customer.subscriptions()) {
            ObjectNode shown = subscription.versions().shown(now);
            boolean wanted =
                    (order.isEmpty() || shown.path("orderId").asString("").equalsIgnoreCase(order))
                            && (partner.isEmpty()
                                    || shown.path("partnerId").asString("").equals(partner));
            if (wanted && !isOldSoftware(subscription, shown)) {
                subscription.etagRead(now);
                items.add(listed(shown));
            }
        }
        ObjectNode body = Links.collection(items);
        body.set("links", Links.self("/customers/" + customer.id() + "/subscriptions"));
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static boolean isOldSoftware(HeldSubscription subscription, ObjectNode shown) {
        return subscription.kind() == Kind.SOFTWARE
                && Durations.instant(shown.path("creationDate").asString(""))
                        .map(SOFTWARE_SHOWN_FROM::isAfter)
                        .orElse(false);
    }

    /** Documented: only the read by id tells how much can be given back. */
    private static ObjectNode listed(ObjectNode shown) {
        ObjectNode item = shown.deepCopy();
        item.remove("refundableQuantity");
        return item;
    }

    private static Result addOns(HeldCustomer customer, HeldSubscription parent, Instant now) {
        ArrayNode items = Json.array();
        for (HeldSubscription each : customer.subscriptions()) {
            ObjectNode shown = each.versions().shown(now);
            if (shown.path("parentSubscriptionId").asString("").equalsIgnoreCase(parent.id())) {
                items.add(listed(shown));
            }
        }
        ObjectNode body = Links.collection(items);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static ObjectNode provisioning(ObjectNode shown) {
        String status = shown.path("status").asString("");
        ObjectNode body = Json.object();
        body.put("skuId", Scenario.derived("sku " + shown.path("offerId").asString("")))
                .put("status", status.equals("pending") ? "pending" : "success");
        body.set("quantity", shown.path("quantity"));
        body.set("endDate", shown.path("commitmentEndDate"));
        body.set("attributes", Links.attributes("SubscriptionProvisioningStatus"));
        return body;
    }

    private static Result azure(HeldSubscription plan, Instant now) {
        if (plan.kind() != Kind.AZURE_PLAN) {
            return Result.error(400, "900141", "The operation isn't supported for this subscription.");
        }
        ArrayNode items = Json.array();
        plan.azure().forEach(each -> items.add(each.body(now)));
        ObjectNode body = Links.collection(items);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }
}
