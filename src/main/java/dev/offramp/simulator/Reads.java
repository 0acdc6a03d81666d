package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the GETs, with what a read shows at that moment. */
final class Reads {

    private static final int DEFAULT_PAGE = 500;

    private final World world;
    private final Settings settings;

    Reads(World world, Settings settings) {
        this.world = world;
        this.settings = settings;
    }

    Result answer(Operation operation, Target target, HttpRequest request, Instant now) {
        if (operation == Operation.LIST_CUSTOMERS) {
            return customers(request, now);
        }
        World.Customer customer = world.customer(target.customerId()).orElse(null);
        if (customer == null) {
            return unknownCustomer(target.customerId());
        }
        ObjectNode shown = customer.versions().shown(now);
        if (relationship(shown).equals("none")) {
            return settings.afterUnlink() == 404 ? notFound(customer.id()) : notOurs(customer.id());
        }
        return switch (operation) {
            case READ_CUSTOMER -> Result.ok(shown);
            case LIST_SUBSCRIPTIONS -> subscriptions(customer, now);
            case READ_SUBSCRIPTION ->
                customer.subscription(target.subscriptionId())
                        .map(subscription -> Result.ok(subscription.versions().shown(now)))
                        .orElseGet(() -> noSubscription(target.subscriptionId()));
            case LIST_ENTITLEMENTS -> entitlements(customer, request);
            default -> throw new IllegalArgumentException(operation + " is no read");
        };
    }

    Result unknownCustomer(String id) {
        return settings.unknownCustomer() == 403 ? notOurs(id) : notFound(id);
    }

    Result notOurs(String id) {
        return Result.error(
                403,
                "20002",
                "The partner %s has no commerce relationship with the customer %s."
                        .formatted(settings.partnerTenantId(), id));
    }

    static Result noSubscription(String id) {
        return Result.error(404, "20003", "Subscription with ID " + id + " not found.");
    }

    private static Result notFound(String id) {
        return Result.error(404, "1000", "Not found: " + id);
    }

    private Result customers(HttpRequest request, Instant now) {
        int size = request.query("size").flatMap(Reads::number).orElse(DEFAULT_PAGE);
        int from =
                request.header("MS-ContinuationToken").flatMap(Reads::position).orElse(0);
        List<ObjectNode> ours = world.customers().stream()
                .map(customer -> customer.versions().shown(now))
                .filter(body -> !relationship(body).equals("none"))
                .toList();
        int page = size <= 0 ? DEFAULT_PAGE : Math.min(size, DEFAULT_PAGE);
        int to = Math.min(from + page, ours.size());
        ObjectNode body = Json.object().put("totalCount", Math.max(0, to - from));
        ArrayNode items = body.putArray("items");
        for (int i = from; i < to; i++) {
            items.add(brief(ours.get(i)));
        }
        ObjectNode links = Links.self("/v1/customers?size=" + page);
        if (to < ours.size()) {
            String token = Base64.getEncoder().encodeToString(("from " + to).getBytes(StandardCharsets.UTF_8));
            body.put("continuationToken", token);
            ObjectNode next = Links.link("/v1/customers?size=" + page + "&seekOperation=Next");
            next.withArray("/headers")
                    .addObject()
                    .put("key", "MS-ContinuationToken")
                    .put("value", token);
            links.set("next", next);
        }
        body.set("links", links);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static ObjectNode brief(ObjectNode customer) {
        JsonNode company = customer.path("companyProfile");
        ObjectNode brief = Json.object();
        brief.set("id", customer.path("id"));
        ObjectNode profile = brief.putObject("companyProfile");
        profile.set("tenantId", company.path("tenantId"));
        profile.set("domain", company.path("domain"));
        profile.set("companyName", company.path("companyName"));
        profile.set("attributes", Links.attributes("CustomerCompanyProfile"));
        brief.set("relationshipToPartner", customer.path("relationshipToPartner"));
        brief.set("attributes", Links.attributes("Customer"));
        return brief;
    }

    private Result subscriptions(World.Customer customer, Instant now) {
        ObjectNode body =
                Json.object().put("totalCount", customer.subscriptions().size());
        ArrayNode items = body.putArray("items");
        for (World.Subscription subscription : customer.subscriptions()) {
            ObjectNode item = subscription.versions().shown(now).deepCopy();
            // Documented: only the read by id tells how much can be given back.
            item.remove("refundableQuantity");
            items.add(item);
        }
        body.set("links", Links.self("/customers/" + customer.id() + "/subscriptions"));
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static Result entitlements(World.Customer customer, HttpRequest request) {
        Optional<String> wanted = request.query("entitlementType");
        ArrayNode items = Json.object().putArray("items");
        for (ObjectNode entitlement : customer.entitlements()) {
            boolean software = entitlement.path("entitlementType").asString("").equalsIgnoreCase("software");
            if (wanted.isEmpty() || wanted.get().equalsIgnoreCase("software") == software) {
                items.add(entitlement);
            }
        }
        ObjectNode body = Json.object().put("totalCount", items.size());
        body.set("items", items);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static String relationship(ObjectNode customer) {
        return customer.path("relationshipToPartner").asString("none");
    }

    private static Optional<Integer> number(String text) {
        return text.matches("\\d{1,6}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private static Optional<Integer> position(String token) {
        try {
            String plain = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            return plain.startsWith("from ") ? number(plain.substring(5)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
