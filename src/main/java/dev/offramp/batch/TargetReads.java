package dev.offramp.batch;

import dev.offramp.ledger.Customers;
import dev.offramp.offboarding.AzureSubscription;
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

    Reading subscription(CustomerId customer, SubscriptionId id) {
        Instant readAt = clock.instant();
        Read<SubscriptionResource> read = partnerCenter.subscription(customer, id);
        if (!(read instanceof Read.Found<SubscriptionResource>(SubscriptionResource found))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        customers.seenAsOurs(customer, "", readAt);
        Subscription subscription = found.subscription();
        return switch (subscription.kind()) {
            case AZURE_PLAN -> azurePlan(readAt, customer, id, found);
            case PERPETUAL_SOFTWARE -> perpetual(readAt, customer, found, subscription.orderId());
            case Kind _ -> known(readAt, found, List.of(), null, true);
        };
    }

    private Reading azurePlan(Instant readAt, CustomerId customer, SubscriptionId plan, SubscriptionResource found) {
        Read<ResourceList<AzureSubscription>> read = partnerCenter.azureSubscriptions(customer, plan);
        if (!(read instanceof Read.Found<ResourceList<AzureSubscription>>(var listed))) {
            return notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        weather.note(read);
        return known(readAt, found, listed.items(), null, listed.complete());
    }

    private Reading perpetual(
            Instant readAt, CustomerId customer, SubscriptionResource found, @Nullable String orderId) {
        if (orderId == null) {
            return known(readAt, found, List.of(), null, true);
        }
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
