package dev.offramp.simulator;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Carries out PATCHes of subscriptions by the documented rules, or declines them. */
final class SubscriptionChanges {

    private static final Set<String> ASKABLE = Set.of("active", "suspended", "deleted");
    private static final String DELETED = "deleted";

    private final World world;
    private final Settings settings;
    private final Reads reads;

    SubscriptionChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
    }

    /** What the body asks for, seen from the state as it is. */
    Operation operation(Target target, HttpRequest request) {
        Optional<Members> body = Members.of(request);
        String asked = body.map(members -> members.text("status").toLowerCase(Locale.ROOT))
                .orElse("");
        ObjectNode current = world.customer(target.customerId())
                .flatMap(customer -> customer.subscription(target.subscriptionId()))
                .map(subscription -> subscription.versions().current())
                .orElseGet(Json::object);
        if (asked.equals(DELETED)) {
            return Operation.CANCEL;
        }
        String status = current.path("status").asString("active");
        if (asked.equals("suspended") && !status.equals("suspended")) {
            return Operation.SUSPEND;
        }
        if (asked.equals("active") && !status.equals("active")) {
            return Operation.REACTIVATE;
        }
        boolean turnsOff = body.flatMap(members -> members.get("autoRenewEnabled"))
                .map(value -> !value.asBoolean(false))
                .orElse(false);
        return turnsOff ? Operation.TURN_OFF_AUTO_RENEW : Operation.UPDATE_SUBSCRIPTION;
    }

    Result change(Target target, HttpRequest request, Instant now) {
        World.Customer customer = world.customer(target.customerId()).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (customer.relationship().equals("none")) {
            return reads.notOurs(customer.id());
        }
        World.Subscription subscription =
                customer.subscription(target.subscriptionId()).orElse(null);
        if (subscription == null) {
            return Reads.noSubscription(target.subscriptionId());
        }
        Members body = Members.of(request).orElse(null);
        if (body == null || !fits(body, target)) {
            return Result.error(400, "800002", "Invalid request input.");
        }
        return refusal(customer, subscription, body, request, now).orElseGet(() -> carryOut(subscription, body, now));
    }

    private static boolean fits(Members body, Target target) {
        String id = body.text("id");
        String status = body.text("status").toLowerCase(Locale.ROOT);
        return (id.isEmpty() || id.equalsIgnoreCase(target.subscriptionId()))
                && (status.isEmpty() || ASKABLE.contains(status));
    }

    private Optional<Result> refusal(
            World.Customer customer, World.Subscription subscription, Members body, HttpRequest request, Instant now) {
        ObjectNode current = subscription.versions().current();
        String id = current.path("id").asString();
        String asked = body.text("status").toLowerCase(Locale.ROOT);
        if (isStale(subscription, current, request)) {
            return Optional.of(Result.error(400, "2055", "Etag is no longer valid."));
        }
        if (subscription.status().equals(DELETED)) {
            return Optional.of(onDeleted(id, asked, current));
        }
        if (subscription.kind() == Kind.SAVINGS_PLAN) {
            return Optional.of(Result.error(
                    403, "900321", "The operation is not supported for Azure savings plan in Partner Center."));
        }
        if (asked.isEmpty() || asked.equals(subscription.status())) {
            return Optional.empty();
        }
        if (current.path("isTrial").asBoolean(false)) {
            return Optional.of(Result.error(400, "800096", "Can't update the status for this subscription."));
        }
        if (subscription.status().equals("pending")) {
            return Optional.of(
                    Result.error(409, "800082", "Subscription is not ready to be updated. Try again after sometime."));
        }
        if (!Set.of("active", "suspended").contains(subscription.status())) {
            return Optional.of(Result.error(
                    400,
                    "800040",
                    "Asset status can't be changed to " + asked + " from " + subscription.status() + "."));
        }
        return asked.equals(DELETED) ? cancelRefusal(subscription, now) : parentRefusal(customer, current, asked);
    }

    private boolean isStale(World.Subscription subscription, ObjectNode current, HttpRequest request) {
        String etag = current.path("attributes").path("etag").asString("");
        Optional<String> sent = request.header("If-Match");
        if (etag.isEmpty()) {
            return settings.ifMatchRequired() && subscription.kind() == Kind.NEW_COMMERCE && sent.isEmpty();
        }
        return sent.isPresent() && !sent.get().replace("\"", "").equals(etag);
    }

    private Result onDeleted(String id, String asked, ObjectNode current) {
        if (asked.equals(DELETED) && settings.deletedAgain().equals("200")) {
            return Result.ok(current);
        }
        if (asked.equals(DELETED) && settings.deletedAgain().equals("800040")) {
            return Result.error(400, "800040", "Asset status can't be changed to deleted from deleted.");
        }
        return Result.error(400, "2011", "Subscription with ID " + id + " and deleted status can't be updated.");
    }

    private Optional<Result> cancelRefusal(World.Subscription subscription, Instant now) {
        if (subscription.kind() == Kind.LEGACY && !settings.legacyCancel()) {
            return Optional.of(
                    Result.error(403, "900263", "This API method is not supported for legacy subscriptions."));
        }
        if (now.isAfter(subscription.windowEnds())) {
            return Optional.of(Result.error(
                    400, subscription.kind().closedCode(), subscription.kind().closedText()));
        }
        return Optional.empty();
    }

    private static Optional<Result> parentRefusal(World.Customer customer, ObjectNode current, String asked) {
        String parent = current.path("parentSubscriptionId").asString("");
        boolean parentInactive = !parent.isEmpty()
                && customer.subscription(parent)
                        .map(subscription -> !subscription.status().equals("active"))
                        .orElse(true);
        return asked.equals("active") && parentInactive
                ? Optional.of(
                        Result.error(409, "27009", "Can't enable a child subscription when the parent isn't Active."))
                : Optional.empty();
    }

    private Result carryOut(World.Subscription subscription, Members body, Instant now) {
        ObjectNode before = subscription.versions().current();
        ObjectNode after = before.deepCopy();
        body.get("friendlyName").ifPresent(name -> after.set("friendlyName", name));
        body.get("quantity").ifPresent(quantity -> after.set("quantity", quantity));
        keepOrLose(after, body);
        String asked = body.text("status").toLowerCase(Locale.ROOT);
        if (!asked.isEmpty() && !asked.equals(subscription.status())) {
            after.put("status", asked);
            consequences(subscription.kind(), after, asked);
        }
        if (after.equals(before)) {
            return Result.ok(before);
        }
        renewEtag(subscription.kind(), after, asked);
        subscription.versions().become(after, now, settings.propagationDelay());
        return Result.changed(after);
    }

    /** Documented danger: what a body leaves out is switched off or forgotten. */
    private static void keepOrLose(ObjectNode after, Members body) {
        if (after.path("autoRenewEnabled").asBoolean(false)
                || body.get("autoRenewEnabled").isPresent()) {
            after.put(
                    "autoRenewEnabled",
                    body.get("autoRenewEnabled")
                            .map(value -> value.asBoolean(false))
                            .orElse(false));
        }
        for (String instructions : new String[] {"scheduledNextTermInstructions", "nextChargeInstructions"}) {
            if (after.has(instructions) && body.get(instructions).isEmpty()) {
                after.remove(instructions);
            }
        }
    }

    private static void consequences(Kind kind, ObjectNode after, String asked) {
        switch (asked) {
            case "suspended" -> {
                after.putArray("suspensionReasons").add("CustomerCancellation");
                if (kind == Kind.NEW_COMMERCE) {
                    after.put("autoRenewEnabled", false);
                    after.remove("scheduledNextTermInstructions");
                }
            }
            case "active" -> after.remove("suspensionReasons");
            default -> after.remove("refundableQuantity");
        }
    }

    private static void renewEtag(Kind kind, ObjectNode after, String asked) {
        ObjectNode attributes = after.path("attributes") instanceof ObjectNode given ? given : Json.object();
        String etag = attributes.path("etag").asString("");
        if (!etag.isEmpty()) {
            attributes.put("etag", SubscriptionBodies.nextEtag(after.path("id").asString(), etag));
        } else if (asked.equals(DELETED) && kind != Kind.LEGACY) {
            attributes.put("etag", "");
        }
    }
}
