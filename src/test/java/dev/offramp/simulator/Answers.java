package dev.offramp.simulator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One answer of the simulator for each documented resource. */
final class Answers implements AutoCloseable {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String EMPTY = "c0000000-0000-4000-8000-00000000000b";
    private static final String SOFTWARE_ONLY = "c0000000-0000-4000-8000-00000000000c";
    private static final String LEGACY_ONLY = "c0000000-0000-4000-8000-00000000000d";
    private static final String LICENCE = "50000000-0000-4000-8000-000000000001";
    private static final String MARKETPLACE = "50000000-0000-4000-8000-000000000002";
    private static final String SAVINGS = "50000000-0000-4000-8000-000000000003";
    private static final String LEGACY_AZURE = "50000000-0000-4000-8000-000000000004";
    private static final String PLAN = "50000000-0000-4000-8000-000000000005";
    private static final String BASE = "50000000-0000-4000-8000-000000000006";
    private static final String AZURE = "a0000000-0000-4000-8000-000000000001";
    private static final String RESERVATION = "e0000000-0000-4000-8000-000000000001";
    private static final String ORDER = "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";
    private static final String RESERVATION_ORDER = "Yx6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .where("azureCancelTakes", "10m")
                    .where("reservationStatus", "PrefulfillmentPending")
                    .accessTokensLive(Duration.ofHours(1))
                    .customer(
                            "Contoso",
                            c -> c.id(CUSTOMER)
                                    .newCommerceLicence(s -> s.id(LICENCE).quantity(5))
                                    .marketplaceSaas(s -> s.id(MARKETPLACE))
                                    .savingsPlan(s -> s.id(SAVINGS))
                                    .legacyAzure(s -> s.id(LEGACY_AZURE))
                                    .azurePlan(s -> s.id(PLAN).azureSubscription(AZURE))
                                    .entitlement("reservedinstance", e -> e.put("id", RESERVATION))
                                    .softwareEntitlement()
                                    .perpetualSoftware(ORDER)
                                    .reservationOrder(RESERVATION_ORDER))
                    .customer("Empty", c -> c.id(EMPTY))
                    .customer("Software", c -> c.id(SOFTWARE_ONLY).software(s -> s))
                    .customer(
                            "Legacy",
                            c -> c.id(LEGACY_ONLY)
                                    .legacyLicence(s -> s.id(BASE))
                                    .legacyLicence(
                                            s -> s.addOnOf(BASE).with("parentSubscriptionId", "\"" + BASE + "\"")))
                    .build(),
            0,
            clock);
    private final Caller user = Caller.asUser(simulator);
    private final Map<String, Supplier<JsonNode>> all = new LinkedHashMap<>();

    Answers() {
        all.put("customer", () -> user.customer(CUSTOMER).json());
        all.put("customers", () -> user.get("/v1/customers?size=40").json());
        all.put("customer-unlinked", () -> user.unlink(EMPTY).json());
        all.put(
                "subscription-new-commerce",
                () -> user.subscription(CUSTOMER, LICENCE).json());
        all.put(
                "subscription-savings-plan",
                () -> user.subscription(CUSTOMER, SAVINGS).json());
        all.put(
                "subscription-legacy-azure",
                () -> user.subscription(CUSTOMER, LEGACY_AZURE).json());
        all.put(
                "subscription-azure-plan",
                () -> user.subscription(CUSTOMER, PLAN).json());
        all.put(
                "subscriptions-software",
                () -> user.subscriptions(SOFTWARE_ONLY).json());
        all.put(
                "subscriptions-legacy",
                () -> user.get("/v1/customers/" + LEGACY_ONLY + "/subscriptions?mpn_id=4711471")
                        .json());
        all.put(
                "add-ons",
                () -> user.get(subscription(LEGACY_ONLY, BASE) + "/addons").json());
        all.put(
                "provisioning-status",
                () -> user.get(subscription(CUSTOMER, LICENCE) + "/provisioningstatus")
                        .json());
        all.put(
                "azure-subscriptions",
                () -> user.get(subscription(CUSTOMER, PLAN) + "/azureEntitlements")
                        .json());
        all.put(
                "azure-subscription-cancelled",
                () -> user.post(
                                subscription(CUSTOMER, PLAN) + "/azureEntitlements/" + AZURE + "/cancel",
                                "{\"cancellationReason\": \"compromise\"}")
                        .json());
        all.put("entitlements", () -> user.entitlements(CUSTOMER).json());
        all.put("reservation", () -> user.get("/v1" + link()).json());
        all.put(
                "order-reservation",
                () -> user.get("/v1/customers/" + CUSTOMER + "/orders/" + RESERVATION_ORDER)
                        .json());
        all.put(
                "order-provisioning-status",
                () -> user.get("/v1/customers/" + CUSTOMER + "/orders/" + RESERVATION_ORDER + "/provisioningstatus")
                        .json());
        all.put(
                "orders",
                () -> user.get("/v1/customers/" + CUSTOMER + "/orders").json());
        all.put(
                "order-cancelled",
                () -> user.patch(
                                "/v1/customers/" + CUSTOMER + "/orders/" + ORDER,
                                "{\"id\": \"" + ORDER + "\", \"status\": \"cancelled\"}")
                        .json());
        all.put(
                "subscription-cancelled",
                () -> user.cancel(CUSTOMER, MARKETPLACE).json());
        all.put(
                "audit-records",
                () -> user.get("/v1/auditrecords?startDate=2026-11-20").json());
        all.put("error", () -> user.cancel(CUSTOMER, MARKETPLACE).json());
        all.put("error-throttled", () -> throttled().json());
        all.put(
                "token-application-v1",
                () -> token("grant_type=client_credentials&client_id=a&client_secret=b")
                        .json());
        all.put(
                "token-user-v1",
                () -> token("grant_type=refresh_token&client_id=a&client_secret=b&refresh_token="
                                + simulator.refreshToken())
                        .json());
        all.put(
                "token-refused",
                () -> token("grant_type=refresh_token&client_id=a&client_secret=b&refresh_token=x")
                        .json());
    }

    /** In the order in which they must be asked for. */
    Map<String, JsonNode> all() {
        Map<String, JsonNode> given = new LinkedHashMap<>();
        all.forEach((name, ask) -> given.put(name, ask.get()));
        return given;
    }

    /** What the other changes of a licence are answered, each after the one before. */
    Map<String, JsonNode> changes() {
        Map<String, JsonNode> given = new LinkedHashMap<>();
        given.put("suspended", user.change(CUSTOMER, LICENCE, "suspended").json());
        given.put("reactivated", user.change(CUSTOMER, LICENCE, "active").json());
        given.put("auto-renewal turned off", autoRenewal(false));
        given.put("auto-renewal turned on", autoRenewal(true));
        return given;
    }

    private JsonNode autoRenewal(boolean on) {
        ObjectNode whole = (ObjectNode) user.subscription(CUSTOMER, LICENCE).json();
        return user.patch(
                        subscription(CUSTOMER, LICENCE),
                        whole.put("autoRenewEnabled", on).toString())
                .json();
    }

    private static String subscription(String customer, String id) {
        return "/v1/customers/" + customer + "/subscriptions/" + id;
    }

    private String link() {
        return user.entitlements(CUSTOMER)
                .json()
                .path("items")
                .path(0)
                .path("entitledArtifacts")
                .path(0)
                .path("link")
                .path("uri")
                .asString();
    }

    private Caller.Reply throttled() {
        simulator.add(Burst.of(1, "customer", Duration.ofSeconds(57)));
        return user.customer(CUSTOMER);
    }

    private Caller.Reply token(String form) {
        return user.post(
                "/" + Settings.PARTNER_TENANT + "/oauth2/token",
                form + "&resource=https%3A%2F%2Fapi.partnercenter.microsoft.com");
    }

    @Override
    public void close() {
        user.close();
        simulator.close();
    }
}
