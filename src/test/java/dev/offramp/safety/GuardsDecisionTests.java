package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.Definitions.NO_JOBS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.Budgets.Reservation;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** In which order the guards are asked, what each of them says, and what is counted. Two customers fit into the budget. */
class GuardsDecisionTests {

    private static final Step UNLINK = new Step.RemoveRelationship();
    private static final String USED_UP =
            "The budget of remove-reseller-relationship allows 2 customers in 24 h; 2 are used.";
    private static final String OTHERS_FIRST = "Others go first.";
    private static final String DECIDE =
            "Check that these are the right customers, then decide: bin/offramp held list.";
    private static final String COOLS_OFF =
            "It cools off for 1 h after it was admitted; until 2026-11-20T09:15:30Z it can still be withdrawn.";

    private static final Exceeded EXCEEDED = new Exceeded(
            new Budget(
                    new Scope(Scope.Kind.OPERATION, "remove-reseller-relationship"),
                    Unit.CUSTOMERS,
                    Limit.of(2),
                    new Period.Sliding(Duration.ofHours(24))),
            2,
            2);

    private static final PlanRule PLAN_7 = new PlanRule(
            Set.of(Operation.REMOVE_RESELLER_RELATIONSHIP),
            _ -> Optional.of(new Plans.Planned(7, List.of("unlink"), "facts")));

    private final FakeLedger ledger = new FakeLedger();
    private final Spent budgets = new Spent();
    private final OpenBursts bursts = new OpenBursts();
    private final First canaries = new First();
    private CoolingOff coolingOff = CoolingOff.NONE;
    private PlanRule plans = PlanRule.NONE;
    private ProtectedDomains domains = ProtectedDomains.NONE;
    private long number;

    @Test
    void holdsTheFirstThatDoesNotFitForTheBudgetAndTheRestForItsBurst() {
        var all = List.of(unlinkOf("a"), unlinkOf("b"), unlinkOf("a"), unlinkOf("c"), unlinkOf("d"), unlinkOf("a"));

        var held = guards().hold(all, START);

        assertThat(held)
                .extracting(
                        each -> each.request().number(),
                        each -> each.resolution().reason())
                .containsExactly(
                        tuple(4L, Reason.BUDGET_EXCEEDED),
                        tuple(5L, Reason.BURST_ON_HOLD),
                        tuple(6L, Reason.BURST_ON_HOLD));
        assertThat(held.getFirst().resolution().message()).isEqualTo(USED_UP);
        assertThat(held.get(1).resolution().message()).endsWith("did not fit into a budget: " + USED_UP);
        assertThat(held)
                .allSatisfy(
                        each -> assertThat(each.resolution().details().advice()).isEqualTo(DECIDE));
        assertThat(bursts.told)
                .containsExactly(
                        "locked [REMOVE_RESELLER_RELATIONSHIP]", "opened by 4 in order at 2026-11-20T08:15:30Z");
    }

    @Test
    void holdsForAnOpenBurstWhatComesLaterWithoutAskingTheBudget() {
        bursts.open(unlinkOf("x"), EXCEEDED, true, START);

        assertThat(guards().hold(List.of(unlinkOf("a")), START))
                .singleElement()
                .satisfies(each -> assertThat(each.resolution().reason()).isEqualTo(Reason.BURST_ON_HOLD));
        assertThat(guards().hold(List.of(keep(unlink().of(customer("b")).inGroup("another"))), START))
                .as("another group")
                .isEmpty();
    }

