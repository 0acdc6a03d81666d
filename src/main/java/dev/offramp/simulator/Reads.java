package dev.offramp.simulator;

import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the GETs, with what a read shows at that moment. */
final class Reads {

    private final World world;
    private final Settings settings;
    private final EntitlementReads entitlements;
    private final CustomerPages pages;
    private final AuditPages audit;

    Reads(World world, Settings settings) {
        this.world = world;
        this.settings = settings;
        entitlements = new EntitlementReads(settings);
        pages = new CustomerPages(world, settings);
        audit = new AuditPages(world);
    }

    Result answer(Operation operation, Target target, HttpRequest request, Instant now) {
        return switch (operation) {
            case LIST_CUSTOMERS -> pages.page(request, now);
            case LIST_AUDIT_RECORDS -> audit.page(request, now);
            default ->
                world.customer(target.customerId(), now)
                        .map(customer -> ofCustomer(customer, operation, target, request, now))
                        .orElseGet(() -> unknownCustomer(target.customerId()));
        };
    }

    private Result ofCustomer(
            HeldCustomer customer, Operation operation, Target target, HttpRequest request, Instant now) {
        if (customer.shownRelationship(now).equals("none")) {
            return switch (operation) {
                case LIST_AZURE_SUBSCRIPTIONS, READ_AZURE_SUBSCRIPTION -> notOursForAzure(customer.id());
                default -> gone(customer.id());
            };
        }
        return switch (operation) {
            case READ_CUSTOMER -> Result.ok(customer(customer.versions().shown(now)));
            case LIST_SUBSCRIPTIONS -> SubscriptionReads.list(customer, request, now);
            case LIST_ENTITLEMENTS -> entitlements.list(customer, request);
            case READ_RESERVATION -> EntitlementReads.reservation(customer, target);
            case LIST_ORDERS -> orders(customer, now);
            case READ_ORDER ->
                customer.order(target.itemId())
                        .map(order -> Result.ok(order.shown(customer.id(), now)))
                        .orElseGet(() -> noOrder(target.itemId()));
            case READ_ORDER_PROVISIONING_STATUS ->
                customer.order(target.itemId())
                        .map(order -> Result.ok(OrderBodies.provisioning(order.shown(customer.id(), now))))
                        .orElseGet(() -> noOrder(target.itemId()));
            default ->
                customer.subscription(target.subscriptionId())
                        .map(subscription -> SubscriptionReads.one(customer, subscription, operation, target, now))
                        .orElseGet(() -> noSubscription(target.subscriptionId()));
        };
    }

    /** The answer for a customer that nobody knows. */
    Result unknownCustomer(String id) {
        return settings.unknownCustomer() == 403 ? notOurs(id) : notFound(id);
    }

    /** The answer for a customer whose relationship was removed, or never was. */
    Result gone(String id) {
        return settings.unknowns().afterUnlink() == 404 ? notFound(id) : notOurs(id);
    }

    Result notOurs(String id) {
        return Result.error(403, "20002", noRelationship(id));
    }

    Result notOursForAzure(String id) {
        return Result.error(403, "900159", noRelationship(id));
    }

    private String noRelationship(String id) {
        return "The partner %s has no commerce relationship with the customer %s."
                .formatted(settings.partnerTenantId(), id);
    }

    static Result noSubscription(String id) {
        return Result.error(404, "20003", "Subscription with ID " + id + " not found.");
    }

    static Result noOrder(String id) {
        return Result.error(404, "20000", "Order ID " + id + " not found.");
    }

    static Result noAzureSubscription() {
        return Result.error(404, "800111", "Azure entitlement not found.");
    }

    static Result notFound(String id) {
        return Result.error(404, "1000", "Not found: " + id);
    }

    /** Documented: without delegated access some members are missing. */
    private static ObjectNode customer(ObjectNode shown) {
        if (shown.path("allowDelegatedAccess").asBoolean(true)) {
            return shown;
        }
        ObjectNode less = shown.deepCopy();
        less.remove("customDomains");
        if (less.path("companyProfile") instanceof ObjectNode company) {
            company.remove("address");
            company.remove("email");
        }
        return less;
    }

    private static Result orders(HeldCustomer customer, Instant now) {
        ArrayNode items = Json.array();
        customer.orders().forEach(order -> items.add(order.shown(customer.id(), now)));
        ObjectNode body = Links.collection(items);
        body.set("links", Links.self("/customers/" + customer.id() + "/orders"));
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }
}
