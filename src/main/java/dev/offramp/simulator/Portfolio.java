package dev.offramp.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes up customers: as many as wanted, of a given mix, and the same ones for the same seed.
 *
 * @param mix weights of the kinds of subscription
 * @param most subscriptions that a customer has
 * @param suspended the share of subscriptions that are suspended
 * @param deleted the share of subscriptions that are cancelled already
 * @param reservations the share of customers with an Azure reservation
 * @param openWindows the share of subscriptions that can still be cancelled
 */
record Portfolio(
        int customers,
        long seed,
        Map<String, Integer> mix,
        int most,
        double suspended,
        double deleted,
        double reservations,
        double openWindows) {

    static final Map<String, Integer> USUAL_MIX = Map.of(
            "new-commerce", 70, "marketplace", 8, "software", 4, "legacy", 8, "azure-plan", 8, "savings-plan", 2);

    private static final String[] FIRST = {
        "Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Indigo", "Juniper", "Kestrel",
        "Larch", "Meridian", "Nordic", "Opal", "Pioneer", "Quarry", "Rowan", "Summit", "Tidal", "Umber", "Vale",
        "Willow", "Zephyr"
    };
    private static final String[] SECOND = {
        "Bakery",
        "Bikes",
        "Books",
        "Brewing",
        "Clinic",
        "Design",
        "Dental",
        "Energy",
        "Farms",
        "Foundry",
        "Gardens",
        "Hotels",
        "Insurance",
        "Joinery",
        "Logistics",
        "Marine",
        "Optics",
        "Printing",
        "Robotics",
        "Schools",
        "Textiles",
        "Travel"
    };
    private static final String[] LONG_AGO = {"-20d", "-45d", "-90d", "-150d", "-210d", "-300d", "-350d"};
    private static final String[] OF_LATE = {"-3h", "-1d", "-2d"};
    private static final int[] QUANTITIES = {1, 1, 2, 5, 10, 25, 50, 120};
    private static final ObjectNode NOTHING = Json.object();

    /** The member of a scenario. */
    static Portfolio of(JsonNode given) {
        Map<String, Integer> mix = new LinkedHashMap<>();
        given.path("mix")
                .properties()
                .forEach(each -> mix.put(each.getKey(), each.getValue().asInt()));
        return new Portfolio(
                given.path("customers").asInt(0),
                given.path("seed").asLong(0),
                mix.isEmpty() ? USUAL_MIX : Map.copyOf(mix),
                given.path("mostSubscriptions").asInt(5),
                given.path("suspended").asDouble(0.05),
                given.path("deleted").asDouble(0.1),
                given.path("reservations").asDouble(0.03),
                given.path("openWindows").asDouble(0.3));
    }

    static ObjectNode node(int customers, long seed, Map<String, Integer> mix) {
        ObjectNode node = Json.object().put("customers", customers).put("seed", seed);
        if (!mix.isEmpty()) {
            ObjectNode weights = node.putObject("mix");
            mix.forEach(weights::put);
        }
        return node;
    }

    List<CustomerSeed> seeds() {
        return new Making().all();
    }

    /** One making, which shares what is equal between the customers. */
    private final class Making {

        private final SplittableRandom random = new SplittableRandom(seed);
        private final Map<String, ObjectNode> shared = new HashMap<>();
        private final List<Map.Entry<Kind, Integer>> kinds = mix.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> Map.entry(Kind.named(each.getKey()), each.getValue()))
                .toList();
        private final int weights =
                mix.values().stream().mapToInt(Integer::intValue).sum();

        private List<CustomerSeed> all() {
            List<CustomerSeed> seeds = new ArrayList<>(customers);
            for (int n = 1; n <= customers; n++) {
                seeds.add(customer(n));
            }
            return seeds;
        }

        private CustomerSeed customer(int n) {
            String name = "%s %s %d".formatted(picked(FIRST), picked(SECOND), n);
            String domain = name.toLowerCase(Locale.ROOT).replace(' ', '-') + ".example";
            List<SubscriptionSeed> subscriptions = new ArrayList<>();
            int count = most == 0 ? 0 : random.nextInt(most + 1);
            for (int i = 0; i < count; i++) {
                subscriptions.add(subscription());
            }
            List<EntitlementSeed> entitlements = random.nextDouble() < reservations
                    ? List.of(new EntitlementSeed(id(), "reservedinstance", given("type", "reservedinstance"), NOTHING))
                    : List.of();
            return new CustomerSeed(
                    id(), name, domain, "reseller", true, NOTHING, List.copyOf(subscriptions), entitlements, List.of());
        }

        private SubscriptionSeed subscription() {
            Kind kind = kind();
            double fate = random.nextDouble();
            String status = fate < suspended ? "suspended" : fate < suspended + deleted ? "deleted" : "active";
            String created = random.nextDouble() < openWindows ? picked(OF_LATE) : picked(LONG_AGO);
            int quantity = QUANTITIES[random.nextInt(QUANTITIES.length)];
            boolean renews = status.equals("active") && random.nextDouble() < 0.8;
            ObjectNode given = shared.computeIfAbsent(
                    kind + status + created + quantity + renews,
                    key -> Json.object()
                            .put("kind", kind.word())
                            .put("status", status)
                            .put("created", created)
                            .put("quantity", quantity)
                            .put("autoRenew", renews));
            List<AzureSubscriptionSeed> azure = kind == Kind.AZURE_PLAN
                    ? List.of(new AzureSubscriptionSeed(id(), "Microsoft Azure", "active"))
                    : List.of();
            return new SubscriptionSeed(kind, id(), given, NOTHING, List.of(), azure);
        }

        private Kind kind() {
            int drawn = random.nextInt(weights);
            for (Map.Entry<Kind, Integer> each : kinds) {
                drawn -= each.getValue();
                if (drawn < 0) {
                    return each.getKey();
                }
            }
            throw new IllegalStateException("the weights add up to " + weights);
        }

        private ObjectNode given(String member, String text) {
            return shared.computeIfAbsent(member + text, key -> Json.object().put(member, text));
        }

        private String picked(String[] words) {
            return words[random.nextInt(words.length)];
        }

        /** A GUID of version 4, as those of the real service are. */
        private String id() {
            long high = random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
            long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
            return new UUID(high, low).toString();
        }
    }
}
