package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Terms;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.safety.Approvals;
import dev.offramp.safety.Approvals.Answer;
import dev.offramp.safety.Budget;
import dev.offramp.safety.Budgets;
import dev.offramp.safety.DecisionBook;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.FourEyes;
import dev.offramp.safety.Person;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.State;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.PlanApplying.Answer.Applied;
import dev.offramp.safety.Plans;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An approved plan is carried out once, exactly as it was looked at, over facts that are the same still. */
@OnBothDatabases
class PlanApplyingTests {

    private static final Asker ANN = asker("ann");
    private static final Asker BOB = asker("bob");

    private final BatchNode node;

    PlanApplyingTests(TestDatabase database) {
        node = BatchNode.over(
                database.fresh(),
                "offramp.safety.budget.customers.cancel-subscription=1",
                "offramp.safety.budget.customers.suspend-subscription=10",
                "offramp.safety.plan.required=suspend-subscription",
                "offramp.safety.protected-domains=kept.example");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void carriesOutWhatIsHeldPastTheBudgetAndNothingElse() {
        node.admit(cancel("before").inGroup("other"));
        node.work();
        List<Request> held = cancels(6, "leaving");
        Request outside = node.admit(cancel("outside").inGroup("leaving"));
        node.work();
        assertThat(held).extracting(each -> node.read(each).status()).containsOnly(Status.HELD);
        long plan = plan(held);

        approve(plan, ANN);
        assertThat(apply(plan)).isEqualTo(new Applied(6, 0));
        node.work();

        assertThat(held).allSatisfy(each -> {
            assertThat(node.told(each)).endsWith(Reason.SUPERSEDED);
            Request successor = successor(plan, each);
            assertThat(node.told(successor)).containsExactly(Reason.ADMITTED, Reason.DONE);
            assertThat(successor.admission().resubmittedId())
                    .isEqualTo(each.key().id());
            assertThat(node.partnerCenter.callsFor(each.subscriptionId())).hasSize(1);
        });
        assertThat(node.read(outside).reason()).isEqualTo(Reason.BURST_ON_HOLD);
        assertThat(node.partnerCenter.calls).hasSize(7);
        assertThat(ownBudgets(plan))
                .extracting(Budgets.Standing::allowed, Budgets.Standing::used)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(6L, 6L));
        assertThat(fates(plan)).extracting(Fate::stands).containsOnly("succeeded: done");
        assertThat(node.context.getBean(Budgets.class).list(node.clock.instant()))
                .filteredOn(each -> each.budget().scope().name().equals("cancel-subscription"))
                .singleElement()
                .satisfies(each -> assertThat(each.used()).as("it counts").isEqualTo(7));
    }

    @Test
    void isAppliedOnceAndOnlyWhileItIsApproved() {
        long plan = plan(cancels(2, "a"));
        assertThat(refused(plan)).startsWith("Plan %d is not approved".formatted(plan));

        approve(plan, ANN);
        assertThat(sentence(answer(plan, hash(plan), ANN))).startsWith("Plan %d is approved by ann".formatted(plan));
        assertThat(apply(plan).made()).isEqualTo(2);
        assertThat(refused(plan)).contains("was applied by bob", "a plan is applied once");
        assertThat(plans().discard(plan, "ann", "too late", node.clock.instant()))
                .isFalse();

        long discarded = plan(cancels(1, "b"));
        approve(discarded, ANN);
        assertThat(plans().discard(discarded, "ann", "wrong group", node.clock.instant()))
                .isTrue();
        assertThat(refused(discarded)).isEqualTo("Plan %d is discarded.".formatted(discarded));

        long old = plan(cancels(1, "c"));
        approve(old, ANN);
        node.clock.pass(Duration.ofHours(24));
        assertThat(refused(old)).startsWith("Plan %d expired at".formatted(old));
        assertThat(node.ledger().requests().count(Filter.ALL)).isEqualTo(2 + 2 + 1 + 1);
    }

