package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries out PATCHes of orders: only what the matrix of the documents allows to be cancelled by order. */
final class OrderChanges {

    private static final Duration PERPETUAL_WINDOW = Duration.ofDays(30);
    private static final Duration SANDBOX_WINDOW = Duration.ofDays(60);

    private final World world;
    private final Settings settings;
    private final Reads reads;

    OrderChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
    }

    static Operation operation(HttpRequest request) {
        return Members.of(request)
                        .map(body -> body.text("status").equalsIgnoreCase("cancelled"))
                        .orElse(false)
                ? Operation.CANCEL_ORDER
                : Operation.UPDATE_ORDER;
    }

    Result change(Target target, HttpRequest request, Instant now) {
        HeldCustomer customer = world.customer(target.customerId(), now).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (!customer.isOurs()) {
            return reads.gone(customer.id());
        }
        HeldOrder order = customer.order(target.itemId()).orElse(null);
        if (order == null) {
            return Reads.noOrder(target.itemId());
        }
        Members body = Members.of(request).orElse(null);
        if (body == null || operation(request) != Operation.CANCEL_ORDER || !isOf(body, order)) {
            return Result.error(400, "800002", "Invalid request input.");
        }
        return declined(order, now).orElseGet(() -> cancel(customer, order, body, now));
    }

    private static boolean isOf(Members body, HeldOrder order) {
        return body.text("id").isEmpty() || body.text("id").equalsIgnoreCase(order.id());
    }

    private Optional<Result> declined(HeldOrder order, Instant now) {
        if (order.isCancelled()) {
            return refused(400, "800061", "Order can't be canceled.");
        }
        return switch (order.sort()) {
            case MARKETPLACE ->
                refused(
                        403,
                        "800077",
                        "Cancelling of seat-based SaaS isn't supported via patch order. Use patch subscription instead.");
            case OTHER ->
                refused(
                        400,
                        "800063",
                        "This order " + order.id() + " can't be canceled. Use PATCH subscription to suspend.");
            case RESERVATION ->
                settings.sandbox()
                        ? tooOld(order, SANDBOX_WINDOW, now)
                        : refused(
                                403,
                                "800019",
                                "Non-Sandbox tenants aren't allowed to cancel purchases other than software.");
            case PERPETUAL_SOFTWARE -> tooOld(order, settings.sandbox() ? SANDBOX_WINDOW : PERPETUAL_WINDOW, now);
            case SOFTWARE_SUBSCRIPTION -> windowOf(order, now);
        };
    }

    private static Optional<Result> tooOld(HeldOrder order, Duration window, Instant now) {
        return now.isAfter(order.created().plus(window))
                ? refused(400, "900117", Kind.closedText(window.toDays() + "-day"))
                : Optional.empty();
    }

    private static Optional<Result> windowOf(HeldOrder order, Instant now) {
        HeldSubscription subscription = order.subscription();
        return subscription != null && now.isAfter(subscription.windowEnds())
                ? refused(400, "900117", subscription.kind().closedText())
                : Optional.empty();
    }

    private Result cancel(HeldCustomer customer, HeldOrder order, Members body, Instant now) {
        Duration takes = settings.orderCancelTakes().compareTo(settings.propagationDelay()) > 0
                ? settings.orderCancelTakes()
                : settings.propagationDelay();
        HeldSubscription subscription = order.subscription();
        if (subscription != null) {
            ObjectNode after = subscription.body().deepCopy().put("status", ChangeRules.DELETED);
            after.remove("refundableQuantity");
            subscription.versions().become(after, now, takes);
            subscription.since(now);
            return Result.changed(OrderBodies.of(customer.id(), order.id(), after, order.sort()));
        }
        Versions own = order.own();
        if (own == null) {
            throw new IllegalStateException("an order of nothing: " + order.id());
        }
        ObjectNode after = own.current().deepCopy();
        cancelLines(after, body);
        own.become(after, now, takes);
        customer.entitlements().stream()
                .filter(entitlement -> after.path("status").asString("").equals("cancelled"))
                .filter(entitlement -> entitlement
                        .body()
                        .path("referenceOrder")
                        .path("id")
                        .asString("")
                        .equalsIgnoreCase(order.id()))
                .forEach(HeldEntitlement::cancel);
        return Result.changed(after);
    }

    /** Documented: a cancelled line has the quantity 0, and the order is cancelled once all lines are. */
    private static void cancelLines(ObjectNode order, Members body) {
        Set<Integer> named = new HashSet<>();
        body.get("lineItems")
                .ifPresent(lines -> lines.forEach(line ->
                        new Members(line).get("lineItemNumber").ifPresent(number -> named.add(number.asInt()))));
        boolean left = false;
        for (JsonNode line : order.path("lineItems")) {
            if (named.isEmpty() || named.contains(line.path("lineItemNumber").asInt())) {
                ((ObjectNode) line).put("quantity", 0);
            }
            left |= line.path("quantity").asInt() > 0;
        }
        order.put("status", left ? "completed" : "cancelled");
    }

    private static Optional<Result> refused(int status, String code, String text) {
        return Optional.of(Result.error(status, code, text));
    }
}
