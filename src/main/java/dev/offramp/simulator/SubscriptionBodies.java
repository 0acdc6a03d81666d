package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the subscriptions of a scenario in their documented shapes. */
final class SubscriptionBodies {

    private final SeedDates dates;
    private final Unknowns unknowns;
    private final ModernBodies modern;
    private final LegacyBodies legacy;

    SubscriptionBodies(SeedDates dates, Unknowns unknowns) {
        this.dates = dates;
        this.unknowns = unknowns;
        modern = new ModernBodies(this, unknowns);
        legacy = new LegacyBodies(this);
    }

    ObjectNode subscription(String customerId, SubscriptionSeed seed) {
        ObjectNode body =
                seed.kind().isLegacy() ? legacy.subscription(customerId, seed) : modern.subscription(customerId, seed);
        JsonNode given = seed.given();
        if (given.path("trial").asBoolean(false)) {
            trial(body, seed);
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

    /** No document shows a trial; its members are those that the text names. */
    private void trial(ObjectNode body, SubscriptionSeed seed) {
        body.put("isTrial", true);
        if (!seed.kind().isLegacy() && unknowns.trialBody().equals("scheduled")) {
            ObjectNode next = body.putObject("scheduledNextTermInstructions");
            String[] offer = body.path("offerId").asString("").split(":");
            next.putObject("product")
                    .put("productId", offer[0])
                    .put("skuId", offer.length > 1 ? offer[1] : "")
                    .put("availabilityId", offer.length > 2 ? offer[2] : "")
                    .put("billingCycle", "monthly")
                    .put("termDuration", "P1Y");
            next.set("quantity", body.path("quantity"));
        }
    }

    Instant start() {
        return dates.now();
    }

    /** When the purchase was made. */
    Instant created(SubscriptionSeed seed) {
        return dates.date(seed.given(), "created", dates.now().minus(Duration.ofDays(2)));
    }

    /** The last day of the term, unless the scenario's own members say otherwise. */
    Instant ends(SubscriptionSeed seed) {
        return dates.date(seed.given(), "ends", created(seed).plus(seed.kind().term()));
    }

    /** The date to which the server keeps, whatever the resource says. */
    Instant windowEnds(SubscriptionSeed seed) {
        JsonNode given = seed.given();
        if (given.has("windowEnds")) {
            return dates.date(given, "windowEnds", dates.now());
        }
        return dates.date(seed.members(), "cancellationAllowedUntilDate")
                .or(() -> dates.date(given, "cancellableUntil"))
                .orElseGet(() -> created(seed).plus(seed.kind().window()));
    }

    static int quantity(SubscriptionSeed seed) {
        return seed.given().path("quantity").asInt(1);
    }

    /** The first members of every subscription. */
    static ObjectNode begun(SubscriptionSeed seed, String offer, String defaultName) {
        String name = seed.given().path("name").asString(defaultName);
        return Json.object()
                .put("id", seed.id())
                .put("offerId", offer)
                .put("offerName", name)
                .put("friendlyName", name);
    }

    static void state(ObjectNode body, SubscriptionSeed seed) {
        body.put("status", seed.given().path("status").asString("active"));
        body.put("autoRenewEnabled", seed.given().path("autoRenew").asBoolean(true));
        body.put("isTrial", false).put("billingType", "license");
    }
}