    @Test
    void isApprovedAsItWasLookedAtAndAsItWasMade() {
        List<Request> requests = cancels(2, "a");
        long making = plans().ask("a test", requests, "ann", "review", node.clock.instant())
                .number();
        assertThat(sentence(answer(making, "", ANN))).contains("still being made");
        make();
        String hash = hash(making);

        assertThat(sentence(answer(making, "0".repeat(64), ANN))).contains("is %s, not 000".formatted(hash));
        assertThat(answer(0, hash, ANN)).isEqualTo(new Answer.Unknown());
        assertThat(applying(Mode.LIVE).apply(0, ANN, node.clock.instant()))
                .isEqualTo(new PlanApplying.Answer.Unknown());

        approve(making, ANN);
        assertThat(applying(Mode.OBSERVE).apply(making, ANN, node.clock.instant()))
                .isInstanceOfSatisfying(
                        PlanApplying.Answer.Refused.class,
                        refused -> assertThat(refused.sentence()).startsWith("This service only observes"));
        node.jdbc()
                .sql("update plan_item set judged = replace(judged, '\"cancel\"', '\"suspend\"')")
                .update();
        assertThat(refused(making)).contains("is not what was approved");
        long second = plan(requests);
        node.jdbc().sql("update plan_item set version = version + 1").update();
        assertThat(sentence(answer(second, hash(second), ANN))).contains("is not what it was when it was made");
    }

    @Test
    void leavesOutWhatIsOtherThanItWas() {
        node.admit(cancel("before").inGroup("other"));
        node.work();
        List<Request> held = cancels(4, "leaving");
        node.work();
        long plan = plan(held);
        approve(plan, ANN);
        settle(held.get(0), Reason.REJECTED_BY_OPERATOR);

        assertThat(apply(plan)).isEqualTo(new Applied(3, 1));
        node.partnerCenter.quantities.put(held.get(1).subscriptionId().value(), 26);
        node.partnerCenter.foreign.add(held.get(2).customerId());
        node.work();

        assertThat(fates(plan).getFirst().skipped())
                .isEqualTo("It changed since the plan was asked for; now it is rejected: rejected-by-operator.");
        Request more = node.read(successor(plan, held.get(1)));
        assertThat(more.reason()).isEqualTo(Reason.FACTS_CHANGED);
        assertThat(more.message())
                .isEqualTo("Plan %d does not cover it: what was read now is not what was read then.".formatted(plan));
        assertThat(node.partnerCenter.callsFor(held.get(1).subscriptionId())).isEmpty();
        assertThat(node.read(successor(plan, held.get(3))).reason()).isEqualTo(Reason.DONE);
        assertThat(fates(plan)).extracting(Fate::stands).contains("rejected: facts-changed", "succeeded: done");
        assertThat(node.partnerCenter.calls).hasSize(held.indexOf(held.get(3)) - 1);
    }

    @Test
    void makesTheCallsOfAChainThatStandInItAndNoOthers() {
        var chain = customer("chain");
        var one = subscription("one");
        var two = subscription("two");
        node.partnerCenter.subscriptions.put(chain, List.of(one, two));
        Request whole = node.admit(Admissions.unlink().of(chain).onActiveSubscriptions(OnActiveSubscriptions.CANCEL));
        var grown = customer("grown");
        var three = subscription("three");
        var late = subscription("late");
        node.partnerCenter.subscriptions.put(grown, List.of(three));
        Request growing = node.admit(Admissions.unlink().of(grown).onActiveSubscriptions(OnActiveSubscriptions.CANCEL));
        long plan = plan(List.of(whole, growing));
        approve(plan, ANN);
        apply(plan);
        node.partnerCenter.whileCalled = permit -> {
            if (permit.step() instanceof Step.ChangeSubscription change
                    && change.subscription().equals(three)) {
                node.partnerCenter.subscriptions.put(grown, List.of(three, late));
            }
        };

        node.work();
        node.clock.pass(Duration.ofMinutes(10));
        node.work();

        assertThat(node.read(successor(plan, whole)).reason()).isEqualTo(Reason.DONE);
        Request begun = node.read(successor(plan, growing));
        assertThat(begun.reason()).isEqualTo(Reason.PLAN_NEEDED);
        assertThat(begun.effect()).isEqualTo(Effect.PARTIAL);
        assertThat(begun.message()).contains("the call cancel:%s is not in it".formatted(late));
        assertThat(node.partnerCenter.callsFor(late)).isEmpty();
    }

    @Test
    void carriesOutWhatWasOnlyPlannedOrObservedBefore() {
        Request planned = node.admit(cancel("a").planOnly());
        Request observed = node.admit(cancel("b").observed());
        node.work();
        assertThat(node.read(planned).reason()).isEqualTo(Reason.PLAN_ONLY);
        assertThat(node.read(observed).reason()).isEqualTo(Reason.OBSERVE_MODE);

        long plan = plan(List.of(planned, observed));
        approve(plan, ANN);
        Applied applied = apply(plan);
        assertThat(fates(plan)).extracting(Fate::skipped).containsOnlyNulls();
        assertThat(applied).isEqualTo(new Applied(2, 0));
        node.work();

        assertThat(fates(plan)).extracting(Fate::stands).containsOnly("succeeded: done");
        assertThat(node.told(planned)).as("it was final").endsWith(Reason.PLAN_ONLY);
        assertThat(node.partnerCenter.calls).hasSize(2);
    }

