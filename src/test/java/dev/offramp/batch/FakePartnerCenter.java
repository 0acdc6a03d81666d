package dev.offramp.batch;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Operation;
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
        String status = deleted.contains(id.value()) ? "deleted" : "active";
        String json = "{\"id\":\"%s\",\"status\":\"%s\"}".formatted(id, status);
        return new Read.Found<>(new SubscriptionResource(subscription(id, status), json, null));
    }

    private static Subscription subscription(SubscriptionId id, String status) {
        return new Subscription(
                id,
                "Business Basic",
                SubscriptionStatus.of(status),
                Subscription.Kind.NEW_COMMERCE_LICENCE,
                "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
                25,
                true,
                Instant.parse("2030-01-01T00:00:00Z"),
                null,
                Instant.parse("2030-06-01T00:00:00Z"),
                List.of(),
                null,
                null,
                null);
    }

    @Override
    public Read<CustomerPage> customers(@Nullable String continuation) {
        throw new UnsupportedOperationException("No operation lists the customers.");
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        reads.incrementAndGet();
        if (down) {
            return new Read.Unavailable<>("500", answer(500));
        }
        if (unlinked.contains(customer)) {
            return new Read.NotOurCustomer<>(answer(403));
        }
        return new Read.Found<>(new Customer(customer, "Contoso", "contoso.example", "reseller"));
    }

    @Override
    public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
        return new Read.Found<>(new ResourceList<>(
                active.contains(customer)
                        ? List.of(subscription(SubscriptionId.of(customer.value()), "active"))
                        : List.of(),
                true));
    }

    @Override
    public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
        return new Read.Found<>(new ResourceList<>(List.of(), true));
    }

    @Override
    public Call changeSubscription(Permit permit, SubscriptionResource current) {
        String target = current.subscription().id().value();
        return answer(permit, target, () -> deleted.add(target));
    }

    @Override
    public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
    }

    @Override
    public Read<OrderResource> order(CustomerId customer, String order) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
    }

    @Override
    public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
    }

    @Override
    public Call cancelOrder(Permit permit, OrderResource current) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
    }

    @Override
    public Call cancelAzureSubscription(Permit permit) {
        throw new UnsupportedOperationException("Nothing here asks for it.");
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
            if (now == null || now == Trouble.LOST_AFTER_THE_EFFECT) {
                effect.run();
            }
        } finally {
            atOnce.decrementAndGet();
        }
        Answer answer = answer(now == null ? 200 : 0);
        String body = permit.operation() == Operation.CANCEL_SUBSCRIPTION ? "{\"status\":\"deleted\"}" : "";
        return new Call.Sent(
                switch (now) {
                    case null -> new Reply.Done(answer, body);
                    case LOST_AFTER_THE_EFFECT, LOST_BEFORE_THE_EFFECT -> new Reply.Lost(answer);
                    case THROTTLED -> new Reply.Throttled(answer(429), java.time.Duration.ofSeconds(1));
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
