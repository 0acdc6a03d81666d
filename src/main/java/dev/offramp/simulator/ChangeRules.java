package dev.offramp.simulator;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The documented reasons not to change a subscription. */
final class ChangeRules {

    static final String DELETED = "deleted";

    private static final Set<String> ASKABLE = Set.of("active", "suspended", DELETED);
    private static final Set<String> CHANGEABLE = Set.of("active", "suspended");

    private final Settings settings;

    ChangeRules(Settings settings) {
        this.settings = settings;
    }

    /** Whether the body is one for this subscription. */
    static boolean fits(Members body, Target target) {
        String id = body.text("id");
        String status = body.text("status").toLowerCase(Locale.ROOT);
        return (id.isEmpty() || id.equalsIgnoreCase(target.subscriptionId()))
                && (status.isEmpty() || ASKABLE.contains(status));
    }

    /** Why the change cannot even be looked at: the etag is old, or there is nothing left to change. */
    Optional<Result> closed(HeldSubscription subscription, String asked, HttpRequest request, Instant now) {
        ObjectNode current = subscription.body();
        Optional<Result> etag = etag(subscription, current, request, now);
        if (etag.isPresent()) {
            return etag;
        }
        if (subscription.status().equals(DELETED)) {
            return Optional.of(onDeleted(subscription.id(), asked, current));
        }
        if (subscription.kind() == Kind.SAVINGS_PLAN) {
            return refused(403, "900321", "The operation is not supported for Azure savings plan in Partner Center.");
        }
        if (subscription.isBusy(now)) {
            return refused(409, "800082", "Subscription is not ready to be updated. Try again after sometime.");
        }
        return Optional.empty();
    }

    /** Why the change is declined. */
    Optional<Result> declined(
            HeldCustomer customer, HeldSubscription subscription, String asked, Members body, Instant now) {
        ObjectNode current = subscription.body();
        String status = subscription.status();
        if (asked.isEmpty() || asked.equals(status)) {
            return lessAfterTheWindow(subscription, current, body, now);
        }
        boolean trial = current.path("isTrial").asBoolean(false);
        if (trial && subscription.kind() != Kind.MARKETPLACE) {
            return refused(400, "800096", "Can't update the status for this subscription.");
        }
        if (status.equals("pending")) {
            return subscription.kind() == Kind.MARKETPLACE
                    ? refused(400, "800081", "Can't update a subscription before activating it.")
                    : refused(409, "800082", "Subscription is not ready to be updated. Try again after sometime.");
        }
        if (!CHANGEABLE.contains(status)) {
            return refused(400, "800040", "Asset status can't be changed to " + asked + " from " + status + ".");
        }
        if (!asked.equals("active") && subscription.azure().stream().anyMatch(each -> each.isActive(now))) {
            return refused(
                    403,
                    "900115",
                    "Azure plan can't be moved to suspended state since you have one or more Azure Subscriptions"
                            + " in the active state.");
        }
        return asked.equals(DELETED) ? cancelled(subscription, trial, now) : enabled(customer, current, asked);
    }

    private Optional<Result> etag(HeldSubscription subscription, ObjectNode current, HttpRequest request, Instant now) {
        String etag = current.path("attributes").path("etag").asString("");
        Optional<String> sent =
                request.header("If-Match").map(text -> text.replace("\"", "").strip());
        String modern = settings.unknowns().ifMatchOnNewCommerce();
        if (subscription.kind() == Kind.NEW_COMMERCE && modern.equals("required") && sent.isEmpty()) {
            return stale();
        }
        if (subscription.kind() == Kind.NEW_COMMERCE
                && modern.equals("error-when-empty")
                && sent.map(String::isEmpty).orElse(false)) {
            return refused(400, "800002", "Invalid request input.");
        }
        if (etag.isEmpty() || sent.isEmpty()) {
            return Optional.empty();
        }
        boolean tooOld = Optional.ofNullable(subscription.etagRead())
                .map(read -> now.isAfter(read.plus(settings.etagLifetime())))
                .orElse(false);
        return tooOld || !sent.get().equals(etag) ? stale() : Optional.empty();
    }

    private static Optional<Result> stale() {
        return refused(400, "2055", "Etag is no longer valid.");
    }

    private Result onDeleted(String id, String asked, ObjectNode current) {
        String answer = asked.equals(DELETED) ? settings.unknowns().deletedAgain() : "2011";
        return switch (answer) {
            case "200" -> Result.ok(current);
            case "800040" -> Result.error(400, "800040", "Asset status can't be changed to deleted from deleted.");
            default ->
                Result.error(400, "2011", "Subscription with ID " + id + " and deleted status can't be updated.");
        };
    }

    private Optional<Result> cancelled(HeldSubscription subscription, boolean trial, Instant now) {
        if (subscription.kind().isLegacy() && !settings.legacyCancel()) {
            return refused(403, "900263", "This API method is not supported for legacy subscriptions.");
        }
        if (!trial && now.isAfter(subscription.windowEnds())) {
            return refused(
                    400, subscription.kind().closedCode(), subscription.kind().closedText());
        }
        return Optional.empty();
    }

    private static Optional<Result> lessAfterTheWindow(
            HeldSubscription subscription, ObjectNode current, Members body, Instant now) {
        int before = current.path("quantity").asInt(0);
        boolean less = body.get("quantity")
                .filter(JsonNode::isNumber)
                .map(quantity -> quantity.asInt() < before)
                .orElse(false);
        return less && !subscription.kind().isLegacy() && now.isAfter(subscription.windowEnds())
                ? refused(400, "800090", "Subscription quantity cannot be decreased.")
                : Optional.empty();
    }

    private static Optional<Result> enabled(HeldCustomer customer, ObjectNode current, String asked) {
        String parent = current.path("parentSubscriptionId").asString("");
        boolean parentInactive = !parent.isEmpty()
                && customer.subscription(parent)
                        .map(subscription -> !subscription.status().equals("active"))
                        .orElse(true);
        return asked.equals("active") && parentInactive
                ? refused(409, "27009", "Can't enable a child subscription when the parent isn't Active.")
                : Optional.empty();
    }

    private static Optional<Result> refused(int status, String code, String text) {
        return Optional.of(Result.error(status, code, text));
    }
}
