package dev.offramp.batch;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.SoftwareOrder;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.CustomerPage;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.Reply;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SubscriptionResource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Partner Center in memory: all customers are ours, all subscriptions are there, and calls work unless told otherwise. */
final class FakePartnerCenter implements PartnerCenter {

    final List<Permit> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    final Set<String> deleted = ConcurrentHashMap.newKeySet();
    final Set<String> suspended = ConcurrentHashMap.newKeySet();
    final Set<String> expired = ConcurrentHashMap.newKeySet();
    /** Those whose auto-renewal is off. */
    final Set<String> ending = ConcurrentHashMap.newKeySet();
    /** Until when they may be cancelled, where that is not for years. */
    final Map<String, Instant> windows = new ConcurrentHashMap<>();

    final Map<String, Integer> quantities = new ConcurrentHashMap<>();
    final Map<String, Instant> terms = new ConcurrentHashMap<>();
    final Map<String, Subscription.Kind> kinds = new ConcurrentHashMap<>();
    /** The subscriptions of a customer, in the order of the list; {@link #active} names one by the customer's id. */
    final Map<CustomerId, List<SubscriptionId>> subscriptions = new ConcurrentHashMap<>();

    final Map<CustomerId, List<Entitlement>> entitlements = new ConcurrentHashMap<>();
    /** Azure subscriptions by their plan. */
    final Map<SubscriptionId, List<AzureSubscription>> azure = new ConcurrentHashMap<>();
    /** Orders by their id; one that is not here has no lines. */
    final Map<String, SoftwareOrder> orders = new ConcurrentHashMap<>();
    /** Whether effects are not to be read yet. */
    volatile boolean lagging;

    private final List<Runnable> notShownYet = new CopyOnWriteArrayList<>();
    /** Those that are not, and never were, our customers. */
    final Set<CustomerId> foreign = ConcurrentHashMap.newKeySet();

    /** Those that are not called Contoso. */
    final Map<CustomerId, Customer> profiles = new ConcurrentHashMap<>();

    final Set<CustomerId> unlinked = ConcurrentHashMap.newKeySet();
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    final Map<String, Trouble> trouble = new ConcurrentHashMap<>();
    final Set<Denial> withoutSignIn = ConcurrentHashMap.newKeySet();
    /** Customers with a subscription in force. */
    final Set<CustomerId> active = ConcurrentHashMap.newKeySet();
    /** What reads are refused for. */
    final Set<Denial> denied = ConcurrentHashMap.newKeySet();
    /** Calls for a target that had taken effect before: there must never be one. */
    final List<Permit> callsAfterTheEffect = new CopyOnWriteArrayList<>();
    /** The most calls that one customer ever had at the same time. */
    final AtomicInteger mostAtOnce = new AtomicInteger();

    private final Map<CustomerId, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /** No read is answered. */
    volatile boolean down;

    volatile Consumer<Permit> whileCalled = _ -> {};
    volatile Consumer<SubscriptionId> whileRead = _ -> {};

    /** What happens to the next call for a target. */
    enum Trouble {
        LOST_AFTER_THE_EFFECT,
        LOST_BEFORE_THE_EFFECT,
        THROTTLED,
        /** 202, and it is carried out at once. */
        ACCEPTED,
        /** 202, and it is carried out some time. */
        ACCEPTED_FOR_LATER,
        WINDOW_CLOSED,
        CUSTOMER_ACCESS,
        STALE,
        BUSY,
        DECLINED,
        LATE
    }

    /** The calls that arrived for this subscription. */
    List<Permit> callsFor(SubscriptionId subscription) {
        return calls.stream()
                .filter(each -> each.step() instanceof Step.ChangeSubscription change
                        && change.subscription().equals(subscription))
                .toList();
    }