    @Test
    void leavesProtectedCustomersAlone() {
        Request kept = node.admit(cancel("a"));
        Request free = node.admit(cancel("b"));
        node.partnerCenter.profiles.put(kept.customerId(), of(kept, "kept.example"));

        long plan = plan(List.of(kept, free));
        assertThat(plans().items(plan).getFirst().judged())
                .satisfies(judged ->
                        assertThat(Objects.requireNonNull(judged).verdict()).isEqualTo("hold"))
                .satisfies(judged -> assertThat(Objects.requireNonNull(judged).reason())
                        .isEqualTo(Reason.PROTECTED_CUSTOMER.word()));
        approve(plan, ANN);
        assertThat(apply(plan)).isEqualTo(new Applied(1, 0));
        node.partnerCenter.profiles.put(free.customerId(), of(free, "kept.example"));
        node.work();

        assertThat(node.read(successor(plan, free)).reason()).isIn(Reason.PROTECTED_CUSTOMER, Reason.FACTS_CHANGED);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void isTheOnlyWayForAnOperationThatNeedsOne() {
        Request suspending =
                node.admit(Admissions.change(Operation.SUSPEND_SUBSCRIPTION).of(customer("a"), subscription("a")));
        node.work();
        assertThat(node.read(suspending).reason()).isEqualTo(Reason.PLAN_NEEDED);
        assertThat(sentence(approvals()
                        .release(Filter.ALL.and(By.NUMBER, suspending.number()), 1, ANN, node.clock.instant())))
                .contains("needs an approved plan, and no release passes that");

        long plan = plan(List.of(suspending));
        assertThat(plans().items(plan).getFirst().heldBackBy()).startsWith("plan-needed: ");
        approve(plan, ANN);
        apply(plan);
        node.work();

        assertThat(node.read(successor(plan, suspending)).reason()).isEqualTo(Reason.DONE);
    }

    @Test
    void takesTwoPersonsForMoreThanTwentyCustomers() {
        List<Request> many = cancels(21, "many");
        long plan = plan(many);
        var waiting = (Answer.Waiting) answer(plan, hash(plan), ANN);
        assertThat(refused(plan)).contains("is not approved");
        assertThat(sentence(answer(plan, hash(plan), BOB)))
                .contains("waits for a second person, who confirms decision");
        long decision = waiting.decision().number();
        assertThat(sentence(approvals().confirm(decision, ANN, node.clock.instant())))
                .startsWith("ann asked for it");

        approvals().confirm(decision, BOB, node.clock.instant());
        assertThat(Objects.requireNonNull(thePlan(plan).approval()).by()).isEqualTo("ann, confirmed by bob");
        assertThat(apply(plan).made()).isEqualTo(21);

        long other = plan(cancels(21, "more"));
        var also = (Answer.Waiting) answer(other, hash(other), ANN);
        plans().discard(other, "ann", "wrong", node.clock.instant());
        assertThat(sentence(approvals().confirm(also.decision().number(), BOB, node.clock.instant())))
                .isEqualTo("Plan %d is discarded.".formatted(other));
    }

    @Test
    void countsWhatOnePersonApprovedWithWhatWasReleasedAlone() {
        node.admit(cancel("before").inGroup("other"));
        node.work();
        cancels(19, "held");
        node.work();
        assertThat(approvals()
                        .release(Filter.ALL.and(Status.HELD).and(By.GROUP, "held"), 19, ANN, node.clock.instant()))
                .isEqualTo(new Answer.Done(19));

        long one = plan(cancels(1, "one"));
        approve(one, BOB);
        long two = plan(cancels(1, "two"));
        assertThat(answer(two, hash(two), BOB)).isInstanceOf(Answer.Waiting.class);
    }

    /** Otherwise approvals could be collected over days and be applied together. */
    @Test
    void countsAgainWhenItIsApplied() {
        long kept = plan(cancels(15, "kept"));
        approve(kept, ANN);
        node.jdbc().sql("delete from released_alone").update();
        long other = plan(cancels(15, "other"));
        approve(other, ANN);

        assertThat(refused(kept)).contains("others were let go on by one person alone since");

        node.jdbc().sql("delete from released_alone").update();
        assertThat(apply(kept).made()).isEqualTo(15);
        assertThat(refused(other)).contains("others were let go on by one person alone since");
    }

    @Test
    void asksNobodyAboutAPlanThatCarriesNothingOut() {
        Request foreign = node.admit(unlink("a"));
        node.partnerCenter.foreign.add(foreign.customerId());
        long plan = plan(List.of(foreign));

        assertThat(sentence(answer(plan, hash(plan), ANN))).contains("would carry nothing out");
    }

    private static Customer of(Request request, String domain) {
        return new Customer(request.customerId(), "Contoso", domain, "reseller");
    }

    private List<Request> cancels(int count, String group) {
        return IntStream.range(0, count)
                .mapToObj(each -> node.admit(cancel(group + each).inGroup(group)))
                .toList();
    }

    private long plan(List<Request> requests) {
        long number = plans().ask(
                        "a test", requests.stream().map(node::read).toList(), "ann", "review", node.clock.instant())
                .number();
        make();
        assertThat(thePlan(number).state()).isEqualTo(State.MADE);
        return number;
    }

    private void make() {
        node.context.getBean(PlanMaking.class).round(_ -> true);
    }

    private void approve(long plan, Asker who) {
        assertThat(answer(plan, hash(plan), who)).isInstanceOf(Answer.Done.class);
    }

    private Answer answer(long plan, String hash, Asker who) {
        return approvals().approve(plan, hash, who, node.clock.instant());
    }

    private Applied apply(long plan) {
        return (Applied) applying(Mode.LIVE).apply(plan, BOB, node.clock.instant());
    }

    private String refused(long plan) {
        return ((PlanApplying.Answer.Refused) applying(Mode.LIVE).apply(plan, BOB, node.clock.instant())).sentence();
    }

    private static String sentence(Answer answer) {
        return ((Answer.Refused) answer).sentence();
    }

    private PlanApplying applying(Mode mode) {
        return new PlanApplying(
                plans(),
                node.ledger().requests(),
                node.ledger().attempts(),
                node.context.getBean(DecisionBook.class),
                node.context.getBean(FourEyes.class),
                this::successor,
                mode,
                new TransactionTemplate(node.context.getBean(PlatformTransactionManager.class)));
    }

    /** As the service makes it, without asking whether the source still may. */
    private PlanApplying.Made successor(Request planned, long plan, Asker by) {
        var old = planned.admission();
        var terms = old.terms();
        var execute = new Terms(
                false,
                terms.notBefore(),
                terms.notAfter(),
                terms.ifWindowClosed(),
                terms.onActiveSubscriptions(),
                terms.onActiveAzureSubscriptions(),
                terms.expect());
        var key = new RequestKey(old.key().source(), old.key().id() + "~plan-" + plan);
        var now = node.clock.instant();
        long made = node.ledger()
                .requests()
                .admit(List.of(old.again(key, execute, Mode.LIVE, now, planned.number(), plan)), now)
                .getFirst();
        return new PlanApplying.Made.As(node.read(made));
    }

    private Request successor(long plan, Request planned) {
        return node.read(fates(plan).stream()
                .filter(each -> each.request() == planned.number())
                .map(Fate::successor)
                .map(Objects::requireNonNull)
                .findFirst()
                .orElseThrow());
    }

    private List<Fate> fates(long plan) {
        return plans().fates(plan);
    }

    private List<Budgets.Standing> ownBudgets(long plan) {
        return node.context.getBean(Budgets.class).list(node.clock.instant()).stream()
                .filter(each -> each.budget().scope().equals(new Budget.Scope(Budget.Scope.Kind.PLAN, "" + plan)))
                .toList();
    }

    private void settle(Request request, Reason reason) {
        node.ledger()
                .requests()
                .settle(
                        node.read(request),
                        Resolution.of(reason, Effect.NONE, "A person did it.", Details.NONE),
                        null,
                        node.clock.instant());
    }

    private Plan thePlan(long number) {
        return plans().byNumber(number).orElseThrow();
    }

    private String hash(long plan) {
        return Objects.requireNonNull(thePlan(plan).hash());
    }

    private Plans plans() {
        return node.context.getBean(Plans.class);
    }

    private Approvals approvals() {
        return node.context.getBean(Approvals.class);
    }

    private static Asker asker(String name) {
        return new Asker(name, new Person.Known(Person.Kind.USER, name), "checked");
    }
}
