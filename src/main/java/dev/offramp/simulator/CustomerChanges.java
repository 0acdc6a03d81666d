package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Carries out PATCHes of customers: above all the removal of the reseller relationship, or declines them. */
final class CustomerChanges {

    /** No page says how a refused unlink is answered; this code is documented as "operation isn't supported". */
    private static final String REFUSED = "900141";

    private final World world;
    private final Settings settings;
    private final Reads reads;

    CustomerChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
    }

    Operation operation(HttpRequest request) {
        return Members.of(request)
                .map(body -> body.text("relationshipToPartner").equalsIgnoreCase("none"))
                .map(unlink -> unlink ? Operation.UNLINK : Operation.UPDATE_CUSTOMER)
                .orElse(Operation.UPDATE_CUSTOMER);
    }

    Result change(Target target, HttpRequest request, Instant now) {
        World.Customer customer = world.customer(target.customerId()).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (customer.relationship().equals("none")) {
            return reads.notOurs(customer.id());
        }
        Members body = Members.of(request).orElse(null);
        if (body == null) {
            return Result.error(400, "800002", "Invalid request input.");
        }
        if (operation(request) == Operation.UNLINK) {
            return unlink(customer, now);
        }
        if (body.get("allowDelegatedAccess")
                .map(value -> !value.asBoolean(true))
                .orElse(false)) {
            return endDelegatedAccess(customer, now);
        }
        return Result.error(400, "3000", "Invalid property.");
    }

    private Result unlink(World.Customer customer, Instant now) {
        List<String> blockers = blockers(customer);
        if (!blockers.isEmpty()) {
            return Result.error(
                    400, REFUSED, "The relationship can't be removed: " + String.join("; ", blockers) + ".");
        }
        ObjectNode after = customer.versions().current().deepCopy();
        after.put("relationshipToPartner", "none");
        customer.versions().become(after, now, settings.propagationDelay());
        return Result.changed(emptied("none"));
    }

    private List<String> blockers(World.Customer customer) {
        List<String> blockers = new ArrayList<>();
        for (World.Subscription subscription : customer.subscriptions()) {
            if (blocks(subscription)) {
                blockers.add("subscription %s is %s"
                        .formatted(subscription.versions().current().path("id").asString(), subscription.status()));
            }
        }
        for (ObjectNode entitlement : customer.entitlements()) {
            String type = entitlement.path("entitlementType").asString("");
            if (type.toLowerCase(Locale.ROOT).replace("_", "").endsWith("reservedinstance")) {
                blockers.add("an Azure reservation of product "
                        + entitlement.path("productId").asString("") + " is present");
            }
        }
        return blockers;
    }

    private boolean blocks(World.Subscription subscription) {
        return switch (subscription.status()) {
            case "active", "pending" -> true;
            case "suspended" -> subscription.kind() != Kind.LEGACY && settings.suspendedNewCommerceBlocksUnlink();
            default -> false;
        };
    }

    private Result endDelegatedAccess(World.Customer customer, Instant now) {
        ObjectNode before = customer.versions().current();
        if (!before.path("allowDelegatedAccess").asBoolean(false)) {
            return Result.ok(emptied(customer.relationship()));
        }
        ObjectNode after = before.deepCopy();
        after.put("allowDelegatedAccess", false);
        customer.versions().become(after, now, settings.propagationDelay());
        return Result.changed(emptied(customer.relationship()));
    }

    /** The documented answer: Pascal case, and everything but the relationship is null. */
    private static ObjectNode emptied(String relationship) {
        ObjectNode body = Json.object().putNull("Id").putNull("CommerceId").putNull("CompanyProfile");
        body.putNull("BillingProfile")
                .put("RelationshipToPartner", relationship)
                .putNull("AllowDelegatedAccess");
        body.putNull("UserCredentials").putNull("CustomDomains").putNull("AssociatedPartnerId");
        body.putObject("Attributes").put("ObjectType", "Customer");
        return body;
    }
}
