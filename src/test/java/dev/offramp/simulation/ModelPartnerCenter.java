package dev.offramp.simulation;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Partner Center as one node sees it: subscriptions and relationships; request ids mean nothing to it, repeats are
 * accepted. Each call may be lost before or after its effect, take effect late, or be declined for a moment; each read
 * may be stale until the effect has spread, and for some seconds even after that.
 */
final class ModelPartnerCenter implements PartnerCenter {

    static final long SECOND = 1_000_000;
    static final long DEADLINE = 60 * SECOND;

    /** Less than lies between two reads that count. */
    private static final long LAG = 12 * SECOND;

    private static final Instant FAR = Instant.parse("2030-01-01T00:00:00Z");
    private static final SubscriptionStatus ACTIVE = SubscriptionStatus.of("active");
    private static final SubscriptionStatus NOBODY_KNOWS = SubscriptionStatus.of("frozen");
    private static final SubscriptionStatus DELETED = SubscriptionStatus.of("deleted");
    private static final Answer OK = new Answer(200, null, "ok", "", null, null);

    private final World world;
    private final Stage stage;
    private final Truth truth;
    private final Stage.Node node;

    /** What this process was answered, by customer: all of it must be durable before the customer's next call. */
    private final Map<CustomerId, List<Truth.Sent>> answered = new java.util.HashMap<>();

    ModelPartnerCenter(World world, Stage.Node node) {
        this.world = world;
        this.node = node;
        stage = world.stage;
        truth = world.truth;
    }

    // Reads

    private <T> Read<T> read(String what, CustomerId customer, Supplier<T> found) {
        stage.step(what);
        world.reads++;
        if (world.happens(12)) {
            stage.sleep(stage.random.nextInt(400_000));
        }
        if (world.strikes(40)) {
            stage.tell("the read fails");
            return stage.random.nextInt(3) == 0
                    ? new Read.Throttled<>(Duration.ofSeconds(2), answer(429))
                    : new Read.Unavailable<>("500", answer(500));
        }
        return sees(customer.value()) ? new Read.NotOurCustomer<>(answer(403)) : new Read.Found<>(found.get());
    }

    private boolean sees(String target) {
        var effect = truth.effects.get(target);
        if (effect == null || stage.now < effect.at) {
            return false;
        }
        if (stage.now < effect.visibleAt) {
            if (stage.random.nextBoolean()) {
                effect.lastStaleRead = stage.now;
                stage.tell("a stale read");
                return false;
            }
            return true;
        }
        if (effect.lagsFrom > 0 && stage.now >= effect.lagsFrom) {
            if (effect.lagsUntil == 0) {
                effect.lagsUntil = stage.now + stage.random.nextLong(LAG);
            }
            if (stage.now <= effect.lagsUntil) {
                effect.lastStaleRead = stage.now;
                stage.tell("a read from a replica that lags behind");
                return false;
            }
        }
        return true;
    }

