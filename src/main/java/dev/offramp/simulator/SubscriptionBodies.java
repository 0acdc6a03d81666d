package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the subscriptions of a scenario in their documented shapes, kind by kind. */
final class SubscriptionBodies {

    private static final DateTimeFormatter SEVEN_DIGITS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSXXX");
    private static final DateTimeFormatter SEVEN_DIGITS_OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSxxx");

    private static final int MOST_VERSIONS = 1000;

    private final SeedDates dates;

    SubscriptionBodies(SeedDates dates) {
        this.dates = dates;
    }

    ObjectNode subscription(String customerId, SubscriptionSeed seed) {
        ObjectNode body = switch (seed.kind()) {
            case NEW_COMMERCE ->
                modern(customerId, seed, "CFQ7TTC0X1YZ:0001:CFQ7TTC0A2BC", "Productivity Basic", "OnlineServicesNCE");
            case SOFTWARE ->
                modern(customerId, seed, "DG7GMGF0Q9RS:0003:DG7GMGF0T8UV", "Database Server, 2 cores", "Software");
            case SAVINGS_PLAN -> savingsPlan(customerId, seed);
            case MARKETPLACE -> marketplace(customerId, seed);
            case LEGACY -> legacy(customerId, seed);
        };
        JsonNode given = seed.given();
        if (given.has("trial")) {
            body.put("isTrial", given.path("trial").asBoolean());
        }
        if (given.has("parent")) {
            body.put("parentSubscriptionId", given.path("parent").asString());
        }
        if (given.has("cancellableUntil")) {
            body.put(
                    "cancellationAllowedUntilDate",
                    dates.date(given, "cancellableUntil").orElseThrow().toString());
        }
        dates.override(body, seed.members());
        body.remove(seed.without());
        return body;
    }

    /** When the purchase was made. */
    Instant created(SubscriptionSeed seed) {
        return dates.date(seed.given(), "created", dates.now().minus(Duration.ofDays(2)));
    }

    /** The date to which the server keeps, whatever the resource says. */
    Instant windowEnds(SubscriptionSeed seed, ObjectNode body) {
        if (seed.given().has("windowEnds")) {
            return dates.date(seed.given(), "windowEnds", dates.now());
        }
        return Durations.instant(body.path("cancellationAllowedUntilDate").asString(""))
                .orElseGet(() -> created(seed).plus(seed.kind().window()));
    }

