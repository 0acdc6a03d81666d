package dev.offramp.batch;

import static dev.offramp.batch.DecisionsInWorldsTests.Case.cancel;
import static dev.offramp.batch.DecisionsInWorldsTests.Case.change;
import static dev.offramp.batch.DecisionsInWorldsTests.Case.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.ManyWorlds.Place;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.simulator.Burst;
import dev.offramp.simulator.CustomerBuilder;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.ScenarioBuilder;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What no document says is a switch of the simulator. Every decision is made end to end in every world, and ends the same
 * in all of them; where the world itself makes the difference, the case has a row for the value that does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsInWorldsTests {

    private static final List<Case> CASES = List.of(
            cancel("cancel in time").of(newCommerce("-1d")).ends("succeeded: done, deleted"),
            cancel("cancel of a deleted one")
                    .of(newCommerce("-1d", "deleted"))
                    .ends("succeeded: already-done, deleted"),
            cancel("cancel too late").of(newCommerce("-20d")).ends("rejected: window-closed, active"),
            cancel("cancel of a suspended one")
                    .of(newCommerce("-1d", "suspended"))
                    .ends("succeeded: done, deleted"),
            cancel("cancel whose answer is lost")
                    .of(newCommerce("-1d"))
                    .with((scenario, at) -> scenario.fault(Fault.on("cancel")
                            .ofSubscription(at.subscription("cancel whose answer is lost")
                                    .value())
                            .cutsOffAfterTheEffect()))
                    .ends("succeeded: done, deleted"),
            cancel("cancel that is lost")
                    .of(newCommerce("-1d"))
                    .with((scenario, at) -> scenario.fault(Fault.on("cancel")
                            .ofSubscription(
                                    at.subscription("cancel that is lost").value())
                            .cutsOffBeforeTheEffect()))
                    .ends("succeeded: done, deleted"),
            cancel("cancel that is throttled")
                    .of(newCommerce("-1d"))
                    .with((scenario, at) -> scenario.burst(new Burst(
                            "subscription",
                            at.customer("cancel that is throttled").value(),
                            1,
                            1,
                            Duration.ofSeconds(2))))
                    .ends("succeeded: done, deleted"),
            cancel("cancel of a marketplace one")
                    .of((held, id) -> held.marketplaceSaas(s -> s.id(id).created("-1d")))
                    .ends("succeeded: done, deleted"),
            cancel("cancel of a trial")
                    .of((held, id) ->
                            held.newCommerceLicence(s -> s.id(id).created("-1d").trial()))
                    .ends("rejected: trial, active"),
            cancel("cancel of a legacy one")
                    .of((held, id) -> held.legacyLicence(s -> s.id(id)))
                    .ends("rejected: wrong-kind, active"),
            cancel("cancel of an Azure plan in use")
                    .of((held, id) ->
                            held.azurePlan(s -> s.id(id).azureSubscription("a0000000-0000-4000-8000-000000000001")))
                    .ends("rejected: azure-subscriptions-active, active"),
            cancel("cancel of an unused Azure plan")
                    .of((held, id) -> held.azurePlan(s -> s.id(id)))
                    .ends("succeeded: done, deleted"),
            cancel("cancel of a savings plan")
                    .of((held, id) -> held.savingsPlan(s -> s.id(id)))
                    .ends("rejected: wrong-kind, active"),
            cancel("cancel of one that is not there").of((held, id) -> held).ends("rejected: subscription-not-found, "),
            cancel("cancel for a customer that is not ours")
                    .of((held, id) -> held.notOurs().newCommerceLicence(s -> s.id(id)))
                    .ends("rejected: not-our-customer, active")
                    // A 404 does not tell whether the customer or the subscription is not there.
                    .where("afterUnlink=404", "rejected: subscription-not-found, active"),
            change(Operation.SUSPEND_SUBSCRIPTION, "suspend of one in force")
                    .of(newCommerce("-20d"))
                    .ends("succeeded: done, suspended"),
            change(Operation.REACTIVATE_SUBSCRIPTION, "reactivate of a suspended one")
                    .of(newCommerce("-20d", "suspended"))
                    .ends("succeeded: done, active"),
            change(Operation.TURN_OFF_AUTO_RENEW, "turn off auto-renewal of one in force")
                    .of(newCommerce("-20d"))
                    .ends("succeeded: done, active"),
            unlink("unlink of an empty one")
                    .of((held, id) -> held.newCommerceLicence(s -> s.id(id).status("deleted")))
                    .ends("succeeded: done, none"),
            unlink("unlink of a busy one").of(newCommerce("-1d")).ends("rejected: active-subscriptions, reseller"),
            unlink("unlink of one with suspended new commerce")
                    .of(newCommerce("-1d", "suspended"))
                    .ends("rejected: suspended-new-commerce, reseller"),
            unlink("unlink of one with a reservation")
                    .of((held, id) -> held.reservation("reservedinstance"))
                    .ends("rejected: reservations, reseller"),
            unlink("unlink of one with a savings plan")
                    .of((held, id) -> held.savingsPlan(s -> s.id(id)))
                    .ends("rejected: savings-plans, reseller"),
            unlink("unlink of one that is not ours")
                    .of((held, id) -> held.notOurs())
                    .ends("rejected: not-our-customer, none"),
            unlink("unlink that cancels before")
                    .of(newCommerce("-1d"))
                    .asking(request -> request.onActiveSubscriptions(OnActiveSubscriptions.CANCEL))
                    .ends("succeeded: done, none"),
            unlink("unlink whose answer is lost")
                    .of((held, id) -> held)
                    .with((scenario, at) -> scenario.fault(Fault.on("unlink")
                            .ofCustomer(
                                    at.customer("unlink whose answer is lost").value())
                            .cutsOffAfterTheEffect()))
                    .ends("succeeded: done, none"),
            // The order of software that keeps this customer is to be seen by the server only.
            unlink("unlink of one that only the server wants to keep")
                    .of((held, id) -> held.perpetualSoftware("a-perpetual-licence"))
                    .ends("succeeded: done, none")
                    .where(
                            "unlinkBlockers=portal-page",
                            "unlinkRefused=400/900141",
                            "rejected: declined-by-partner-center, reseller")
                    .where("unlinkBlockers=portal-page", "unlinkRefused=400/3000", "deferred: busy, reseller")
                    .where(
                            "unlinkBlockers=portal-page",
                            "unlinkRefused=400/800002",
                            "rejected: declined-by-partner-center, reseller")
                    .where(
                            "unlinkBlockers=portal-page",
                            "unlinkRefused=403/2032",
                            "stalled: permission-missing, reseller")
                    .where(
                            "unlinkBlockers=portal-page",
                            "unlinkRefused=409/900278",
                            "deferred: pending-operation, reseller")
                    .where("unlinkBlockers=portal-page", "unlinkRefused=500/900192", "deferred: confirming, reseller"));

    private static BiFunction<CustomerBuilder, String, CustomerBuilder> newCommerce(String created) {
        return newCommerce(created, "active");
    }

    private static BiFunction<CustomerBuilder, String, CustomerBuilder> newCommerce(String created, String status) {
        return (held, id) ->
                held.newCommerceLicence(s -> s.id(id).created(created).status(status));
    }

    /** A request on one customer, and how it ends: status, reason, and what is then true at Partner Center. */
    record Case(
            Operation operation,
            String name,
            BiFunction<CustomerBuilder, String, CustomerBuilder> held,
            BiConsumer<ScenarioBuilder, Place> trouble,
            UnaryOperator<Admissions> asked,
            String end,
            List<Row> rows) {

        /** In worlds with both of these values it ends so instead. */
        record Row(String one, String other, String end) {}

        static Case cancel(String name) {
            return change(Operation.CANCEL_SUBSCRIPTION, name);
        }

        static Case unlink(String name) {
            return change(Operation.REMOVE_RESELLER_RELATIONSHIP, name);
        }

        static Case change(Operation operation, String name) {
            return new Case(operation, name, (held, _) -> held, (_, _) -> {}, UnaryOperator.identity(), "", List.of());
        }

        Case of(BiFunction<CustomerBuilder, String, CustomerBuilder> what) {
            return new Case(operation, name, what, trouble, asked, end, rows);
        }

        Case with(BiConsumer<ScenarioBuilder, Place> what) {
            return new Case(operation, name, held, what, asked, end, rows);
        }

        Case asking(UnaryOperator<Admissions> what) {
            return new Case(operation, name, held, trouble, what, end, rows);
        }

        Case ends(String how) {
            return new Case(operation, name, held, trouble, asked, how, rows);
        }

        Case where(String value, String how) {
            return where(value, value, how);
        }

        Case where(String one, String other, String how) {
            List<Row> more = new ArrayList<>(rows);
            more.add(new Row(one, other, how));
            return new Case(operation, name, held, trouble, asked, end, List.copyOf(more));
        }

        String endIn(World world) {
            return rows.stream()
                    .filter(row -> isIn(world, row.one()) && isIn(world, row.other()))
                    .map(Row::end)
                    .findFirst()
                    .orElse(end);
        }

        private static boolean isIn(World world, String value) {
            String[] parts = value.split("=", 2);
            return String.valueOf(world.switches().get(parts[0])).equals(parts[1]);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final SettableClock clock = new SettableClock(Admissions.START);
    private final ManyWorlds.Router router = new ManyWorlds.Router();
    private final BatchNode node = BatchNode.over(
            TestDatabase.H2.fresh(),
            router,
            clock,
            "offramp.batch.confirm.patience=0s",
            "offramp.safety.budget.customers.remove-reseller-relationship=10000",
            "offramp.safety.budget.customers.suspend-subscription=10000",
            "offramp.safety.budget.customers.reactivate-subscription=10000",
            "offramp.safety.budget.customers.turn-off-auto-renew=10000");
    private final Map<Place, Map<Case, Request>> asked = new LinkedHashMap<>();
    private ManyWorlds worlds;

    /** All worlds at once: they share every look and every batch. */
    @BeforeAll
    void comeToAnEnd() {
        worlds = ManyWorlds.of(router, clock, (scenario, place) -> {
            for (Case each : CASES) {
                place.holds(
                        scenario,
                        each.name(),
                        held -> each.held()
                                .apply(held, place.subscription(each.name()).value()));
                each.trouble().accept(scenario, place);
            }
        });
        List<Request> all = new ArrayList<>();
        for (Place place : worlds.places()) {
            Map<Case, Request> here = new LinkedHashMap<>();
            for (Case each : CASES) {
                Request request = node.admit(admission(each, place));
                here.put(each, request);
                if (!each.rows().isEmpty()) {
                    continue;
                }
                all.add(request);
            }
            asked.put(place, here);
        }
        ManyWorlds.goOn(
                node,
                all,
                Request::isFinal,
                Collections.nCopies(25, Duration.ofSeconds(150)).toArray(Duration[]::new));
    }

    private static Admissions admission(Case each, Place place) {
        Admissions admission = switch (each.operation()) {
            case REMOVE_RESELLER_RELATIONSHIP ->
                Admissions.unlink().of(place.customer(each.name())).expecting(Expectation.NONE);
            default ->
                Admissions.change(each.operation()).of(place.customer(each.name()), place.subscription(each.name()));
        };
        return each.asked().apply(admission.from(place.source()));
    }

    @AfterAll
    void close() {
        worlds.close();
        node.close();
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void endsTheSameWhateverNobodyKnows(Case each) {
        assertThat(worlds.differences(
                        place -> each.endIn(place.world),
                        place -> end(each, node.read(asked.get(place).get(each)), place)))
                .isEmpty();
    }

    private static String end(Case each, Request request, Place place) {
        String truth = each.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                ? place.truth(each.name()).path("relationship").asString()
                : String.join(" ", place.statuses(each.name()));
        return "%s: %s, %s".formatted(request.status().word(), request.reason().word(), truth);
    }

    @Test
    void callsNothingAgainAfterItTookEffect() {
        assertThat(worlds.places())
                .allSatisfy(place -> assertThat(place.repeated()).isEmpty());
        assertThat(node.bugs()).isEmpty();
    }
}
