package dev.offramp.partnercenter;

import dev.offramp.offboarding.Subscription.Kind;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tells the kinds of subscriptions apart by what the resource says about itself; the first rule that fits wins. */
final class Kinds {

    private static final Pattern GUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** {@code product:sku:availability}. */
    private static final Pattern MODERN = Pattern.compile("[A-Za-z0-9]+:[A-Za-z0-9]+(:[A-Za-z0-9]+)?");

    private static final String AZURE_PLAN = "DZH318Z0BPS6:";

    private Kinds() {}

    static Kind of(JsonNode subscription) {
        if (Boolean.TRUE.equals(Members.flag(subscription, "isTrial"))) {
            return Kind.TRIAL;
        }
        if (Members.filled(subscription, "parentSubscriptionId") != null) {
            return Kind.LEGACY_ADD_ON;
        }
        JsonNode product = Members.of(subscription, "productType");
        String type = word(product, "id");
        if (type.isEmpty()) {
            type = word(product, "displayName");
        }
        if (word(Members.of(product, "subType"), "id").equals("savingsplan")) {
            return Kind.SAVINGS_PLAN;
        }
        String offer = Members.filled(subscription, "offerId");
        String billing = word(subscription, "billingType");
        return switch (type) {
            case "onlineservicesnce" -> Kind.NEW_COMMERCE_LICENCE;
            case "software" -> Kind.SOFTWARE;
            case "azure" -> billing.equals("usage") ? byOffer(offer, billing, null) : Kind.UNKNOWN;
            case "" -> byOffer(offer, billing, Members.flag(subscription, "isMicrosoftProduct"));
            default -> Kind.UNKNOWN;
        };
    }

    private static Kind byOffer(@Nullable String offer, String billing, @Nullable Boolean microsoft) {
        if (offer == null) {
            return Kind.UNKNOWN;
        }
        if (offer.toUpperCase(Locale.ROOT).startsWith("MS-AZR")) {
            return Kind.LEGACY_AZURE;
        }
        if (billing.equals("usage") || offer.toUpperCase(Locale.ROOT).startsWith(AZURE_PLAN)) {
            return Kind.AZURE_PLAN;
        }
        if (GUID.matcher(offer).matches()) {
            return Kind.LEGACY_LICENCE;
        }
        if (Boolean.FALSE.equals(microsoft) && MODERN.matcher(offer).matches()) {
            return Kind.MARKETPLACE_SAAS;
        }
        return Kind.UNKNOWN;
    }

    private static String word(JsonNode object, String name) {
        String text = Members.text(object, name);
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
