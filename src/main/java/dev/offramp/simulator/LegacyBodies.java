package dev.offramp.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Makes the bodies of what was bought before new commerce: licences whose offer is a GUID, and Azure by MS-AZR. */
final class LegacyBodies {

    private final SubscriptionBodies all;

    LegacyBodies(SubscriptionBodies all) {
        this.all = all;
    }

    ObjectNode subscription(String customerId, SubscriptionSeed seed) {
        boolean azure = seed.kind() == Kind.LEGACY_AZURE;
        String offer =
                azure ? "MS-AZR-0145P" : Scenario.derived("offer Device care").toUpperCase(Locale.ROOT);
        Instant created = all.created(seed);
        ObjectNode body = SubscriptionBodies.begun(seed, offer, azure ? "Pay as you go" : "Device care");
        if (azure || seed.given().has("parent")) {
            body.put("entitlementId", Scenario.derived("entitlement of " + seed.id()));
        }
        body.put("quantity", SubscriptionBodies.quantity(seed)).put("unitType", azure ? "Usage-based" : "Licenses");
        body.put("creationDate", created.toString());
        body.put("effectiveStartDate", created.truncatedTo(ChronoUnit.DAYS).toString());
        // An end that never comes is documented for usage.
        body.put(
                "commitmentEndDate",
                azure && !seed.given().has("ends")
                        ? "9999-12-14T00:00:00Z"
                        : all.ends(seed).truncatedTo(ChronoUnit.DAYS).toString());
        SubscriptionBodies.state(body, seed);
        if (azure) {
            body.remove("isTrial");
            body.put("billingType", "usage").put("contractType", "subscription");
        } else {
            body.put("billingCycle", "monthly").put("partnerId", "4711471").put("contractType", "subscription");
        }
        ObjectNode links = Json.object();
        links.set("offer", Links.link("/offers/" + offer + "?country=US"));
        links.set("self", Links.link("/customers/" + customerId + "/subscriptions/" + seed.id()));
        body.set("links", links);
        body.put("orderId", seed.orderId());
        body.set("attributes", Json.object().put("etag", Etags.of(seed.id(), 1)).put("objectType", "Subscription"));
        return body;
    }
}