    @Override
    public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId id) {
        return read("read subscription", customer, () -> {
            boolean deleted = sees(id.value());
            String json = "{\"id\":\"" + id + "\",\"status\":\"" + (deleted ? "deleted" : "active") + "\"}";
            return new SubscriptionResource(subscription(id, deleted), json, null);
        });
    }

    private Subscription subscription(SubscriptionId id, boolean deleted) {
        return new Subscription(
                id,
                "Business Basic",
                deleted ? DELETED : world.restraints.unreadable().contains(id) ? NOBODY_KNOWS : ACTIVE,
                Subscription.Kind.NEW_COMMERCE_LICENCE,
                "CFQ7TTC0LH18:0001:CFQ7TTC0K971",
                world.seatsRead(id),
                !deleted,
                FAR,
                null,
                FAR,
                List.of(),
                null,
                null,
                "order");
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        return read("read customer", customer, () -> new Customer(customer, "Contoso", "contoso.example", "reseller"));
    }

    @Override
    public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
        return read(
                "list subscriptions",
                customer,
                () -> new ResourceList<>(
                        truth.subscriptions.getOrDefault(customer, List.of()).stream()
                                .map(each -> subscription(each, sees(each.value())))
                                .toList(),
                        true));
    }

    @Override
    public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
        return read("list entitlements", customer, () -> new ResourceList<>(List.<Entitlement>of(), true));
    }

    @Override
    public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
        throw new UnsupportedOperationException("There are none.");
    }

    @Override
    public Read<OrderResource> order(CustomerId customer, String order) {
        throw new UnsupportedOperationException("There are none.");
    }

    @Override
    public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
        throw new UnsupportedOperationException("There are none.");
    }

    @Override
    public Read<CustomerPage> customers(@Nullable String continuation) {
        throw new UnsupportedOperationException("No operation lists the customers.");
    }

    @Override
    public boolean canSignIn(Denial signIn) {
        return true;
    }

    // Calls

    @Override
    public Call changeSubscription(Permit permit, SubscriptionResource current) {
        var change = (Step.ChangeSubscription) permit.step();
        return call(permit, change.subscription().value(), "{\"status\":\"deleted\"}");
    }

    @Override
    public Call removeResellerRelationship(Permit permit) {
        return call(permit, permit.customerId().value(), "");
    }

    @Override
    public Call cancelOrder(Permit permit, OrderResource current) {
        throw new UnsupportedOperationException("There are none.");
    }

    @Override
    public Call cancelAzureSubscription(Permit permit) {
        throw new UnsupportedOperationException("There are none.");
    }

    /** What becomes of a call. */
    private enum Fate {
        DONE,
        ACCEPTED,
        LOST_BEFORE_THE_EFFECT,
        LOST_AFTER_THE_EFFECT,
        LATE,
        SLOW,
        SERVER_ERROR_BEFORE_THE_EFFECT,
        SERVER_ERROR_AFTER_THE_EFFECT,
        THROTTLED,
        BUSY,
        STALE,
        NOT_SENT
    }

    private static final Fate[] TROUBLE = {
        Fate.ACCEPTED,
        Fate.LOST_BEFORE_THE_EFFECT,
        Fate.LOST_AFTER_THE_EFFECT,
        Fate.LATE,
        Fate.LATE,
        Fate.LATE,
        Fate.SLOW,
        Fate.SERVER_ERROR_BEFORE_THE_EFFECT,
        Fate.SERVER_ERROR_AFTER_THE_EFFECT,
        Fate.THROTTLED,
        Fate.BUSY,
        Fate.STALE,
        Fate.NOT_SENT
    };

    private Call call(Permit permit, String target, String body) {
        stage.step("about to call");
        if (stage.now * 1000 >= permit.sendBefore()) {
            stage.tell("too late after the gate");
            return new Call.NotSent(Call.NotSent.Cause.LATE, "late");
        }
        var fate = world.strikes(3) ? TROUBLE[stage.random.nextInt(TROUBLE.length)] : Fate.DONE;
        if (fate == Fate.NOT_SENT) {
            return new Call.NotSent(Call.NotSent.Cause.NO_CONNECTION, "no connection");
        }
        var before = answered.computeIfAbsent(permit.customerId(), _ -> new ArrayList<>());
        var sent = world.checks.callLeaves(permit, target, before);
        stage.tell(() -> "calls %s for %s (%s)".formatted(permit.step().word(), target, fate));
        // At the gate a moment ago: all times that count from there count from here, less what was left to send.
        long settled = stage.now
                - SECOND
                + DEADLINE
                + (target.equals(permit.customerId().value()) ? 300 : 120) * SECOND;
        long arrival = stage.now + 10_000 + stage.random.nextInt(300_000);
        long at = switch (fate) {
            case DONE, LOST_AFTER_THE_EFFECT, SERVER_ERROR_AFTER_THE_EFFECT -> arrival;
            case ACCEPTED -> arrival + stage.random.nextLong(90 * SECOND);
            case SLOW -> arrival + stage.random.nextLong(DEADLINE / 2);
            case LATE -> arrival + stage.random.nextLong(settled - arrival);
            default -> Long.MAX_VALUE;
        };
        if (at < Long.MAX_VALUE) {
            long spread = fate == Fate.ACCEPTED
                    ? stage.random.nextLong(30 * SECOND)
                    : stage.random.nextLong(Math.max(1, Math.min(40 * SECOND, settled - at)));
            boolean lags = fate != Fate.ACCEPTED && stage.random.nextInt(2) == 0;
            var effect = new Truth.Effect(at, at + spread, lags ? settled : 0);
            sent.effect = effect;
            world.checks.takesEffect(sent, target);
            var known = truth.effects.get(target);
            if (known == null || known.at > at) {
                truth.effects.put(target, effect);
            }
        }
        var reply = switch (fate) {
            case DONE, SLOW -> new Reply.Done(OK, body);
            case ACCEPTED -> new Reply.Accepted(answer(202), "/later");
            case THROTTLED -> new Reply.Throttled(answer(429), Duration.ofSeconds(2));
            case BUSY -> new Reply.Busy(answer(409), Duration.ofMinutes(2));
            case STALE -> new Reply.Stale(answer(412));
            case SERVER_ERROR_BEFORE_THE_EFFECT, SERVER_ERROR_AFTER_THE_EFFECT -> new Reply.Lost(answer(500));
            case LOST_BEFORE_THE_EFFECT, LOST_AFTER_THE_EFFECT, LATE -> new Reply.Lost(Answer.none("lost"));
            case NOT_SENT -> throw new IllegalStateException("not sent");
        };
        stage.sleep(
                switch (fate) {
                    case SLOW -> at - stage.now + 1000;
                    case LATE, LOST_BEFORE_THE_EFFECT, LOST_AFTER_THE_EFFECT ->
                        stage.random.nextBoolean() ? DEADLINE - SECOND : arrival - stage.now;
                    default -> arrival - stage.now + 1000;
                });
        stage.step("answered");
        before.add(sent);
        return new Call.Sent(reply);
    }

    private static Answer answer(int status) {
        return new Answer(status, null, "words", "", null, null);
    }
}
