package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.CustomerPage;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SimulatedClient;
import dev.offramp.partnercenter.SubscriptionResource;
import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.CustomerBuilder;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.simulator.ScenarioBuilder;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.World;
import dev.offramp.testing.Worlds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One node that works in many worlds at once: each customer lives in one of them, and the real client asks that world's
 * simulator. So the worlds share a ledger, a job repository and every look of the dispatcher, and cost little.
 */
final class ManyWorlds implements AutoCloseable {

    static final ManyWorlds NONE = new ManyWorlds(List.of());

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<Place> places;

    private ManyWorlds(List<Place> places) {
        this.places = places;
    }

    /** Simulators that begin now, one in each world, with the same scenario. */
    static ManyWorlds of(Router router, SettableClock clock, BiConsumer<ScenarioBuilder, Place> sentence) {
        List<Place> places = new ArrayList<>();
        for (World world : Worlds.ofThisBuild()) {
            var place = new Place(world, router, NUMBER.incrementAndGet());
            places.add(place);
            place.begin(clock, sentence);
        }
        return new ManyWorlds(List.copyOf(places));
    }

    List<Place> places() {
        return places;
    }

    /** What differs from the expectation in each world, a line each. */
    List<String> differences(Function<Place, Object> expected, Function<Place, Object> actual) {
        List<String> differences = new ArrayList<>();
        for (Place place : places) {
            var wished = expected.apply(place);
            var is = actual.apply(place);
            if (!wished.equals(is)) {
                differences.add("expected %s, was %s in %s".formatted(wished, is, place));
            }
        }
        return differences;
    }

    /** The same in every world. */
    List<String> differences(Object expected, Function<Place, Object> actual) {
        return differences((Function<Place, Object>) _ -> expected, actual);
    }

    /** One world with its simulator and the client that asks it. */
    static final class Place {

        final World world;
        private final Router router;
        private final int number;
        private @Nullable PartnerCenterSimulator running;
        private @Nullable PartnerCenter client;

        private Place(World world, Router router, int number) {
            this.world = world;
            this.router = router;
            this.number = number;
        }

        private void begin(SettableClock clock, BiConsumer<ScenarioBuilder, Place> sentence) {
            var scenario = world.appliedTo(Scenario.builder()
                    .named(world.name())
                    .partnerTenant(Admissions.PARTNER.value())
                    .accessTokensLive(Duration.ofDays(3000)));
            sentence.accept(scenario, this);
            running = PartnerCenterSimulator.start(scenario.build(), 0, clock);
            client = SimulatedClient.of(running, clock);
        }

        PartnerCenterSimulator simulator() {
            return Objects.requireNonNull(running);
        }

        private PartnerCenter client() {
            return Objects.requireNonNull(client);
        }

        /** Each world has a source of its own, so that what is counted by source is counted by world. */
        String source() {
            return "/contoso/world-" + number;
        }

        /** The customer with this name in this world. */
        CustomerId customer(String name) {
            var customer = Admissions.customer(name + " in " + number);
            router.places.put(customer, this);
            return customer;
        }

        /** The one subscription, or another one, of the customer with this name. */
        SubscriptionId subscription(String name) {
            return Admissions.subscription(name + " in " + number);
        }

        /** The customer of this name, with what the sentence gives it. */
        void holds(ScenarioBuilder scenario, String name, UnaryOperator<CustomerBuilder> sentence) {
            var customer = customer(name);
            scenario.customer(name, each -> sentence.apply(each.id(customer.value())));
        }

        /** What is true of a customer, whatever reads still show. */
        JsonNode truth(String name) {
            return simulator().stateOf(customer(name).value()).path("customers").path(0);
        }

        /** The true status of the customer's subscriptions, in order. */
        List<String> statuses(String name) {
            return truth(name)
                    .path("subscriptions")
                    .valueStream()
                    .map(each -> each.path("status").asString())
                    .toList();
        }

        /** The changes that were asked of the customer, in order of arrival. */
        List<String> calls(String name) {
            var customer = customer(name).value();
            return simulator().calls().stream()
                    .filter(each -> each.customer().equals(customer))
                    .map(each -> each.operation().word())
                    .toList();
        }

        List<String> repeated() {
            return CallChecker.repeatedAfterEffect(simulator().calls());
        }

        @Override
        public String toString() {
            return world.words();
        }
    }

    /** Looks and lets time pass until all are over, or it has looked so often. */
    static void goOn(BatchNode node, List<Request> requests, Predicate<Request> isOver, Duration... steps) {
        for (Duration step : steps) {
            node.work();
            if (requests.stream().map(node::read).allMatch(isOver)) {
                return;
            }
            node.clock.pass(step);
        }
        node.work();
    }

    @Override
    public void close() {
        places.forEach(each -> each.simulator().close());
    }

    /** Sends each question to the world in which its customer lives; a test may come in between. */
    static final class Router implements PartnerCenter {

        private final Map<CustomerId, Place> places = new ConcurrentHashMap<>();

        /** Before a call leaves. */
        volatile Consumer<Permit> whileCalled = _ -> {};

        /** When it has been answered, before anybody knows. */
        volatile Consumer<Permit> whileAnswered = _ -> {};

        void letBe() {
            whileCalled = _ -> {};
            whileAnswered = _ -> {};
        }

        private PartnerCenter of(CustomerId customer) {
            return Objects.requireNonNull(places.get(customer)).client();
        }

        private Call call(Permit permit, Function<PartnerCenter, Call> how) {
            whileCalled.accept(permit);
            var call = how.apply(of(permit.customerId()));
            whileAnswered.accept(permit);
            return call;
        }

        @Override
        public Read<CustomerPage> customers(@Nullable String continuation) {
            throw new UnsupportedOperationException("No operation lists the customers.");
        }

        @Override
        public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription) {
            return of(customer).subscription(customer, subscription);
        }

        @Override
        public Read<Customer> customer(CustomerId customer) {
            return of(customer).customer(customer);
        }

        @Override
        public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
            return of(customer).subscriptions(customer);
        }

        @Override
        public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
            return of(customer).entitlements(customer);
        }

        @Override
        public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
            return of(customer).azureSubscriptions(customer, plan);
        }

        @Override
        public Read<OrderResource> order(CustomerId customer, String order) {
            return of(customer).order(customer, order);
        }

        @Override
        public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
            return of(customer).orders(customer);
        }

        @Override
        public Call changeSubscription(Permit permit, SubscriptionResource current) {
            return call(permit, each -> each.changeSubscription(permit, current));
        }

        @Override
        public Call cancelOrder(Permit permit, OrderResource current) {
            return call(permit, each -> each.cancelOrder(permit, current));
        }

        @Override
        public Call cancelAzureSubscription(Permit permit) {
            return call(permit, each -> each.cancelAzureSubscription(permit));
        }

        @Override
        public Call removeResellerRelationship(Permit permit) {
            return call(permit, each -> each.removeResellerRelationship(permit));
        }

        @Override
        public boolean canSignIn(Denial signIn) {
            return true;
        }
    }
}
