package dev.offramp.partnercenter;

import dev.offramp.offboarding.Subscription.Kind;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tells the kinds of subscriptions apart by what the resource says about itself; the first rule that fits wins, and what
 * contradicts itself is of an unknown kind.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/subscription-resources">Subscription resources</a>
 */
final class Kinds {

    private static final Pattern GUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** {@code product:sku:availability}. */
    private static final Pattern MODERN = Pattern.compile("[A-Za-z0-9]+:[A-Za-z0-9]+(:[A-Za-z0-9]+)?");

    private static final String AZURE_PLAN = "DZH318Z0BPS6:";
    private static final String LEGACY_AZURE = "MS-AZR";

    private Kinds() {}

    static Kind of(JsonNode subscription) {
        Kind kind = byProduct(subscription);
        JsonNode trial = Members.of(subscription, "isTrial");
        if (isSaid(trial) && Members.flag(subscription, "isTrial") == null) {
            return Kind.UNKNOWN;
        }
        // A free trial of the marketplace is cancelled like what it tries; the status of others cannot be changed.
        boolean isTrial = Boolean.TRUE.equals(Members.flag(subscription, "isTrial")) && kind != Kind.MARKETPLACE_SAAS;
        return isTrial ? Kind.TRIAL : kind;
    }

    private static Kind byProduct(JsonNode subscription) {
        if (Members.filled(subscription, "parentSubscriptionId") != null) {
            return Kind.LEGACY_ADD_ON;
        }
        JsonNode product = Members.of(subscription, "productType");
        String type = nameOf(product);
        String subType = nameOf(Members.of(product, "subType"));
        if (subType.equals("savingsplan")) {
            return Kind.SAVINGS_PLAN;
        }
        if (isReservation(type) || isReservation(subType)) {
            return Kind.RESERVATION;
        }
        String offer = Members.filled(subscription, "offerId");
        return switch (type) {
            case "onlineservicesnce" -> isLegacy(offer) ? Kind.UNKNOWN : Kind.NEW_COMMERCE_LICENCE;
            case "software" -> software(subscription);
            case "azure" -> azure(offer, word(subscription, "billingType"));
            case "" -> isSaid(product) ? Kind.UNKNOWN : byOffer(subscription, offer);
            default -> Kind.UNKNOWN;
        };
    }

    /** Perpetual software is bought once and has no term; only what has one is cancelled by its subscription. */
    private static Kind software(JsonNode subscription) {
        boolean hasTerm = Members.filled(subscription, "termDuration") != null;
        boolean keyed = word(subscription, "contractType").replace("_", "").equals("productkey");
        boolean boughtOnce = word(subscription, "billingCycle").replace("_", "").equals("onetime");
        if (hasTerm) {
            return keyed ? Kind.UNKNOWN : Kind.SOFTWARE;
        }
        return boughtOnce || keyed ? Kind.PERPETUAL_SOFTWARE : Kind.UNKNOWN;
    }

    private static Kind azure(@Nullable String offer, String billing) {
        if (offer == null) {
            return Kind.UNKNOWN;
        }
        if (startsWith(offer, LEGACY_AZURE)) {
            return Kind.LEGACY_AZURE;
        }
        boolean used = billing.equals("usage") && MODERN.matcher(offer).matches();
        boolean named = billing.isEmpty() && startsWith(offer, AZURE_PLAN);
        return used || named ? Kind.AZURE_PLAN : Kind.UNKNOWN;
    }

    /** Legacy and marketplace subscriptions have no product type. */
    private static Kind byOffer(JsonNode subscription, @Nullable String offer) {
        if (offer == null) {
            return Kind.UNKNOWN;
        }
        String billing = word(subscription, "billingType");
        if (startsWith(offer, LEGACY_AZURE)) {
            return Kind.LEGACY_AZURE;
        }
        if (GUID.matcher(offer).matches()) {
            return billing.equals("usage") ? Kind.UNKNOWN : Kind.LEGACY_LICENCE;
        }
        if (!MODERN.matcher(offer).matches()) {
            return Kind.UNKNOWN;
        }
        if (startsWith(offer, AZURE_PLAN)) {
            return billing.isEmpty() || billing.equals("usage") ? Kind.AZURE_PLAN : Kind.UNKNOWN;
        }
        boolean foreign = Boolean.FALSE.equals(Members.flag(subscription, "isMicrosoftProduct"));
        if (billing.equals("usage")) {
            return foreign ? Kind.UNKNOWN : Kind.AZURE_PLAN;
        }
        return foreign ? Kind.MARKETPLACE_SAAS : Kind.UNKNOWN;
    }

    private static boolean isLegacy(@Nullable String offer) {
        return offer != null && (GUID.matcher(offer).matches() || startsWith(offer, LEGACY_AZURE));
    }

    /** In any spelling: {@code reservedInstance}, {@code VirtualMachineReservedInstance}, {@code Reservation}. */
    private static boolean isReservation(String type) {
        return type.contains("reserv");
    }

    private static boolean isSaid(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static boolean startsWith(String offer, String start) {
        return offer.toUpperCase(Locale.ROOT).startsWith(start);
    }

    private static String nameOf(JsonNode type) {
        String id = word(type, "id");
        return id.isEmpty() ? word(type, "displayName") : id;
    }

    private static String word(JsonNode object, String name) {
        String text = Members.text(object, name);
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
