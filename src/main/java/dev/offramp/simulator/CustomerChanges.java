package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Carries out PATCHes of customers: above all the removal of the reseller relationship, or declines them. */
final class CustomerChanges {

    private final World world;
    private final Settings settings;
    private final Reads reads;

    CustomerChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
    }

    static Operation operation(HttpRequest request) {
        return Members.of(request)
                .map(body -> body.text("relationshipToPartner").equalsIgnoreCase("none"))
                .map(unlink -> unlink ? Operation.UNLINK : Operation.UPDATE_CUSTOMER)
                .orElse(Operation.UPDATE_CUSTOMER);
    }

    Result change(Target target, HttpRequest request, Instant now) {
        HeldCustomer customer = world.customer(target.customerId(), now).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (!customer.isOurs()) {
            return onNotOurs(customer.id(), operation(request));
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

    /** Documented for sandboxes: everything the customer has goes with it, once software and reservations are cancelled. */
    Result delete(Target target, Instant now) {
        HeldCustomer customer = world.customer(target.customerId(), now).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (!settings.sandbox()) {
            return Result.error(400, "900127", "The operation isn't supported in this environment.");
        }
        boolean left = customer.orders().stream()
                .filter(order -> order.sort() != HeldOrder.Sort.OTHER && order.sort() != HeldOrder.Sort.MARKETPLACE)
                .anyMatch(order -> !order.isCancelled());
        if (left) {
            return Result.error(
                    400, "900141", "The customer has orders of software or reservations that are not cancelled.");
        }
        customer.delete();
        return Result.gone();
    }

    private Result onNotOurs(String id, Operation operation) {
        return switch (operation == Operation.UNLINK ? settings.unknowns().unlinkedAgain() : "20002") {
            case "200" -> Result.ok(emptied("none"));
            case "3000" ->
                Result.error(400, "3000", "The relationship between the partner and customer does not exist");
            case "404" -> Reads.notFound(id);
            default -> reads.notOurs(id);
        };
    }

    private Result unlink(HeldCustomer customer, Instant now) {
        List<String> blockers = blockers(customer);
        if (!blockers.isEmpty()) {
            return Result.error(
                    settings.unknowns().unlinkRefusedStatus(),
                    settings.unknowns().unlinkRefusedCode(),
                    "The relationship can't be removed: " + String.join("; ", blockers) + ".");
        }
        ObjectNode after = customer.versions().current().deepCopy();
        after.put("relationshipToPartner", "none");
        customer.versions().become(after, now, settings.propagationDelay());
        return Result.changed(emptied("none"));
    }

    private List<String> blockers(HeldCustomer customer) {
        List<String> blockers = new ArrayList<>();
        String enforced = settings.unknowns().unlinkBlockers();
        if (enforced.equals("none")) {
            return blockers;
        }
        for (HeldSubscription subscription : customer.subscriptions()) {
            if (blocks(subscription, enforced)) {
                blockers.add("subscription %s is %s".formatted(subscription.id(), subscription.status()));
            }
        }
        for (HeldEntitlement entitlement : customer.entitlements()) {
            if (entitlement.isReservation() && !entitlement.isCancelled()) {
                blockers.add("an Azure reservation of product "
                        + entitlement.body().path("productId").asString("") + " is present");
            }
        }
        for (HeldOrder order : customer.orders()) {
            if (enforced.equals("portal-page")
                    && order.sort() == HeldOrder.Sort.PERPETUAL_SOFTWARE
                    && !order.isCancelled()) {
                blockers.add("the software order " + order.id() + " is not cancelled");
            }
        }
        return blockers;
    }

    private boolean blocks(HeldSubscription subscription, String enforced) {
        return switch (subscription.status()) {
            case "active", "pending" -> true;
            case "suspended" ->
                enforced.equals("portal-page")
                        && !subscription.kind().isLegacy()
                        && settings.unknowns().suspendedNewCommerceBlocksUnlink();
            default -> false;
        };
    }

    private Result endDelegatedAccess(HeldCustomer customer, Instant now) {
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
