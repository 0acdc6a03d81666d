package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries out PATCHes of subscriptions, unless a rule is against it. */
final class SubscriptionChanges {

    private static final List<String> INSTRUCTIONS = List.of("scheduledNextTermInstructions", "nextChargeInstructions");

    private final World world;
    private final Settings settings;
    private final Reads reads;
    private final ChangeRules rules;
    private int changes;

    SubscriptionChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
        rules = new ChangeRules(settings);
    }

    /** What the body asks for, seen from the state as it is. */
    Operation operation(Target target, HttpRequest request) {
        Optional<Members> body = Members.of(request);
        String asked = body.map(SubscriptionChanges::asked).orElse("");
        ObjectNode current = world.customer(target.customerId())
                .flatMap(customer -> customer.subscription(target.subscriptionId()))
                .map(HeldSubscription::body)
                .orElseGet(Json::object);
        if (asked.equals(ChangeRules.DELETED)) {
            return Operation.CANCEL;
        }
        String status = current.path("status").asString("active");
        if (asked.equals("suspended") && !status.equals("suspended")) {
            return Operation.SUSPEND;
        }
        if (asked.equals("active") && !status.equals("active")) {
            return Operation.REACTIVATE;
        }
        Optional<Boolean> renews =
                body.flatMap(members -> members.get("autoRenewEnabled")).map(value -> value.asBoolean(false));
        if (renews.isPresent() && !renews.get()) {
            return Operation.TURN_OFF_AUTO_RENEW;
        }
        return renews.isPresent() && !current.path("autoRenewEnabled").asBoolean(true)
                ? Operation.TURN_ON_AUTO_RENEW
                : Operation.UPDATE_SUBSCRIPTION;
    }

    Result change(Target target, HttpRequest request, Instant now) {
        HeldCustomer customer = world.customer(target.customerId(), now).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (!customer.isOurs()) {
            return reads.gone(customer.id());
        }
        HeldSubscription subscription =
                customer.subscription(target.subscriptionId()).orElse(null);
        if (subscription == null) {
            return Reads.noSubscription(target.subscriptionId());
        }
        Members body = Members.of(request).orElse(null);
        if (body == null || !ChangeRules.fits(body, target)) {
            return Result.error(400, "800002", "Invalid request input.");
        }
        return change(customer, subscription, body, request, now);
    }

    private Result change(
            HeldCustomer customer, HeldSubscription subscription, Members body, HttpRequest request, Instant now) {
        String asked = asked(body);
        Optional<Result> closed = rules.closed(subscription, asked, request, now);
        if (closed.isPresent()) {
            return closed.get();
        }
        Optional<Result> declined = rules.declined(customer, subscription, asked, body, now);
        if (declined.isPresent()) {
            if (settings.unknowns().refusedMinimalPatch().equals("loses-auto-renew")) {
                loseQuietly(subscription, body, now);
            }
            return declined.get();
        }
        return carryOut(customer, subscription, body, asked, now);
    }

    private static String asked(Members body) {
        return body.text("status").toLowerCase(Locale.ROOT);
    }

    private Result carryOut(
            HeldCustomer customer, HeldSubscription subscription, Members body, String asked, Instant now) {
        ObjectNode before = subscription.body();
        ObjectNode after = before.deepCopy();
        body.get("friendlyName").ifPresent(name -> after.set("friendlyName", name));
        body.get("quantity").ifPresent(quantity -> after.set("quantity", quantity));
        keepOrLose(after, body);
        boolean moves = !asked.isEmpty() && !asked.equals(subscription.status());
        if (moves) {
            after.put("status", asked);
            consequences(subscription.kind(), after, asked);
        }
        if (after.equals(before)) {
            return Result.ok(spelt(before));
        }
        renewEtag(subscription.kind(), after, asked);
        if (moves) {
            subscription.since(now);
            suspendAddOns(customer, subscription, asked, now);
        }
        return isAccepted() ? accept(customer, subscription, before, after, now) : put(subscription, after, now);
    }

    private Result put(HeldSubscription subscription, ObjectNode after, Instant now) {
        subscription.versions().become(after, now, settings.propagationDelay());
        return Result.changed(spelt(after));
    }

    private JsonNode spelt(ObjectNode body) {
        return settings.pascalCase() ? Casing.pascal(body) : body;
    }

    private boolean isAccepted() {
        changes++;
        return switch (settings.unknowns().changesAnswered()) {
            case "202" -> true;
            case "202-every-second" -> changes % 2 == 0;
            default -> false;
        };
    }

    /** 202: the change is sure to come, and reads show it only later. */
    private Result accept(
            HeldCustomer customer, HeldSubscription subscription, ObjectNode before, ObjectNode after, Instant now) {
        Duration takes = settings.unknowns().acceptedTakes();
        ObjectNode meanwhile = before.deepCopy();
        if (settings.unknowns().acceptedShows().equals("pending")) {
            meanwhile.put("status", "pending");
        }
        subscription.busyUntil(now.plus(takes));
        subscription.versions().become(after, now, takes, meanwhile);
        return Result.accepted("/customers/" + customer.id() + "/subscriptions/" + subscription.id())
                .withEffect();
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
        for (String instructions : INSTRUCTIONS) {
            if (after.has(instructions) && body.get(instructions).isEmpty()) {
                after.remove(instructions);
            }
        }
    }

    private void loseQuietly(HeldSubscription subscription, Members body, Instant now) {
        ObjectNode after = subscription.body().deepCopy();
        keepOrLose(after, body);
        if (!after.equals(subscription.body())) {
            subscription.versions().become(after, now, settings.propagationDelay());
        }
    }

    private static void consequences(Kind kind, ObjectNode after, String asked) {
        switch (asked) {
            case "suspended" -> {
                after.putArray("suspensionReasons").add("CustomerCancellation");
                if (!kind.isLegacy()) {
                    after.put("autoRenewEnabled", false);
                    after.remove("scheduledNextTermInstructions");
                }
            }
            case "active" -> {
                after.remove("suspensionReasons");
                if (!kind.isLegacy()) {
                    // Documented: after a reactivation it must be turned on again by hand.
                    after.put("autoRenewEnabled", false);
                }
            }
            default -> after.remove("refundableQuantity");
        }
    }

    /** Documented for legacy: suspending the base suspends its add-ons. */
    private void suspendAddOns(HeldCustomer customer, HeldSubscription base, String asked, Instant now) {
        if (!asked.equals("suspended") || !base.kind().isLegacy()) {
            return;
        }
        for (HeldSubscription each : customer.subscriptions()) {
            ObjectNode body = each.body();
            boolean under = body.path("parentSubscriptionId").asString("").equalsIgnoreCase(base.id());
            if (under && each.status().equals("active")) {
                ObjectNode after = body.deepCopy().put("status", "suspended");
                renewEtag(each.kind(), after, "suspended");
                each.versions().become(after, now, settings.propagationDelay());
                each.since(now);
            }
        }
    }

    private static void renewEtag(Kind kind, ObjectNode after, String asked) {
        ObjectNode attributes = after.path("attributes") instanceof ObjectNode given ? given : Json.object();
        String etag = attributes.path("etag").asString("");
        if (!etag.isEmpty()) {
            attributes.put("etag", Etags.after(after.path("id").asString(), etag));
        } else if (asked.equals(ChangeRules.DELETED) && !kind.isLegacy()) {
            attributes.put("etag", "");
        }
    }
}
