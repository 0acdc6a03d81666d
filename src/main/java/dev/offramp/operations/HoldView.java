package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Holds.Hold;
import dev.offramp.ledger.Holds.Sight;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a request is held, and the names of what it is about, as far as they were read.
 *
 * @param since when a guard held it
 * @param decideBy when it is rejected if nobody decides; missing when it is kept until somebody does
 * @param customer the customer's company name
 * @param domain the customer's domain
 * @param product the name of the subscription, or how many there are
 * @param seats the quantity of the subscription
 * @param lastChance until when it can still be carried out as it is meant
 * @param lastChanceOf what ends then: not-after, cancellation-window or renewal
 * @param unread why its target could not be read; missing when it was read, or is still to be read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HoldView(
        Instant since,
        @Nullable Instant decideBy,
        @Nullable String customer,
        @Nullable String domain,
        @Nullable String product,
        @Nullable Integer seats,
        @Nullable Instant lastChance,
        @Nullable String lastChanceOf,
        @Nullable String unread) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static HoldView of(Hold hold) {
        Sight sight = hold.sight();
        return sight == null ? ofFacts(hold) : ofSight(hold, sight);
    }

    private static HoldView ofSight(Hold hold, Sight sight) {
        return new HoldView(
                hold.since(),
                hold.decideBy(),
                sight.customer(),
                sight.domain(),
                sight.product(),
                sight.seats(),
                sight.lastChance(),
                sight.lastChanceOf(),
                sight.unread());
    }

    private static HoldView ofFacts(Hold hold) {
        JsonNode facts = facts(hold.facts());
        JsonNode customer = facts.path("OfCustomer").path("customer");
        JsonNode subscription = facts.path("OfSubscription").path("subscription");
        JsonNode quantity = subscription.path("quantity");
        return new HoldView(
                hold.since(),
                hold.decideBy(),
                text(customer.path("companyName")),
                text(customer.path("domain")),
                product(subscription, facts.path("OfCustomer").path("subscriptions")),
                quantity.isIntegralNumber() ? (Integer) quantity.asInt() : null,
                null,
                null,
                null);
    }

    private static @Nullable String product(JsonNode subscription, JsonNode all) {
        return all.isArray() ? "%d subscriptions".formatted(all.size()) : text(subscription.path("name"));
    }

    private static JsonNode facts(@Nullable String json) {
        return json == null ? JSON.createObjectNode() : JSON.readTree(json);
    }

    private static @Nullable String text(JsonNode node) {
        String text = node.asString("");
        return text.isBlank() ? null : text;
    }
}
