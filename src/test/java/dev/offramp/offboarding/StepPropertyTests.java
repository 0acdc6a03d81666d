package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** What holds for every operation, whatever is read, asked for and done already. */
class StepPropertyTests {

    private static final Set<String> KNOWN = Set.of("active", "pending", "suspended", "expired", "disabled", "deleted");
    private static final SubscriptionId SECOND = SubscriptionId.of("11111111-2222-4333-8444-555555555555");

    /** The operations on one subscription, and the unlink. */
    enum Asked {
        CANCEL(Operation.CANCEL_SUBSCRIPTION),
        SUSPEND(Operation.SUSPEND_SUBSCRIPTION),
        REACTIVATE(Operation.REACTIVATE_SUBSCRIPTION),
        TURN_OFF(Operation.TURN_OFF_AUTO_RENEW),
        UNLINK(Operation.REMOVE_RESELLER_RELATIONSHIP);

        private final Operation operation;

        Asked(Operation operation) {
            this.operation = operation;
        }

        Verdict decide(Terms terms, StepsDone done, SuspendedNewCommerce suspended, Facts facts) {
            return this == UNLINK
                    ? UnlinkRules.decide(CONTOSO, terms, Releases.NONE, done, suspended, facts, NOW)
                    : SubscriptionRules.decide(operation, LICENCE, terms, Releases.NONE, done, facts, NOW);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 1_000)
    void neverThrowsAndAlwaysExplainsItself(
            @ForAll Asked asked,
            @ForAll("terms") Terms terms,
            @ForAll("done") StepsDone done,
            @ForAll SuspendedNewCommerce suspended,
            @ForAll("facts") Facts facts) {
        switch (asked.decide(terms, done, suspended, facts)) {
            case Verdict.Go go -> {
                assertThat(go.why()).endsWith(".");
                assertThat(go.step().word()).hasSizeLessThanOrEqualTo(80);
                assertThat(done.includes(go.step())).isFalse();
            }
            case Verdict.AlreadyDone already -> assertThat(already.message()).endsWith(".");
            case Verdict.Ended ended -> assertThat(ended.message()).endsWith(".");
            case Verdict.WaitUntil wait -> {
                assertThat(wait.until()).isAfter(NOW);
                assertThat(wait.reason().status()).isEqualTo(Status.DEFERRED);
                assertThat(wait.message()).endsWith(".");
            }
            case Verdict.Blocked no -> {
                assertThat(no.reason().status()).isEqualTo(Status.REJECTED);
                assertThat(no.message()).endsWith(".");
                assertThat(no.advice()).endsWith(".");
                assertThat(no.blockers()).allMatch(each -> !each.whatToDo().isBlank());
            }
            case Verdict.Hold hold -> assertThat(hold.reason().status()).isEqualTo(Status.HELD);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anUndocumentedStatusIsNeverAReasonToGo(
            @ForAll Asked asked,
            @ForAll("terms") Terms terms,
            @ForAll("subscriptions") Subscription any,
            @ForAll("strangeStatuses") @Nullable String status) {
        Subscription odd = with(any, LICENCE, SubscriptionStatus.of(status), any.kind());
        assertNoGo(asked, terms, odd);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aMissingIdIsNeverAReasonToGo(
            @ForAll Asked asked, @ForAll("terms") Terms terms, @ForAll("living") Subscription any) {
        assertNoGo(asked, terms, with(any, null, any.status(), any.kind()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anUnknownKindIsNeverAReasonToGo(
            @ForAll Asked asked, @ForAll("terms") Terms terms, @ForAll("living") Subscription any) {
        assertNoGo(asked, terms, with(any, LICENCE, any.status(), Kind.UNKNOWN));
    }

    /** Whether Partner Center shows each effect at once, late or never: no step comes twice, and the steps end. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyChainOfStepsEnds(
            @ForAll Asked asked,
            @ForAll("options") Terms terms,
            @ForAll SuspendedNewCommerce suspended,
            @ForAll("living") Subscription first,
            @ForAll("living") Subscription second,
            @ForAll("azure") List<AzureSubscription> azure,
            @ForAll List<Boolean> shown) {
        Subscription one = with(first, LICENCE, first.status(), first.kind());
        Subscription two = with(second, SECOND, second.status(), second.kind());
        List<AzureSubscription> under = new ArrayList<>(azure);
        Set<String> words = new HashSet<>();
        Boolean renewed = first.autoRenew();
        int steps = 0;
        while (asked.decide(
                        terms, new StepsDone(words, renewed, first.termEnd()), suspended, facts(asked, one, two, under))
                instanceof Verdict.Go go) {
            assertThat(words.add(go.step().word()))
                    .as("%s comes twice", go.step())
                    .isTrue();
            assertThat(++steps).isLessThanOrEqualTo(3 + under.size());
            if (steps <= shown.size() && shown.get(steps - 1)) {
                one = after(go.step(), one);
                two = after(go.step(), two);
                under.replaceAll(each -> after(go.step(), each));
            }
        }
        Statistics.collect(steps > 1);
        Statistics.coverage(coverage -> coverage.check(true).count(times -> times >= 5));
    }

    private static Facts facts(Asked asked, Subscription one, Subscription two, List<AzureSubscription> under) {
        return asked == Asked.UNLINK
                ? Given.customer(List.of(one, two), List.of())
                : new Facts.OfSubscription(NOW, one, under, null, true);
    }

    private static Subscription after(Step step, Subscription before) {
        if (!(step instanceof Step.ChangeSubscription change)
                || !change.subscription().equals(before.id())) {
            return before;
        }
        return switch (change.change()) {
            case CANCEL -> with(before, before.id(), SubscriptionStatus.of("deleted"), before.kind());
            case SUSPEND ->
                renewing(with(before, before.id(), SubscriptionStatus.of("suspended"), before.kind()), false);
            case REACTIVATE ->
                renewing(with(before, before.id(), SubscriptionStatus.of("active"), before.kind()), false);
            case AUTO_RENEW_OFF -> renewing(before, false);
            case AUTO_RENEW_ON -> renewing(before, true);
        };
    }

    private static AzureSubscription after(Step step, AzureSubscription before) {
        boolean cancelled = step instanceof Step.CancelAzureSubscription azure
                && azure.entitlement().equals(before.entitlement());
        return cancelled ? new AzureSubscription(before.entitlement(), before.name(), "inactive") : before;
    }

    private static void assertNoGo(Asked asked, Terms terms, Subscription odd) {
        Facts facts =
                asked == Asked.UNLINK ? Given.customer(List.of(odd), List.of()) : new Facts.OfSubscription(NOW, odd);
        // Suspended legacy and ended subscriptions do not stand in the way of an unlink, whatever their id is.
        boolean inTheWay = asked != Asked.UNLINK
                || odd.kind() == Kind.UNKNOWN
                || !odd.status().is(Known.SUSPENDED);
        for (SuspendedNewCommerce suspended : SuspendedNewCommerce.values()) {
            if (inTheWay) {
                assertThat(asked.decide(terms, StepsDone.NONE, suspended, facts))
                        .isNotInstanceOf(Verdict.Go.class);
            }
        }
    }

    private static Subscription with(
            Subscription any, @Nullable SubscriptionId id, SubscriptionStatus status, Kind kind) {
        return new Subscription(
                id,
                any.name(),
                status,
                kind,
                any.offerId(),
                any.quantity(),
                any.autoRenew(),
                any.cancellationAllowedUntil(),
                any.actions(),
                any.termEnd(),
                any.refunds(),
                any.refundableUntil(),
                any.refundableQuantity(),
                any.orderId());
    }

    private static Subscription renewing(Subscription any, boolean renews) {
        return new Subscription(
                any.id(),
                any.name(),
                any.status(),
                any.kind(),
                any.offerId(),
                any.quantity(),
                renews,
                any.cancellationAllowedUntil(),
                any.actions(),
                any.termEnd(),
                any.refunds(),
                any.refundableUntil(),
                any.refundableQuantity(),
                any.orderId());
    }

    @Provide
    Arbitrary<Subscription> subscriptions() {
        return new VerdictPropertyTests().subscriptions();
    }

    /** Active or suspended, mostly of kinds that something can be done about. */
    @Provide
    Arbitrary<Subscription> living() {
        return Combinators.combine(
                        subscriptions(),
                        Arbitraries.of("active", "active", "suspended"),
                        Arbitraries.of(Kind.NEW_COMMERCE_LICENCE, Kind.SOFTWARE, Kind.AZURE_PLAN, Kind.LEGACY_LICENCE))
                .as((any, status, kind) -> with(any, any.id(), SubscriptionStatus.of(status), kind));
    }

    @Provide
    Arbitrary<String> strangeStatuses() {
        return Arbitraries.strings()
                .ofMaxLength(10)
                .filter(text -> KNOWN.stream().noneMatch(text::equalsIgnoreCase))
                .injectNull(0.1);
    }

    @Provide
    Arbitrary<List<AzureSubscription>> azure() {
        return Arbitraries.of("azure-1", "azure-2", "azure-3")
                .set()
                .ofMaxSize(3)
                .map(ids -> ids.stream()
                        .map(id -> new AzureSubscription(id, id, "active"))
                        .toList());
    }

    @Provide
    Arbitrary<Terms> terms() {
        return Combinators.combine(new VerdictPropertyTests().terms(), options())
                .as((when, which) -> new Terms(
                        when.planOnly(),
                        when.notBefore(),
                        when.notAfter(),
                        which.ifWindowClosed(),
                        which.onActiveSubscriptions(),
                        which.onActiveAzureSubscriptions(),
                        when.expect()));
    }

    @Provide
    Arbitrary<Terms> options() {
        return Combinators.combine(
                        Arbitraries.of(IfWindowClosed.class),
                        Arbitraries.of(OnActiveSubscriptions.class),
                        Arbitraries.of(OnActiveAzureSubscriptions.class))
                .as((closed, active, azure) ->
                        new Terms(false, null, NEXT_YEAR, closed, active, azure, Expectation.NONE));
    }

    @Provide
    Arbitrary<StepsDone> done() {
        Arbitrary<Set<String>> words = Arbitraries.of(
                        "cancel",
                        "suspend",
                        "reactivate",
                        "auto-renew-off",
                        "auto-renew-on",
                        "unlink",
                        "cancel:" + LICENCE,
                        "suspend:" + LICENCE,
                        "cancel-azure:azure-1",
                        "nonsense")
                .set()
                .ofMaxSize(3);
        Arbitrary<Instant> ends = Arbitraries.of(NOW, NEXT_YEAR, Instant.MIN, Instant.MAX);
        return Combinators.combine(words, Arbitraries.of(true, false).injectNull(0.3), ends.injectNull(0.3))
                .as(StepsDone::new);
    }

    @Provide
    Arbitrary<Facts> facts() {
        Arbitrary<AzureSubscription> azure = Combinators.combine(
                        Arbitraries.of("azure-1", "azure-2", ""), Arbitraries.of("active", "Inactive", "", "warned"))
                .as((id, status) -> new AzureSubscription(id, "", status));
        Arbitrary<SoftwareOrder.Line> lines = Combinators.combine(
                        Arbitraries.of(0, 1).injectNull(0.2),
                        Arbitraries.of("A:0001:B", "C").injectNull(0.2),
                        Arbitraries.of(LICENCE, SECOND).injectNull(0.2),
                        Arbitraries.of(0, 1).injectNull(0.2))
                .as(SoftwareOrder.Line::new);
        Arbitrary<SoftwareOrder> orders = Combinators.combine(
                        Arbitraries.of("completed", "pending", "cancelled", ""),
                        lines.list().ofMaxSize(2))
                .as((status, all) -> new SoftwareOrder("order-1", status, all));
        Arbitrary<Facts> ofSubscription = Combinators.combine(
                        subscriptions(), azure.list().ofMaxSize(2), orders.injectNull(0.3), Arbitraries.of(true, false))
                .as((any, under, order, complete) -> new Facts.OfSubscription(NOW, any, under, order, complete));
        Arbitrary<Facts> others = Arbitraries.of(
                new Facts.NoSubscription(NOW, "404/20003"),
                new Facts.NoCustomer(NOW, "404/60003"),
                new Facts.NotOurCustomer(NOW, "403/20002", ""),
                new Facts.NotOurCustomer(NOW, "403/20002", "seen before"),
                new Facts.Unreadable(NOW, "not JSON"));
        return Arbitraries.frequencyOf(
                Tuple.of(5, ofSubscription),
                Tuple.of(3, new VerdictPropertyTests().customers().map(any -> (Facts) any)),
                Tuple.of(1, others));
    }
}
