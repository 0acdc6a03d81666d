package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads customers from a checked document: repeats them, gives ids, and finds what contradicts itself. */
final class ScenarioReader {

    private static final Pattern NUMBER = Pattern.compile("\\{(n+)}");
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final List<String> DATES = List.of("created", "ends", "cancellableUntil", "windowEnds");

    private final Set<String> ids = new HashSet<>();

    List<CustomerSeed> customers(JsonNode document) {
        List<CustomerSeed> seeds = new ArrayList<>();
        int position = 0;
        for (JsonNode customer : document.path("customers")) {
            repeated(customer, "/customers/" + position++, seeds);
        }
        return List.copyOf(seeds);
    }

    private void repeated(JsonNode customer, String place, List<CustomerSeed> seeds) {
        int count = customer.path("count").asInt(1);
        String id = text(customer, "id");
        String name = customer.path("companyName").asString();
        String domain = customer.path("domain").asString();
        if (count > 1) {
            demandNumber(name, place + "/companyName");
            demandNumber(domain, place + "/domain");
            if (id != null) {
                demandNumber(id, place + "/id");
            }
        }
        for (int n = 1; n <= count; n++) {
            seeds.add(customer(customer, place, numbered(name, n), numbered(domain, n), id, n));
        }
    }

    private CustomerSeed customer(
            JsonNode customer, String place, String name, String domain, @Nullable String template, int n) {
        String id = template == null ? Scenario.customerId(name) : numbered(template, n);
        demandNew(id, "customer", place);
        return new CustomerSeed(
                id,
                name,
                domain,
                customer.path("relationship").asString("reseller"),
                customer.path("allowDelegatedAccess").asBoolean(true),
                object(customer, "members"),
                subscriptions(customer, place, id),
                entitlements(customer, place, id),
                orders(customer, place, id));
    }

    private List<SubscriptionSeed> subscriptions(JsonNode customer, String place, String customerId) {
        List<SubscriptionSeed> seeds = new ArrayList<>();
        int position = 0;
        for (JsonNode subscription : customer.path("subscriptions")) {
            String here = place + "/subscriptions/" + position++;
            DATES.forEach(member -> demandDate(subscription, member, here));
            int count = subscription.path("count").asInt(1);
            String template = text(subscription, "id");
            if (count > 1 && template != null) {
                demandNumber(template, here + "/id");
            }
            for (int n = 1; n <= count; n++) {
                String id = template == null
                        ? Scenario.subscriptionId(customerId, seeds.size() + 1)
                        : numbered(template, n);
                demandNew(id, "subscription of " + customerId, here);
                seeds.add(new SubscriptionSeed(
                        Kind.named(subscription.path("kind").asString()),
                        id,
                        (ObjectNode) subscription,
                        object(subscription, "members"),
                        texts(subscription.path("without")),
                        azure(subscription, id, here)));
            }
        }
        return List.copyOf(seeds);
    }

    private List<AzureSubscriptionSeed> azure(JsonNode subscription, String plan, String place) {
        List<AzureSubscriptionSeed> seeds = new ArrayList<>();
        for (JsonNode each : subscription.path("azureSubscriptions")) {
            String template = text(each, "id");
            for (int n = 1; n <= each.path("count").asInt(1); n++) {
                String id =
                        template == null ? Scenario.azureSubscriptionId(plan, seeds.size() + 1) : numbered(template, n);
                demandNew(id, "Azure subscription of " + plan, place + "/azureSubscriptions");
                String name = numbered(each.path("name").asString("Microsoft Azure"), n);
                seeds.add(
                        new AzureSubscriptionSeed(id, name, each.path("status").asString("active")));
            }
        }
        return List.copyOf(seeds);
    }

    private static List<OrderSeed> orders(JsonNode customer, String place, String customerId) {
        List<OrderSeed> seeds = new ArrayList<>();
        for (JsonNode order : customer.path("orders")) {
            String here = place + "/orders/" + seeds.size();
            demandDate(order, "created", here);
            String id = order.path("id").asString(Scenario.orderId(customerId, seeds.size() + 1));
            boolean reservation = order.path("kind").asString().equals("reservation");
            seeds.add(new OrderSeed(id, reservation, (ObjectNode) order, object(order, "members")));
        }
        return List.copyOf(seeds);
    }

    private List<EntitlementSeed> entitlements(JsonNode customer, String place, String customerId) {
        List<EntitlementSeed> seeds = new ArrayList<>();
        for (JsonNode entitlement : customer.path("entitlements")) {
            demandDate(entitlement, "expires", place + "/entitlements/" + seeds.size());
            String template = text(entitlement, "id");
            String id = template == null ? Scenario.entitlementId(customerId, seeds.size() + 1) : template;
            demandNew(id, "entitlement of " + customerId, place + "/entitlements/" + seeds.size());
            seeds.add(new EntitlementSeed(
                    id, entitlement.path("type").asString(), (ObjectNode) entitlement, object(entitlement, "members")));
        }
        return List.copyOf(seeds);
    }

    private void demandNew(String id, String what, String place) {
        if (!GUID.matcher(id.toLowerCase(Locale.ROOT)).matches()) {
            throw new ScenarioException("At %s/id: %s is not a GUID.".formatted(place, id));
        }
        if (!ids.add(what + " " + id.toLowerCase(Locale.ROOT))) {
            throw new ScenarioException("At %s: the %s %s occurs a second time.".formatted(place, what, id));
        }
    }

    private static void demandDate(JsonNode node, String member, String place) {
        String text = node.path(member).asString("");
        if (!text.isEmpty()
                && Durations.relative(text, Instant.EPOCH).isEmpty()
                && Durations.instant(text).isEmpty()) {
            throw new ScenarioException("At %s/%s: %s is not a date.".formatted(place, member, text));
        }
    }

    private static void demandNumber(String template, String place) {
        if (!NUMBER.matcher(template).find()) {
            throw new ScenarioException(
                    "At %s: with count the text needs {n}, else all would be called %s.".formatted(place, template));
        }
    }

    private static String numbered(String template, int n) {
        Matcher matcher = NUMBER.matcher(template);
        return matcher.replaceAll(
                found -> "%0".concat(found.group(1).length() + "d").formatted(n));
    }

    private static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.get(member);
        return value == null ? null : value.asString();
    }

    private static ObjectNode object(JsonNode node, String member) {
        return node.get(member) instanceof ObjectNode object ? object : Json.object();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString()));
        return List.copyOf(texts);
    }
}
