package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ObjectNode;

/** Makes the bodies of what is bought by product, SKU and availability. */
final class ModernBodies {

    private static final DateTimeFormatter SEVEN_DIGITS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSXXX");
    private static final DateTimeFormatter SEVEN_DIGITS_OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSxxx");

    private final SubscriptionBodies all;
    private final Unknowns unknowns;

    ModernBodies(SubscriptionBodies all, Unknowns unknowns) {
        this.all = all;
        this.unknowns = unknowns;
    }

    ObjectNode subscription(String customerId, SubscriptionSeed seed) {
        return switch (seed.kind()) {
            case SOFTWARE ->
                licence(customerId, seed, "DG7GMGF0Q9RS:0003:DG7GMGF0T8UV", "Database Server, 2 cores", "Software");
            case SAVINGS_PLAN -> savingsPlan(customerId, seed);
            case MARKETPLACE -> marketplace(customerId, seed);
            case AZURE_PLAN -> azurePlan(customerId, seed);
            default -> newCommerce(customerId, seed);
        };
    }

    private ObjectNode newCommerce(String customerId, SubscriptionSeed seed) {
        ObjectNode body =
                licence(customerId, seed, "CFQ7TTC0X1YZ:0001:CFQ7TTC0A2BC", "Productivity Basic", "OnlineServicesNCE");
        boolean closed = all.start().isAfter(all.windowEnds(seed));
        switch (unknowns.cancellationDate()) {
            case "null" -> body.putNull("cancellationAllowedUntilDate");
            case "missing" -> body.remove("cancellationAllowedUntilDate");
            case "null-when-closed" -> {
                if (closed) {
                    body.putNull("cancellationAllowedUntilDate");
                }
            }
            default -> {
                // Shown, as the table of members says.
            }
        }
        if (unknowns.ifMatchOnNewCommerce().equals("required")) {
            body.set(
                    "attributes",
                    Json.object().put("etag", Etags.of(seed.id(), 1)).put("objectType", "Subscription"));
        }
        return body;
    }

    private ObjectNode licence(String customerId, SubscriptionSeed seed, String offer, String name, String type) {
        Instant created = all.created(seed);
        ObjectNode body = SubscriptionBodies.begun(seed, offer, name);
        body.putObject("productType").put("id", type).put("displayName", type);
        int quantity = SubscriptionBodies.quantity(seed);
        body.put("quantity", quantity).put("unitType", "Licenses").put("hasPurchasableAddons", false);
        body.put("creationDate", sevenDigits(created)).put("effectiveStartDate", sevenDigits(created));
        body.put(
                "commitmentEndDate", all.ends(seed).truncatedTo(ChronoUnit.DAYS).toString());
        body.put(
                "cancellationAllowedUntilDate",
                created.plus(seed.kind().window()).toString());
        SubscriptionBodies.state(body, seed);
        body.put("billingCycle", "monthly").put("termDuration", "P1Y").put("renewalTermDuration", "");
        refundOptions(
                body,
                created.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.DAYS).toString());
        body.put("isMicrosoftProduct", true).put("partnerId", "").put("attentionNeeded", false);
        body.put("actionTaken", false).put("contractType", "subscription");
        body.set("links", Links.product(customerId, seed.id(), offer));
        body.put("publisherName", "Microsoft Corporation");
        body.putObject("refundableQuantity")
                .put("totalQuantity", quantity)
                .putArray("details")
                .addObject()
                .put("quantity", quantity)
                .put(
                        "allowedUntilDateTime",
                        sevenDigits(created.plus(seed.kind().window())));
        body.put("orderId", seed.orderId());
        body.set("attributes", Links.attributes("Subscription"));
        return body;
    }

    private ObjectNode savingsPlan(String customerId, SubscriptionSeed seed) {
        ObjectNode body = licence(customerId, seed, "DZH318Z08P1Q:0001:DZH318Z0R2ST", "Compute savings plan", "Azure");
        ((ObjectNode) body.path("productType"))
                .putObject("subType")
                .put("id", "SavingsPlan")
                .put("displayName", "SavingsPlan");
        body.put("billingType", "benefit").put("unitType", "Benefit");
        body.put("billingCycleEndDate", body.path("commitmentEndDate").asString());
        String entitlement = Scenario.derived("scope of " + seed.id());
        ObjectNode line = body.putArray("lineItems").addObject();
        line.put("id", Scenario.derived("line of " + seed.id()))
                .put("friendlyName", body.path("friendlyName").asString());
        line.putObject("scope").put("type", "single").put("entitlementId", entitlement);
        line.put("autoRenewEnabled", body.path("autoRenewEnabled").asBoolean())
                .put("status", body.path("status").asString());
        line.putObject("purchaseCommitment")
                .put("amount", 0.5)
                .put("currency", "USD")
                .put("grain", "hourly");
        body.put("productOrderId", Scenario.derived("product order of " + seed.id()));
        return body;
    }

    /** No document shows one; offer, name and kind of billing stand in lists of usage and in the client samples. */
    private ObjectNode azurePlan(String customerId, SubscriptionSeed seed) {
        ObjectNode body = licence(customerId, seed, "DZH318Z0BPS6:0001:DZH318Z0BML6", "Azure plan", "Azure");
        if (unknowns.azurePlanBody().equals("product-type")) {
            ((ObjectNode) body.path("productType")).put("displayName", "Azure plan");
        } else {
            body.remove("productType");
        }
        body.put("billingType", "usage").put("unitType", "Usage-based").put("termDuration", "");
        body.putNull("cancellationAllowedUntilDate").putNull("refundOptions");
        body.remove("refundableQuantity");
        if (!seed.given().has("ends")) {
            body.put("commitmentEndDate", "9999-12-31T00:00:00Z");
        }
        return body;
    }

    private ObjectNode marketplace(String customerId, SubscriptionSeed seed) {
        String offer = "DZH318Z0K4LM:0001:DZH318Z0N5PQ";
        Instant created = all.created(seed);
        ObjectNode body = SubscriptionBodies.begun(seed, offer, "Document signing");
        body.put("quantity", SubscriptionBodies.quantity(seed))
                .put("unitType", "License(s)")
                .put("hasPurchasableAddons", false);
        body.put("creationDate", sevenDigits(created)).put("effectiveStartDate", withOffset(created));
        body.put("commitmentEndDate", withOffset(all.ends(seed)));
        SubscriptionBodies.state(body, seed);
        body.put("billingCycle", "monthly").put("termDuration", "P1M");
        refundOptions(body, withOffset(created.plus(Duration.ofDays(1))));
        body.put("isMicrosoftProduct", false).put("partnerId", "").put("contractType", "subscription");
        body.set("links", Links.product(customerId, seed.id(), offer));
        body.put("publisherName", "Paper and Ink");
        body.put("orderId", seed.orderId());
        body.set("attributes", Json.object().put("etag", "").put("objectType", "Subscription"));
        return body;
    }

    private static void refundOptions(ObjectNode body, String expiresAt) {
        body.putArray("refundOptions").addObject().put("type", "Full").put("expiresAt", expiresAt);
    }

    private static String sevenDigits(Instant instant) {
        return SEVEN_DIGITS.format(OffsetDateTime.ofInstant(instant.plusNanos(123_456_700), ZoneOffset.UTC));
    }

    private static String withOffset(Instant instant) {
        return SEVEN_DIGITS_OFFSET.format(OffsetDateTime.ofInstant(instant.plusNanos(926_372_700), ZoneOffset.UTC));
    }
}
