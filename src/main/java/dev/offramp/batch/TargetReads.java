package dev.offramp.batch;

import dev.offramp.ledger.Customers;
import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SubscriptionResource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a subscription with what its kind needs beside it, and makes facts of whatever comes. */
final class TargetReads {

    private final PartnerCenter partnerCenter;
    private final Customers customers;
    private final Weather weather;
    private final InstantSource clock;

    TargetReads(PartnerCenter partnerCenter, Customers customers, Weather weather, InstantSource clock) {
        this.partnerCenter = partnerCenter;
        this.customers = customers;
        this.weather = weather;
        this.clock = clock;
    }

    /** The subscription with what its kind needs beside it, for which the slots must be reserved. */
    Reading subscription(CustomerId customer, SubscriptionId id, Beside reserved) {
        return subscription(customer, id, (readAt, found) -> {
            Subscription subscription = found.subscription();
            Beside needed = beside(subscription);
            if (needed != reserved && needed != Beside.NOTHING) {
                return new Reading.More(needed, subscription);
            }
            return switch (needed) {
                case AZURE_SUBSCRIPTIONS -> azurePlan(readAt, customer, id, found);
                case ORDER -> perpetual(readAt, customer, found, Objects.requireNonNull(subscription.orderId()));
                case NOTHING -> known(readAt, found, List.of(), null, true);
            };
        });
    }

    private static Beside beside(Subscription subscription) {
        return switch (subscription.kind()) {
            case AZURE_PLAN -> Beside.AZURE_SUBSCRIPTIONS;
            case PERPETUAL_SOFTWARE -> subscription.orderId() == null ? Beside.NOTHING : Beside.ORDER;
            case Kind _ -> Beside.NOTHING;
        };
    }

    /** The subscription and nothing beside it: enough to see what became of it. */
    Reading alone(CustomerId customer, SubscriptionId id) {
        return subscription(customer, id, TargetReads::withoutMore);
    }

    /** The same, at the place that a 202 named. */
    Reading aloneAt(CustomerId customer, SubscriptionId id, String location) {
        Instant readAt = clock.instant();
        return subscription(
                customer, partnerCenter.subscriptionAt(customer, id, location), TargetReads::withoutMore, readAt);
    }

    private static Reading withoutMore(Instant readAt, SubscriptionResource found) {
        return known(readAt, found, List.of(), null, found.subscription().kind() != Kind.AZURE_PLAN);
    }

    /** The same with the customer, read beside it; there is one when the target was found. */
    Reading withCustomer(CustomerId customer, Reading.Known known) {
        Instant readAt = clock.instant();
        Read<Customer> read = partnerCenter.customer(customer);
        if (!(read instanceof Read.Found<Customer>(Customer found))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        return known.with(found);
    }

    /** The order that a request names. */
    Reading order(CustomerId customer, String orderId) {
        Instant readAt = clock.instant();
        Read<OrderResource> read = partnerCenter.order(customer, orderId);
        if (!(read instanceof Read.Found<OrderResource>(OrderResource order))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        customers.seenAsOurs(customer, "", readAt);
        return new Reading.Known(new Facts.OfOrder(readAt, order.order()), Map.of(), order);
    }

    /** The Azure subscriptions under a plan. */
    Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
        return partnerCenter.azureSubscriptions(customer, plan);
    }

    private Reading subscription(
            CustomerId customer, SubscriptionId id, BiFunction<Instant, SubscriptionResource, Reading> with) {
        Instant readAt = clock.instant();
        return subscription(customer, partnerCenter.subscription(customer, id), with, readAt);
    }

    private Reading subscription(
            CustomerId customer,
            Read<SubscriptionResource> read,
            BiFunction<Instant, SubscriptionResource, Reading> with,
            Instant readAt) {
        if (!(read instanceof Read.Found<SubscriptionResource>(SubscriptionResource found))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        customers.seenAsOurs(customer, "", readAt);
        return with.apply(readAt, found);
    }

    private Reading azurePlan(Instant readAt, CustomerId customer, SubscriptionId plan, SubscriptionResource found) {
        Read<ResourceList<AzureSubscription>> read = partnerCenter.azureSubscriptions(customer, plan);
        if (!(read instanceof Read.Found<ResourceList<AzureSubscription>>(var listed))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        return known(readAt, found, listed.items(), null, listed.complete());
    }

    private Reading perpetual(Instant readAt, CustomerId customer, SubscriptionResource found, String orderId) {
        Read<OrderResource> read = partnerCenter.order(customer, orderId);
        if (read instanceof Read.Missing<OrderResource>) {
            weather.note(read);
            return known(readAt, found, List.of(), null, true);
        }
        if (!(read instanceof Read.Found<OrderResource>(OrderResource order))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        return known(readAt, found, List.of(), order, true);
    }

    private static Reading known(
            Instant readAt,
            SubscriptionResource found,
            List<AzureSubscription> azure,
            @Nullable OrderResource order,
            boolean complete) {
        Facts facts = new Facts.OfSubscription(
                readAt, found.subscription(), azure, order == null ? null : order.order(), complete);
        SubscriptionId id = found.subscription().id();
        return new Reading.Known(facts, id == null ? Map.of() : Map.of(id, found), order);
    }

    /** What came instead of a resource; {@code notOurs} says what "not our customer" means here. */
    <T> Reading notFound(Instant readAt, Read<T> read, Function<Answer, Facts> notOurs) {
        weather.note(read);
        return switch (read) {
            case Read.Found<T> _ -> throw new IllegalStateException("a resource that was found is not missing");
            case Read.Missing<T> missing ->
                Reading.Known.of(
                        switch (missing.what()) {
                            case SUBSCRIPTION, ORDER ->
                                new Facts.NoSubscription(
                                        readAt, missing.answer().words());
                            case CUSTOMER ->
                                new Facts.NoCustomer(readAt, missing.answer().words());
                        });
            case Read.NotOurCustomer<T> foreign -> Reading.Known.of(notOurs.apply(foreign.answer()));
            case Read.Unreadable<T> unreadable -> Reading.Known.of(new Facts.Unreadable(readAt, unreadable.what()));
            case Read.Throttled<T> slow -> new Reading.Throttled(slow.retryAfter(), slow.answer());
            case Read.Denied<T> denied -> new Reading.Denied(denied.denial(), denied.answer());
            case Read.Unavailable<T> silent -> new Reading.Unavailable(silent.cause(), silent.answer());
        };
    }
}