    @Test
    void holdsWhatIsProtectedBeforeAllElseSoThatItCostsNothing() {
        bursts.open(unlinkOf("x"), EXCEEDED, true, START);
        canaries.waiting.add(customer("protected"));

        assertThat(guards().hold(List.of(unlinkOf("protected")), START))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.resolution().reason()).isEqualTo(Reason.PROTECTED_CUSTOMER);
                    assertThat(each.resolution().message())
                            .isEqualTo("Customer %s is on the protected list.".formatted(customer("protected")));
                    assertThat(each.resolution().details().advice()).startsWith("Reject it, or take the customer off");
                });
        assertThat(budgets.counted).isEmpty();
    }

    @Test
    void holdsWhatWaitsForTheFirstWithoutCountingIt() {
        canaries.waiting.add(customer("b"));
        var all = List.of(unlinkOf("a"), unlinkOf("b"), unlinkOf("c"));

        assertThat(guards().hold(all, START)).singleElement().satisfies(each -> {
            assertThat(each.request()).isEqualTo(all.get(1));
            assertThat(each.resolution().reason()).isEqualTo(Reason.CANARY);
            assertThat(each.resolution().message()).isEqualTo(OTHERS_FIRST);
            assertThat(each.resolution().details().advice()).startsWith("It goes on by itself");
        });
        assertThat(budgets.counted).containsExactlyInAnyOrder(customer("a"), customer("c"));
    }

    @Test
    void locksOnceForAllThatAreGuardedBeforeItAsksAnyOfThem() {
        var guarded = unlinkOf("a");
        guards().hold(List.of(keep(unlink().planOnly()), guarded, keep(unlink().observed())), START);

        assertThat(canaries.locked).containsExactly(guarded);
    }

    @Test
    void leavesAloneWhatHasATryWhatIsOnlyReadAndWhatChangesNothing() {
        var sent = unlinkOf("protected");
        ledger.sent(sent, "unlink", ReplyKind.THROTTLED, 429, null);
        var plan = keep(unlink().of(customer("protected")).planOnly());
        var observed = keep(unlink().of(customer("protected")).observed());
        var withdraw = keep(Admissions.withdraw("x").of(customer("protected")));

        assertThat(guards().hold(List.of(sent, plan, observed, withdraw), START))
                .isEmpty();
        assertThat(guards().foresee(List.of(plan, observed, withdraw), START))
                .as("a plan that is applied makes them live")
                .containsOnlyKeys(plan.number(), observed.number());
    }

    @Test
    void letsWhatAnApprovedPlanCarriesGoPastBudgetsBurstsAndCanaries() {
        plans = PLAN_7;
        bursts.open(unlinkOf("x"), EXCEEDED, true, START);
        budgets.counted.addAll(Set.of(customer("full"), customer("too")));
        canaries.waiting.add(customer("a"));
        var planned = keep(unlink().of(customer("a")).ofPlan(7));

        assertThat(guards().hold(List.of(planned), START)).isEmpty();
        assertThat(budgets.counted).contains(customer("a"));
        assertThat(guards().reserve(planned, UNLINK, null, START)).isEmpty();
        assertThat(budgets.reserved).containsExactly(planned.number() + " unlink");
    }

    @Test
    void keepsWhatAnApprovedPlanCarriesFromTheProtectedFromOtherStepsAndFromBeingEarly() {
        plans = PLAN_7;
        var kept = keep(unlink().of(customer("protected")).ofPlan(7));
        assertThat(guards().hold(List.of(kept), START)).hasSize(1);
        assertKept(
                kept,
                Reason.PROTECTED_CUSTOMER,
                "Customer %s is on the protected list.".formatted(customer("protected")));

        var planned = keep(unlink().of(customer("a")).ofPlan(7));
        Step other = new Step.ChangeSubscription(subscription("s"), Change.CANCEL, false);
        assertThat(guards().reserve(planned, other, null, START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.FACTS_CHANGED));
        assertThat(guards().drifted(planned, "facts")).isEmpty();
        assertThat(guards().drifted(planned, "others")).isPresent();

        coolingOff = CoolingOff.USUAL;
        assertThat(guards().reserve(planned, UNLINK, null, START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.COOLING_OFF));
        coolingOff = CoolingOff.NONE;
        budgets.reservation = new Reservation.UsedUp(EXCEEDED);
        assertKept(planned, Reason.BUDGET_EXCEEDED, USED_UP);

        ledger.sent(planned, "cancel:s", ReplyKind.DONE, 200, null);
        assertThat(guards().reserve(planned, other, null, START))
                .as("what is begun is not rejected")
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.PLAN_NEEDED));
        assertThat(budgets.reserved).as("only what got so far").containsExactly(planned.number() + " unlink");
    }

    @Test
    void holdsWhatNeedsAPlanBeforeItCostsAnything() {
        plans = PLAN_7;
        var alone = unlinkOf("a");
        String sentence =
                "remove-reseller-relationship is carried out by an approved plan only (offramp.safety.plan.required).";

        assertThat(guards().hold(List.of(alone), START))
                .singleElement()
                .satisfies(each -> assertThat(each.resolution().reason()).isEqualTo(Reason.PLAN_NEEDED));
        assertThat(budgets.counted).isEmpty();
        assertKept(alone, Reason.PLAN_NEEDED, sentence);
        assertThat(budgets.reserved).isEmpty();
        assertThat(guards().foresee(List.of(alone), START))
                .isEqualTo(Map.of(alone.number(), "plan-needed: " + sentence));
        assertThat(guards().wouldHold(alone, null, START)).contains("plan-needed");
    }

    @Test
    void letsGoBeyondTheBudgetWhatAPersonReleasedAndCountsIt() {
        var released = Given.released(unlinkOf("c"), Reason.BUDGET_EXCEEDED, USED_UP);
        var ofTheBurst = Given.released(unlinkOf("d"), Reason.BURST_ON_HOLD, "The rest.");

        assertThat(guards().hold(List.of(unlinkOf("a"), unlinkOf("b"), released, ofTheBurst), START))
                .isEmpty();
        assertThat(budgets.counted).hasSize(4);
    }

    @Test
    void keepsTheEffectOfWhatWasBegun() {
        var begun = Given.begun(unlinkOf("protected"), Effect.PARTIAL);
        assertThat(guards().reserve(begun, UNLINK, null, START))
                .hasValueSatisfying(each -> assertThat(each.effect()).isEqualTo(Effect.PARTIAL));

        canaries.waiting.add(customer("a"));
        assertThat(guards().reserve(Given.begun(unlinkOf("a"), Effect.PARTIAL), UNLINK, null, START))
                .hasValueSatisfying(each -> assertThat(each.effect()).isEqualTo(Effect.PARTIAL));
    }

    @Test
    void asksForThePermitOnlyAfterProtectionBurstDelayAndThoseThatGoFirst() {
        budgets.reservation = new Reservation.UsedUp(EXCEEDED);
        var request = unlinkOf("a");
        assertKept(request, Reason.BUDGET_EXCEEDED, USED_UP);

        canaries.waiting.add(customer("a"));
        assertKept(request, Reason.CANARY, OTHERS_FIRST);

        coolingOff = CoolingOff.USUAL;
        assertKept(request, Reason.COOLING_OFF, COOLS_OFF);

        bursts.open(unlinkOf("x"), EXCEEDED, false, START);
        assertThat(guards().reserve(request, UNLINK, null, START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.BURST_ON_HOLD));

        assertThat(guards().reserve(unlinkOf("protected"), UNLINK, null, START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.PROTECTED_CUSTOMER));
        assertThat(budgets.reserved).containsExactly("1 unlink");
    }

    @Test
    void reservesThePermitOrSaysWhatABurstSaid() {
        assertThat(guards().reserve(unlinkOf("a"), UNLINK, null, START)).isEmpty();

        budgets.reservation = new Reservation.OnHold(new Burst.Hold(Reason.BURST_ON_HOLD, "The rest of it."));
        assertKept(unlinkOf("a"), Reason.BURST_ON_HOLD, "The rest of it.");
    }

    @Test
    void protectsByDomainWhomItsIdDoesNot() {
        domains = ProtectedDomains.of(List.of("contoso.example"));
        var request = unlinkOf("a");

        assertThat(guards().protection(request, profile("fabrikam.example"))).isEmpty();
        assertThat(guards().protection(request, profile("contoso.example"))).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(Reason.PROTECTED_CUSTOMER);
            assertThat(each.message())
                    .isEqualTo(
                            "Customer %s is on the protected list: its domain contoso.example stands there as contoso.example."
                                    .formatted(customer("a")));
        });
        assertThat(guards().protection(request, null)).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(Reason.UNKNOWN_STATE);
            assertThat(each.message())
                    .isEqualTo(
                            "Whether customer %s is protected cannot be told: no domain of the customer could be read."
                                    .formatted(customer("a")));
            assertThat(each.details().advice()).startsWith("Look at the customer in Partner Center");
        });
        assertThat(guards().protection(unlinkOf("protected"), profile("fabrikam.example")))
                .hasValueSatisfying(each -> assertThat(each.message()).endsWith("is on the protected list."));
        assertThat(guards().reserve(request, UNLINK, profile("contoso.example"), START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.PROTECTED_CUSTOMER));
        assertThat(budgets.reserved).isEmpty();
    }

    @Test
    void asksForAProfileOnlyWhereADomainIsProtectedAndSomethingIsDone() {
        assertThat(guards().asksForProfile(unlinkOf("a"))).isFalse();
        domains = ProtectedDomains.of(List.of("contoso.example"));
        assertThat(guards().asksForProfile(unlinkOf("a"))).isTrue();
        assertThat(guards().asksForProfile(keep(Admissions.withdraw("x")))).isFalse();
    }

    @Test
    void namesEveryGuardThatWouldHoldIt() {
        var request = unlinkOf("protected");
        assertThat(guards().wouldHold(unlinkOf("a"), null, START)).isEmpty();

        budgets.counted.addAll(Set.of(customer("x"), customer("y")));
        canaries.waiting.add(customer("protected"));
        assertThat(guards().wouldHold(request, null, START))
                .containsExactly("protected-customer", "canary", "budget-exceeded");
        assertThat(guards().wouldHold(Given.released(request, Reason.BUDGET_EXCEEDED, USED_UP), null, START))
                .containsExactly("protected-customer", "canary");

        bursts.open(request, EXCEEDED, true, START);
        assertThat(guards().wouldHold(request, null, START))
                .as("its own breach is said once")
                .containsExactly("protected-customer", "budget-exceeded", "canary");
        assertThat(guards().wouldHold(unlinkOf("a"), null, START)).containsExactly("burst-on-hold", "budget-exceeded");
    }

    @Test
    void namesProtectionByDomainAmongWhatWouldHoldIt() {
        domains = ProtectedDomains.of(List.of("contoso.example"));

        assertThat(guards().wouldHold(unlinkOf("a"), profile("contoso.example"), START))
                .containsExactly("protected-customer");
        assertThat(guards().wouldHold(unlinkOf("a"), profile("fabrikam.example"), START))
                .isEmpty();
    }

    @Test
    void foreseesWhatWouldHoldOrPutOffEachIfAllWereBegunNow() {
        coolingOff = CoolingOff.USUAL;
        var first = unlinkOf("a");
        var protectedOne = unlinkOf("protected");
        var second = unlinkOf("b");
        var third = unlinkOf("c");
        var fourth = unlinkOf("a");
        var released = Given.released(unlinkOf("d"), Reason.BUDGET_EXCEEDED, USED_UP);

        assertThat(guards().foresee(List.of(first, protectedOne, second, third, fourth, released), START))
                .isEqualTo(Map.of(
                        first.number(),
                        "cooling-off: " + COOLS_OFF,
                        protectedOne.number(),
                        "protected-customer: Customer %s is on the protected list.".formatted(customer("protected")),
                        second.number(),
                        "cooling-off: " + COOLS_OFF,
                        third.number(),
                        "budget-exceeded: " + USED_UP,
                        fourth.number(),
                        "burst-on-hold: Request %d before it would not fit into a budget.".formatted(third.number()),
                        released.number(),
                        "cooling-off: " + COOLS_OFF));
        assertThat(bursts.told).as("nothing is opened").isEmpty();
    }

    @Test
    void foreseesWhoWouldWaitForOthersAndWhatABurstHoldsAlready() {
        canaries.waiting.add(customer("a"));
        var waits = unlinkOf("a");
        var goes = unlinkOf("b");
        assertThat(guards().foresee(List.of(waits, goes), START))
                .isEqualTo(Map.of(waits.number(), "canary: " + OTHERS_FIRST));

        bursts.open(goes, EXCEEDED, true, START);
        assertThat(guards().foresee(List.of(waits, goes), START))
                .isEqualTo(Map.of(
                        goes.number(), "budget-exceeded: " + USED_UP, waits.number(), "canary: " + OTHERS_FIRST));
    }

    @Test
    void putsOffWhatMayNotBeBegunYet() {
        coolingOff = CoolingOff.USUAL;

        assertThat(guards().delay(unlinkOf("a"), START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.COOLING_OFF));
        assertThat(guards().delay(keep(cancel()), START)).isEmpty();
    }

    private void assertKept(Request request, Reason reason, String sentence) {
        assertThat(guards().reserve(request, UNLINK, null, START)).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(reason);
            assertThat(each.message()).isEqualTo(sentence);
        });
    }

    private Guards guards() {
        var list = new ProtectedList(Set.of(customer("protected")), domains);
        return new Guards(
                new ProtectedCustomers(() -> list, Admissions.PARTNER),
                bursts,
                canaries,
                budgets,
                new Delays(coolingOff, FreezeCalendar.EMPTY, NO_JOBS, _ -> Optional.empty()),
                ledger.attempts(),
                plans);
    }

    private Request unlinkOf(String customer) {
        return keep(unlink().of(customer(customer)));
    }

    private Request keep(Admissions admission) {
        return ledger.keep(Given.request(++number, admission));
    }

    private static Customer profile(String domain) {
        return new Customer(customer("a"), "A", domain, "reseller");
    }

    /** Two customers fit. */
    private static final class Spent implements Budgets {

        private final Set<CustomerId> counted = new HashSet<>();
        private final List<String> reserved = new ArrayList<>();
        private Reservation reservation = new Reservation.Reserved();

        @Override
        public Reservation reserve(Request request, String step, Instant now) {
            reserved.add(request.number() + " " + step);
            return reservation;
        }

        @Override
        public Forecast forecast(Instant now) {
            return new Forecast() {
                @Override
                public Optional<Exceeded> exceeded(Request request) {
                    return counted.contains(request.customerId()) || counted.size() < 2
                            ? Optional.empty()
                            : Optional.of(EXCEEDED);
                }

                @Override
                public void count(Request request) {
                    counted.add(request.customerId());
                }
            };
        }

        @Override
        public List<Standing> list(Instant now) {
            return List.of();
        }
    }

    /** Bursts in memory. */
    private final class OpenBursts implements Bursts {

        private final Map<Rest, Burst> open = new HashMap<>();
        private final List<String> told = new ArrayList<>();

        @Override
        public Optional<Burst> of(Request request) {
            return Optional.ofNullable(open.get(Rest.of(request)));
        }

        @Override
        public boolean isAttempted(Request request) {
            return !ledger.tries(request).isEmpty();
        }

        @Override
        public void lock(Set<Operation> operations) {
            told.add("locked " + EnumSet.copyOf(operations));
        }

        @Override
        public void open(Request request, Exceeded exceeded, boolean inOrder, Instant now) {
            told.add("opened by %d %s at %s".formatted(request.number(), inOrder ? "in order" : "at its permit", now));
            var rest = Rest.of(request);
            open.putIfAbsent(
                    rest,
                    new Burst(
                            rest.inWords(),
                            now,
                            request.number(),
                            request.key().toString(),
                            exceeded.sentence(),
                            inOrder));
        }

        @Override
        public List<Open> list() {
            return List.of();
        }

        @Override
        public boolean end(Rest rest, String who, String cause, Instant now) {
            return false;
        }

        @Override
        public int endFinished(Instant now) {
            return 0;
        }
    }

    /** Some wait for others. */
    private static final class First implements Canaries {

        private final Set<CustomerId> waiting = new HashSet<>();
        private final List<Request> locked = new ArrayList<>();

        @Override
        public Optional<String> hold(Request request, Instant now) {
            return wouldHold(request, now);
        }

        @Override
        public Optional<String> wouldHold(Request request, Instant now) {
            return waiting.contains(request.customerId()) ? Optional.of(OTHERS_FIRST) : Optional.empty();
        }

        @Override
        public void lock(Collection<Request> requests, Instant now) {
            locked.addAll(requests);
        }

        @Override
        public int review(Instant now, BooleanSupplier stopping) {
            return 0;
        }
    }
}
