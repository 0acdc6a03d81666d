package dev.offramp.simulator;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Makes customers, entitlements and orders of a scenario in their documented shapes. */
final class Bodies {

    private final SeedDates dates;
    private final Unknowns unknowns;
    private final OrderBodies orders;

    Bodies(SeedDates dates, Unknowns unknowns) {
        this.dates = dates;
        this.unknowns = unknowns;
        orders = new OrderBodies(dates);
    }

    HeldOrder order(String customerId, OrderSeed seed) {
        HeldOrder.Sort sort = seed.reservation() ? HeldOrder.Sort.RESERVATION : HeldOrder.Sort.PERPETUAL_SOFTWARE;
        return new HeldOrder(
                seed.id(),
                sort,
                dates.date(seed.given(), "created", dates.now().minus(Duration.ofDays(2))),
                null,
                new Versions(() -> orders.order(customerId, seed)));
    }

    ObjectNode customer(CustomerSeed seed) {
        ObjectNode body = Json.object();
        body.put("id", seed.id()).put("commerceId", Scenario.derived("commerce " + seed.id()));
        ObjectNode company = body.putObject("companyProfile")
                .put("tenantId", seed.id())
                .put("domain", seed.domain())
                .put("companyName", seed.companyName());
        company.set("address", address());
        company.put("email", "office@" + seed.domain());
        company.set("links", Links.self("/customers/" + seed.id() + "/profiles/company"));
        company.set("attributes", Links.attributes("CustomerCompanyProfile"));
        ObjectNode billing = body.putObject("billingProfile")
                .put("id", Scenario.derived("billing " + seed.id()))
                .put("firstName", "Erika")
                .put("lastName", "Muster")
                .put("email", "billing@" + seed.domain())
                .put("culture", "en-US")
                .put("language", "en")
                .put("companyName", seed.companyName());
        billing.set("defaultAddress", billingAddress());
        billing.set("links", Links.self("/customers/" + seed.id() + "/profiles/billing"));
        billing.set(
                "attributes",
                Links.attributes("CustomerBillingProfile")
                        .put("etag", "-4711" + seed.id().hashCode()));
        body.put("relationshipToPartner", seed.relationship());
        body.put("allowDelegatedAccess", seed.allowDelegatedAccess());
        body.putArray("customDomains").add(seed.domain());
        body.set("links", Links.self("/customers/" + seed.id()));
        body.set("attributes", Links.attributes("Customer"));
        dates.override(body, seed.members());
        return body;
    }

    ObjectNode entitlement(String customerId, EntitlementSeed seed) {
        boolean software = seed.type().equalsIgnoreCase("software");
        int quantity = seed.given().path("quantity").asInt(1);
        ObjectNode body = Json.object();
        body.putArray("includedEntitlements");
        String orderId = seed.given().path("order").asString(seed.orderId());
        body.putObject("referenceOrder").put("id", orderId).put("lineItemId", "0");
        body.put("productId", software ? "DG7GMGF0W6XY" : "DZH318Z0C7DE").put("quantity", quantity);
        if (seed.given().has("name")) {
            body.put("productName", seed.given().path("name").asString());
        }
        String status = seed.given().path("status").asString(software ? "none" : unknowns.reservationStatus());
        if (!status.equals("none")) {
            body.putArray("quantityDetails")
                    .addObject()
                    .put("quantity", quantity)
                    .put("status", status);
        }
        if (software) {
            body.putArray("entitledArtifacts");
        } else {
            ObjectNode artifact = body.putArray("entitledArtifacts").addObject();
            artifact.set(
                    "link",
                    Links.link("/customers/" + customerId + "/artifacts/reservedinstance/groups/"
                            + Scenario.derived("group " + seed.id()).replace("-", "") + "/lineitems/"
                            + Scenario.derived("line " + seed.id()) + "/resource/" + seed.id()));
            artifact.put("resourceId", seed.id()).put("artifactType", seed.type());
            body.putObject("dynamicAttributes").put("reservationType", "virtualmachines");
        }
        body.put("skuId", "0007").put("entitlementType", seed.type());
        if (seed.given().has("expires")) {
            body.put(
                    "expiryDate",
                    dates.date(seed.given(), "expires").orElseThrow().toString());
        }
        dates.override(body, seed.members());
        return body;
    }

    private static ObjectNode billingAddress() {
        return Json.object()
                .put("country", "US")
                .put("city", "Seattle")
                .put("state", "WA")
                .put("addressLine1", "1 Harbour Road")
                .put("postalCode", "98101")
                .put("firstName", "Erika")
                .put("lastName", "Muster")
                .put("phoneNumber", "2065550100");
    }

    private static ObjectNode address() {
        return Json.object()
                .put("country", "US")
                .put("region", "WA")
                .put("city", "Seattle")
                .put("addressLine1", "1 Harbour Road")
                .put("postalCode", "98101")
                .put("phoneNumber", "2065550100");
    }
}