    @Override
    public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId id) {
        reads.incrementAndGet();
        whileRead.accept(id);
        if (down || unreadable.contains(id.value())) {
            return new Read.Unavailable<>("500", answer(500));
        }
        if (!denied.isEmpty()) {
            return new Read.Denied<>(denied.iterator().next(), answer(403));
        }
        Subscription read = subscription(id);
        String json = "{\"id\":\"%s\",\"status\":\"%s\",\"autoRenewEnabled\":%s,\"commitmentEndDate\":\"%s\"}"
                .formatted(id, read.status().text(), read.autoRenew(), read.termEnd());
        return new Read.Found<>(new SubscriptionResource(read, json, null));
    }

    /** The places of 202s that were looked at. */
    final List<String> followed = new CopyOnWriteArrayList<>();

    @Override
    public Read<SubscriptionResource> subscriptionAt(
            CustomerId customer, SubscriptionId subscription, String location) {
        followed.add(location);
        return subscription(customer, subscription);
    }

    private String status(String id) {
        if (deleted.contains(id)) {
            return "deleted";
        }
        if (expired.contains(id)) {
            return "expired";
        }
        return suspended.contains(id) ? "suspended" : "active";
    }

    private Subscription subscription(SubscriptionId id) {
        String status = status(id.value());
        return new Subscription(
                id,
                "Business Basic",
                SubscriptionStatus.of(status),
                kinds.getOrDefault(id.value(), Subscription.Kind.NEW_COMMERCE_LICENCE),
                "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
                quantities.getOrDefault(id.value(), 25),
                !ending.contains(id.value()) && status.equals("active"),
                windows.getOrDefault(id.value(), Instant.parse("2030-01-01T00:00:00Z")),
                null,
                terms.getOrDefault(id.value(), Instant.parse("2030-06-01T00:00:00Z")),
                List.of(),
                null,
                null,
                "order-of-" + id);
    }

    /** The pages of the list of customers. */
    java.util.function.Function<@Nullable String, Read<CustomerPage>> customerList = _ -> {
        throw new UnsupportedOperationException("No operation lists the customers.");
    };

    @Override
    public Read<CustomerPage> customers(@Nullable String continuation) {
        return customerList.apply(continuation);
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        reads.incrementAndGet();
        if (down) {
            return new Read.Unavailable<>("500", answer(500));
        }
        if (unlinked.contains(customer) || foreign.contains(customer)) {
            return new Read.NotOurCustomer<>(answer(403));
        }
        return new Read.Found<>(
                profiles.getOrDefault(customer, new Customer(customer, "Contoso", "contoso.example", "reseller")));
    }

    @Override
    public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
        return new Read.Found<>(new ResourceList<>(
                subscriptions
                        .getOrDefault(
                                customer,
                                active.contains(customer) ? List.of(SubscriptionId.of(customer.value())) : List.of())
                        .stream()
                        .map(this::subscription)
                        .toList(),
                true));
    }

    @Override
    public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
        return new Read.Found<>(new ResourceList<>(entitlements.getOrDefault(customer, List.of()), true));
    }

    @Override
    public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
        reads.incrementAndGet();
        return new Read.Found<>(new ResourceList<>(azure.getOrDefault(plan, List.of()), true));
    }

    @Override
    public Read<OrderResource> order(CustomerId customer, String orderId) {
        reads.incrementAndGet();
        SoftwareOrder order = orders.get(orderId);
        return order == null
                ? new Read.Missing<>(Read.Missing.What.ORDER, answer(404))
                : new Read.Found<>(new OrderResource(order, "{\"id\":\"%s\"}".formatted(orderId), null));
    }

    @Override
    public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
    }

    @Override
    public Call changeSubscription(Permit permit, SubscriptionResource current) {
        var change = (Step.ChangeSubscription) permit.step();
        String target = change.subscription().value();
        if (!target.equals(current.subscription().id().value())) {
            throw new IllegalArgumentException("The resource is of another subscription");
        }
        return answer(permit, target, () -> {
            switch (change.change()) {
                case CANCEL -> deleted.add(target);
                case SUSPEND -> {
                    suspended.add(target);
                    ending.add(target);
                }
                case REACTIVATE -> suspended.remove(target);
                case AUTO_RENEW_OFF -> ending.add(target);
                case AUTO_RENEW_ON -> ending.remove(target);
            }
        });
    }

    @Override
    public Call cancelOrder(Permit permit, OrderResource current) {
        var step = (Step.CancelOrder) permit.step();
        String order = current.order().id();
        return answer(permit, order, () -> orders.computeIfPresent(order, (_, held) -> without(held, step.line())));
    }

    /** As documented: a cancelled line has the quantity 0, and the order is cancelled once all lines are. */
    private static SoftwareOrder without(SoftwareOrder order, @Nullable Integer line) {
        List<SoftwareOrder.Line> lines = order.lines().stream()
                .map(each -> line == null || line.equals(each.number())
                        ? new SoftwareOrder.Line(each.number(), each.offerId(), each.subscription(), 0)
                        : each)
                .toList();
        boolean over = lines.stream().allMatch(SoftwareOrder.Line::isCancelled);
        return new SoftwareOrder(order.id(), over ? "cancelled" : "completed", order.billingCycle(), lines);
    }

    /** From now on everything that took effect is to be read. */
    void catchUp() {
        lagging = false;
        notShownYet.forEach(Runnable::run);
        notShownYet.clear();
    }

    @Override
    public Call cancelAzureSubscription(Permit permit) {
        var step = (Step.CancelAzureSubscription) permit.step();
        return answer(
                permit,
                step.entitlement(),
                () -> azure.computeIfPresent(
                        step.plan(),
                        (_, all) -> all.stream()
                                .map(each -> each.entitlement().equals(step.entitlement())
                                        ? new AzureSubscription(each.entitlement(), each.name(), "inactive")
                                        : each)
                                .toList()));
    }

    @Override
    public Call removeResellerRelationship(Permit permit) {
        return answer(permit, permit.customerId().value(), () -> unlinked.add(permit.customerId()));
    }

    @Override
    public boolean canSignIn(Denial signIn) {
        return !withoutSignIn.contains(signIn);
    }

    private Call answer(Permit permit, String target, Runnable effect) {
        Trouble now = trouble.remove(target);
        if (now == Trouble.LATE) {
            return new Call.NotSent(Call.NotSent.Cause.LATE, "too late");
        }
        calls.add(permit);
        if (deleted.contains(target) || unlinked.contains(permit.customerId())) {
            callsAfterTheEffect.add(permit);
        }
        AtomicInteger atOnce = underWay.computeIfAbsent(permit.customerId(), _ -> new AtomicInteger());
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            whileCalled.accept(permit);
            if (now == null || now == Trouble.LOST_AFTER_THE_EFFECT || now == Trouble.ACCEPTED) {
                if (lagging) {
                    notShownYet.add(effect);
                } else {
                    effect.run();
                }
            }
        } finally {
            atOnce.decrementAndGet();
        }
        Answer answer = answer(now == null ? 200 : 0);
        String body = permit.step() instanceof Step.ChangeSubscription ? "{\"id\":\"%s\"}".formatted(target) : "";
        return new Call.Sent(
                switch (now) {
                    case null -> new Reply.Done(answer, body);
                    case LOST_AFTER_THE_EFFECT, LOST_BEFORE_THE_EFFECT -> new Reply.Lost(answer);
                    case THROTTLED -> new Reply.Throttled(answer(429), java.time.Duration.ofSeconds(1));
                    case ACCEPTED, ACCEPTED_FOR_LATER ->
                        new Reply.Accepted(answer(202), "/customers/c/subscriptions/s");
                    case WINDOW_CLOSED -> new Reply.Declined(answer(400), Reply.Declined.Meaning.WINDOW_CLOSED);
                    case CUSTOMER_ACCESS -> new Reply.Denied(answer(403), Denial.CUSTOMER_ACCESS);
                    case STALE -> new Reply.Stale(answer(400));
                    case BUSY -> new Reply.Busy(answer(409), java.time.Duration.ofMinutes(2));
                    case DECLINED -> new Reply.Declined(answer(400), Reply.Declined.Meaning.OTHER);
                    case LATE -> throw new IllegalStateException("not sent");
                });
    }

    private static Answer answer(int status) {
        return new Answer(status, null, "words", status >= 300 ? "What to do about " + status + "." : "", null, null);
    }
}