    private ObjectNode modern(String customerId, SubscriptionSeed seed, String offer, String name, String type) {
        Instant created = created(seed);
        ObjectNode body = start(seed, offer, name);
        body.putObject("productType").put("id", type).put("displayName", type);
        int quantity = quantity(seed);
        body.put("quantity", quantity).put("unitType", "Licenses").put("hasPurchasableAddons", false);
        body.put("creationDate", sevenDigits(created)).put("effectiveStartDate", sevenDigits(created));
        body.put(
                "commitmentEndDate",
                end(seed, created).truncatedTo(ChronoUnit.DAYS).toString());
        body.put(
                "cancellationAllowedUntilDate",
                created.plus(seed.kind().window()).toString());
        state(body, seed, true);
        body.put("billingCycle", "monthly").put("termDuration", "P1Y").put("renewalTermDuration", "");
        refundOptions(
                body,
                created.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.DAYS).toString());
        body.put("isMicrosoftProduct", true).put("partnerId", "").put("attentionNeeded", false);
        body.put("actionTaken", false).put("contractType", "subscription");
        body.set("links", productLinks(customerId, seed.id(), offer));
        body.put("publisherName", "Microsoft Corporation");
        body.putObject("refundableQuantity")
                .put("totalQuantity", quantity)
                .putArray("details")
                .addObject()
                .put("quantity", quantity)
                .put(
                        "allowedUntilDateTime",
                        sevenDigits(created.plus(seed.kind().window())));
        body.put(
                "orderId",
                Scenario.derived("order " + seed.id()).replace("-", "").substring(0, 12));
        body.set("attributes", Links.attributes("Subscription"));
        return body;
    }

    private ObjectNode savingsPlan(String customerId, SubscriptionSeed seed) {
        ObjectNode body = modern(customerId, seed, "DZH318Z08P1Q:0001:DZH318Z0R2ST", "Compute savings plan", "Azure");
        ((ObjectNode) body.path("productType"))
                .putObject("subType")
                .put("id", "SavingsPlan")
                .put("displayName", "SavingsPlan");
        body.put("billingType", "benefit").put("unitType", "Benefit");
        return body;
    }

    private ObjectNode marketplace(String customerId, SubscriptionSeed seed) {
        String offer = "DZH318Z0K4LM:0001:DZH318Z0N5PQ";
        Instant created = created(seed);
        ObjectNode body = start(seed, offer, "Document signing");
        body.put("quantity", quantity(seed)).put("unitType", "License(s)").put("hasPurchasableAddons", false);
        body.put("creationDate", sevenDigits(created)).put("effectiveStartDate", withOffset(created));
        body.put("commitmentEndDate", withOffset(end(seed, created)));
        state(body, seed, true);
        body.put("billingCycle", "monthly").put("termDuration", "P1M");
        refundOptions(body, withOffset(created.plus(Duration.ofDays(1))));
        body.put("isMicrosoftProduct", false).put("partnerId", "").put("contractType", "subscription");
        body.set("links", productLinks(customerId, seed.id(), offer));
        body.put("publisherName", "Paper and Ink");
        body.put(
                "orderId",
                "Im" + Scenario.derived("order " + seed.id()).replace("-", "").substring(0, 30) + "1");
        body.set("attributes", Json.object().put("etag", "").put("objectType", "Subscription"));
        return body;
    }

    private ObjectNode legacy(String customerId, SubscriptionSeed seed) {
        String offer = Scenario.derived("offer Device care").toUpperCase(Locale.ROOT);
        Instant created = created(seed);
        ObjectNode body = start(seed, offer, "Device care");
        body.put("quantity", quantity(seed)).put("unitType", "Licenses");
        body.put("creationDate", created.toString());
        body.put("effectiveStartDate", created.truncatedTo(ChronoUnit.DAYS).toString());
        body.put(
                "commitmentEndDate",
                end(seed, created).truncatedTo(ChronoUnit.DAYS).toString());
        state(body, seed, true);
        body.put("billingCycle", "monthly").put("partnerId", "4711471").put("contractType", "subscription");
        ObjectNode links = Links.self("/customers/" + customerId + "/subscriptions/" + seed.id());
        links.set("offer", Links.link("/offers/" + offer + "?country=US"));
        body.set("links", links);
        body.put("orderId", Scenario.derived("order " + seed.id()).toUpperCase(Locale.ROOT));
        body.set("attributes", Json.object().put("etag", etag(seed.id(), 1)).put("objectType", "Subscription"));
        return body;
    }

    /** The etag of a legacy resource: base64 of its id and version, as the documented ones decode. */
    static String etag(String id, int version) {
        String plain = "{\"id\":\"" + id.toLowerCase(Locale.ROOT) + "\",\"version\":" + version + "}";
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** The etag after one more change; a scenario's own etag of another form is followed by version 2. */
    static String nextEtag(String id, String etag) {
        int version = 1;
        while (version < MOST_VERSIONS && !etag(id, version).equals(etag)) {
            version++;
        }
        return etag(id, version == MOST_VERSIONS ? 2 : version + 1);
    }

    private ObjectNode start(SubscriptionSeed seed, String offer, String defaultName) {
        String name = seed.given().path("name").asString(defaultName);
        return Json.object()
                .put("id", seed.id())
                .put("offerId", offer)
                .put("offerName", name)
                .put("friendlyName", name);
    }

    private static int quantity(SubscriptionSeed seed) {
        return seed.given().path("quantity").asInt(1);
    }

    private void state(ObjectNode body, SubscriptionSeed seed, boolean renews) {
        body.put("status", seed.given().path("status").asString("active"));
        body.put("autoRenewEnabled", seed.given().path("autoRenew").asBoolean(renews));
        body.put("isTrial", false).put("billingType", "license");
    }

    private Instant end(SubscriptionSeed seed, Instant created) {
        Duration term = Duration.ofDays(seed.kind() == Kind.MARKETPLACE ? 30 : 365);
        return dates.date(seed.given(), "ends", created.plus(term));
    }

    private static void refundOptions(ObjectNode body, String expiresAt) {
        body.putArray("refundOptions").addObject().put("type", "Full").put("expiresAt", expiresAt);
    }

    private static ObjectNode productLinks(String customerId, String id, String offer) {
        String[] parts = offer.split(":");
        String product = "/products/" + parts[0];
        String sku = product + "/skus/" + parts[1];
        ObjectNode links = Json.object();
        links.set("product", Links.link(product + "?country=US"));
        links.set("sku", Links.link(sku + "?country=US"));
        links.set("availability", Links.link(sku + "/availabilities/" + parts[2] + "?country=US"));
        links.set("self", Links.link("/customers/" + customerId + "/subscriptions/" + id));
        return links;
    }

    private static String sevenDigits(Instant instant) {
        return SEVEN_DIGITS.format(OffsetDateTime.ofInstant(instant.plusNanos(123_456_700), ZoneOffset.UTC));
    }

    private static String withOffset(Instant instant) {
        return SEVEN_DIGITS_OFFSET.format(OffsetDateTime.ofInstant(instant.plusNanos(926_372_700), ZoneOffset.UTC));
    }
}
