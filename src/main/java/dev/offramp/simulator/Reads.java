package dev.offramp.simulator;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the GETs, with what a read shows at that moment. */
final class Reads {

    /** Documented: software bought before is shown by its orders only. */
    private static final Instant SOFTWARE_SHOWN_FROM = Instant.parse("2021-10-14T00:00:00Z");

    private static final Set<String> RESERVATION_FILTERS = Set.of("reservedinstance", "virtualmachinereservedinstance");

    private final World world;
    private final Settings settings;
    private final CustomerPages pages;
    private final AuditPages audit;

    Reads(World world, Settings settings) {
        this.world = world;
        this.settings = settings;
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
            case LIST_SUBSCRIPTIONS -> subscriptions(customer, request, now);
            case LIST_ENTITLEMENTS -> entitlements(customer, request);
            case READ_RESERVATION -> reservation(customer, target);
            case LIST_ORDERS -> orders(customer, now);
            case READ_ORDER ->
                customer.order(target.itemId())
                        .map(order -> Result.ok(order.shown(customer.id(), now)))
                        .orElseGet(() -> noOrder(target.itemId()));
            default ->
                customer.subscription(target.subscriptionId())
                        .map(subscription -> ofSubscription(customer, subscription, operation, target, now))
                        .orElseGet(() -> noSubscription(target.subscriptionId()));
        };
    }

    private Result ofSubscription(
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

    private static Result subscriptions(HeldCustomer customer, HttpRequest request, Instant now) {
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

    private Result entitlements(HeldCustomer customer, HttpRequest request) {
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
    private static Result reservation(HeldCustomer customer, Target target) {
        return customer.entitlements().stream()
                .filter(each -> each.isReservation() && each.id().equalsIgnoreCase(target.itemId()))
                .findFirst()
                .map(each -> Result.ok(reservation(each)))
                .orElseGet(() -> notFound(target.itemId()));
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

    private static Result orders(HeldCustomer customer, Instant now) {
        ArrayNode items = Json.array();
        customer.orders().forEach(order -> items.add(order.shown(customer.id(), now)));
        ObjectNode body = Links.collection(items);
        body.set("links", Links.self("/customers/" + customer.id() + "/orders"));
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }
}
