package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The list of customers, page by page: the token of a page names the place in the whole list. */
final class CustomerPages {

    private static final int LARGEST = 500;

    private final World world;
    private final Settings settings;

    CustomerPages(World world, Settings settings) {
        this.world = world;
        this.settings = settings;
    }

    Result page(HttpRequest request, Instant now) {
        Optional<Predicate<HeldCustomer>> filter =
                filter(request.query("filter").orElse(""), now);
        if (filter.isEmpty()) {
            return Result.error(
                    400,
                    "2000",
                    "Customer search only allows starts with and equals operation.",
                    List.of("Field1", "Field2"));
        }
        Optional<String> token = request.header("MS-ContinuationToken").filter(text -> !text.isBlank());
        Optional<Integer> from = token.isEmpty() ? Optional.of(0) : token.flatMap(CustomerPages::position);
        List<HeldCustomer> all = world.customers();
        if (from.isEmpty() || (token.isPresent() && from.get() >= all.size())) {
            return Result.error(400, "2000", "There are no more customers.", List.of());
        }
        int size = size(request);
        ArrayNode items = Json.array();
        int at = from.get();
        while (at < all.size() && items.size() < size) {
            HeldCustomer customer = all.get(at++);
            if (isShown(customer, now) && filter.get().test(customer)) {
                items.add(brief(customer.versions().shown(now)));
            }
        }
        boolean more = settings.customersEndWithError() ? at > from.get() : remains(all, at, filter.get(), now);
        return Result.ok(body(items, size, more ? Optional.of(token(at)) : Optional.empty()));
    }

    private static boolean remains(List<HeldCustomer> all, int at, Predicate<HeldCustomer> filter, Instant now) {
        for (int i = at; i < all.size(); i++) {
            if (isShown(all.get(i), now) && filter.test(all.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isShown(HeldCustomer customer, Instant now) {
        return !customer.isDeleted() && !customer.shownRelationship(now).equals("none");
    }

    private static ObjectNode body(ArrayNode items, int size, Optional<String> token) {
        ObjectNode body = Links.collection(items);
        ObjectNode links = Links.self("/v1/customers?size=" + size);
        token.ifPresent(text -> {
            body.put("continuationToken", text);
            ObjectNode next = Links.link("/v1/customers?size=" + size + "&seekOperation=Next");
            next.withArray("/headers")
                    .addObject()
                    .put("key", "MS-ContinuationToken")
                    .put("value", text);
            links.set("next", next);
        });
        body.set("links", links);
        body.set("attributes", Links.attributes("Collection"));
        return body;
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

    /** Old clients ask for 0 and mean all: they get the largest page. */
    private static int size(HttpRequest request) {
        int size = request.query("size").flatMap(CustomerPages::number).orElse(LARGEST);
        return size <= 0 ? LARGEST : Math.min(size, LARGEST);
    }

    private static Optional<Predicate<HeldCustomer>> filter(String text, Instant now) {
        if (text.isBlank()) {
            return Optional.of(customer -> true);
        }
        JsonNode filter = parsed(text);
        String field = filter.path("Field").asString("").toLowerCase(Locale.ROOT);
        String value = filter.path("Value").asString("").toLowerCase(Locale.ROOT);
        String operator = filter.path("Operator").asString("").toLowerCase(Locale.ROOT);
        if (!operator.equals("starts_with") || !(field.equals("companyname") || field.equals("domain"))) {
            return Optional.empty();
        }
        String member = field.equals("domain") ? "domain" : "companyName";
        return Optional.of(customer -> customer.versions()
                .shown(now)
                .path("companyProfile")
                .path(member)
                .asString("")
                .toLowerCase(Locale.ROOT)
                .startsWith(value));
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.read(text);
        } catch (JacksonException e) {
            return Json.object();
        }
    }

    private static Optional<Integer> number(String text) {
        return text.matches("\\d{1,6}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private static String token(int at) {
        return Base64.getEncoder().encodeToString(("from " + at).getBytes(StandardCharsets.UTF_8));
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
