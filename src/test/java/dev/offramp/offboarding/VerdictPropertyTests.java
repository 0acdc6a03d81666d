package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
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

/** What holds for whatever Partner Center may send. */
class VerdictPropertyTests {

    private static final Set<Known> LIVING = EnumSet.of(Known.ACTIVE, Known.PENDING, Known.UNKNOWN);
    private static final Set<Kind> CANCELLED_THIS_WAY =
            EnumSet.of(Kind.NEW_COMMERCE_LICENCE, Kind.MARKETPLACE_SAAS, Kind.SOFTWARE, Kind.AZURE_PLAN);

    @Property(edgeCases = EdgeCasesMode.NONE)
    void goForACancelMeansThatEverythingIsUnderstood(
            @ForAll("subscriptions") Subscription any, @ForAll("terms") Terms terms) {
        Verdict decided = CancelRules.decide(LICENCE, terms, new Facts.OfSubscription(NOW, any), NOW);
        seenOften(decided instanceof Verdict.Go);
        if (decided instanceof Verdict.Go) {
            assertThat(any.id()).isEqualTo(LICENCE);
            assertThat(any.status().known()).isIn(Known.ACTIVE, Known.SUSPENDED);
            assertThat(any.kind()).isIn(CANCELLED_THIS_WAY);
            Instant until = any.cancellationAllowedUntil();
            if (until != null) {
                assertThat(until).isAfter(NOW);
            } else if (any.actions() != null) {
                assertThat(any.actions()).anyMatch("cancel"::equalsIgnoreCase);
            }
            Expectation expect = terms.expect();
            assertThat(expect.namesTheCustomer()).isFalse();
            if (expect.quantity() != null) {
                assertThat(any.quantity()).isEqualTo(expect.quantity());
            }
            if (expect.offerId() != null) {
                assertThat(any.offerId()).isEqualToIgnoringCase(expect.offerId());
            }
            assertThat(NOW).isBeforeOrEqualTo(terms.notAfter());
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aCancelIsAlreadyDoneOnlyWhenTheAskedSubscriptionIsDeleted(
            @ForAll("subscriptions") Subscription any, @ForAll("terms") Terms terms) {
        Verdict decided = CancelRules.decide(LICENCE, terms, new Facts.OfSubscription(NOW, any), NOW);
        boolean deleted = LICENCE.equals(any.id()) && any.status().is(Known.DELETED);
        seenOften(deleted);
        assertThat(decided instanceof Verdict.AlreadyDone).isEqualTo(deleted);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void unknownStatusKindOrIdIsNeverAReasonToCancel(
            @ForAll("subscriptions") Subscription any, @ForAll("strange") Strange strange) {
        Subscription odd = strange.of(any);
        Verdict decided = CancelRules.decide(LICENCE, Given.terms(), new Facts.OfSubscription(NOW, odd), NOW);
        assertThat(decided).isNotInstanceOf(Verdict.Go.class);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void goForAnUnlinkMeansThatNothingStandsInTheWay(
            @ForAll("customers") Facts.OfCustomer any,
            @ForAll SuspendedNewCommerce suspended,
            @ForAll("terms") Terms terms) {
        Verdict decided = UnlinkRules.decide(CONTOSO, terms, suspended, any, NOW);
        seenOften(decided instanceof Verdict.Go);
        if (decided instanceof Verdict.Go) {
            assertThat(any.complete()).isTrue();
            assertThat(any.entitlements()).isEmpty();
            assertThat(any.customer().relationship()).isEqualToIgnoringCase("reseller");
            assertThat(any.subscriptions())
                    .noneMatch(each -> LIVING.contains(each.status().known()));
            assertThat(any.subscriptions())
                    .noneMatch(each -> each.status().is(Known.SUSPENDED)
                            && (each.kind() == Kind.UNKNOWN
                                    || (suspended == SuspendedNewCommerce.BLOCKS
                                            && each.kind() == Kind.NEW_COMMERCE_LICENCE)));
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void oneUnknownStatusAmongAllSubscriptionsBlocksTheUnlink(
            @ForAll("customers") Facts.OfCustomer any, @ForAll SuspendedNewCommerce suspended) {
        List<Subscription> more = new ArrayList<>(any.subscriptions());
        more.add(Given.licence("paused").build());
        Facts facts = new Facts.OfCustomer(NOW, Given.contoso(), more, any.entitlements(), any.complete());
        Verdict decided = UnlinkRules.decide(CONTOSO, Given.terms(), suspended, facts, NOW);
        assertThat(CancelRulesTests.reason(decided)).isEqualTo(Reason.UNKNOWN_STATE);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyBlockerIsNamed(@ForAll("customers") Facts.OfCustomer any) {
        Facts facts =
                new Facts.OfCustomer(NOW, Given.contoso(), any.subscriptions(), any.entitlements(), any.complete());
        Verdict decided = UnlinkRules.decide(CONTOSO, Given.terms(), SuspendedNewCommerce.BLOCKS, facts, NOW);
        long living = any.subscriptions().stream()
                .filter(each -> LIVING.contains(each.status().known()))
                .count();
        if (decided instanceof Verdict.Blocked no) {
            assertThat(no.blockers())
                    .hasSizeGreaterThanOrEqualTo(
                            (int) living + any.entitlements().size());
            assertThat(no.blockers()).allMatch(each -> !each.whatToDo().isBlank());
        } else {
            assertThat(living + any.entitlements().size()).isZero();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void reasonsFitTheirVerdict(
            @ForAll("subscriptions") Subscription one,
            @ForAll("customers") Facts.OfCustomer all,
            @ForAll("terms") Terms terms) {
        for (Verdict decided : List.of(
                CancelRules.decide(LICENCE, terms, new Facts.OfSubscription(NOW, one), NOW),
                UnlinkRules.decide(CONTOSO, terms, SuspendedNewCommerce.BLOCKS, all, NOW))) {
            switch (decided) {
                case Verdict.Go go -> assertThat(go.why()).isNotBlank();
                case Verdict.AlreadyDone done -> assertThat(done.message()).isNotBlank();
                case Verdict.Ended ended -> assertThat(ended.message()).isNotBlank();
                case Verdict.WaitUntil wait -> {
                    assertThat(wait.reason().status()).isEqualTo(Status.DEFERRED);
                    assertThat(wait.until()).isAfter(NOW);
                }
                case Verdict.Blocked no -> {
                    assertThat(no.reason().status()).isEqualTo(Status.REJECTED);
                    assertThat(no.advice()).isNotBlank();
                }
                case Verdict.Hold hold -> assertThat(hold.reason().status()).isEqualTo(Status.HELD);
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aRefundNoteIsNeverAPromiseThatHasRunOut(@ForAll("subscriptions") Subscription any) {
        RefundNote.of(any, NOW).ifPresent(note -> {
            assertThat(note.promised()).isIn("full", "partial", "none");
            if (note.until() != null) {
                assertThat(note.until()).isAfter(NOW);
            }
        });
    }

    /** A property about a case that is never generated would prove nothing. */
    private static void seenOften(boolean theCase) {
        Statistics.collect(theCase);
        Statistics.coverage(coverage -> coverage.check(true).count(times -> times >= 5));
    }

    @Provide
    Arbitrary<Subscription> subscriptions() {
        Arbitrary<String> statuses = Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Arbitraries.of(
                                "active", "Active", "pending", "suspended", "expired", "disabled", "deleted", "none")),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(8).injectNull(0.2)));
        Arbitrary<List<String>> actions = Arbitraries.of("edit", "cancel", "Cancel", "")
                .list()
                .ofMaxSize(3)
                .injectNull(0.4);
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(8, LICENCE), Tuple.of(1, Given.OTHER))
                                .injectNull(0.1),
                        statuses,
                        Arbitraries.frequencyOf(
                                Tuple.of(1, Arbitraries.of(Kind.class)),
                                Tuple.of(1, Arbitraries.of(CANCELLED_THIS_WAY))),
                        Arbitraries.of("A:0001:B", "a:0001:b", "", "C").injectNull(0.2),
                        Arbitraries.integers().between(-1, 3).injectNull(0.2),
                        Arbitraries.of(true, false).injectNull(0.2),
                        instants().injectNull(0.4),
                        Combinators.combine(actions, refunds()).as(Said::new))
                .as((id, status, kind, offer, quantity, renews, date, said) -> new Subscription(
                        id,
                        "",
                        SubscriptionStatus.of(status),
                        kind,
                        offer,
                        quantity,
                        renews,
                        date,
                        said.actions(),
                        date,
                        said.refunds(),
                        date,
                        quantity,
                        null));
    }

    @Provide
    Arbitrary<Facts.OfCustomer> customers() {
        Arbitrary<Entitlement> entitlements = Combinators.combine(
                        Arbitraries.of("reservedinstance", "software", "virtual_machine_reserved_instance", "", "new"),
                        Arbitraries.of("", "PrefulfillmentPending"))
                .as(Given::reservation);
        return Combinators.combine(
                        Arbitraries.of("reseller", "none", "advisor", "", "reseller")
                                .injectNull(0.1),
                        subscriptions().list().ofMaxSize(2),
                        Arbitraries.frequencyOf(
                                Tuple.of(2, Arbitraries.just(List.<Entitlement>of())),
                                Tuple.of(1, entitlements.list().ofMaxSize(2))),
                        Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false)),
                        Arbitraries.of("", "seen before"))
                .as((relationship, subscriptions, all, complete, evidence) ->
                        new Facts.OfCustomer(NOW, Given.contoso(relationship), subscriptions, all, complete, evidence));
    }

    @Provide
    Arbitrary<Terms> terms() {
        Arbitrary<Expectation> expectations = Combinators.combine(
                        Arbitraries.of("A:0001:B", "X").injectNull(0.8),
                        Arbitraries.integers().between(0, 2).injectNull(0.8),
                        Arbitraries.of("contoso.onmicrosoft.example", "other.example")
                                .injectNull(0.8),
                        Arbitraries.of("Contoso Ltd.", "Other").injectNull(0.9))
                .as(Expectation::new);
        return Combinators.combine(
                        Arbitraries.of(Given.YESTERDAY, NOW, Given.TOMORROW).injectNull(0.7),
                        Arbitraries.of(Given.NEXT_YEAR, NOW, Given.NEXT_YEAR, Given.YESTERDAY),
                        expectations)
                .as(Given::terms);
    }

    @Provide
    Arbitrary<Strange> strange() {
        return Arbitraries.of(Strange.class);
    }

    private static Arbitrary<List<Subscription.Refund>> refunds() {
        return Combinators.combine(
                        Arbitraries.of("Full", "Partial", "", "Other"),
                        instants().injectNull(0.3))
                .as(Subscription.Refund::new)
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(NOW, Given.YESTERDAY, Given.TOMORROW, Given.NEXT_YEAR)),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"))));
    }

    /** What a subscription offers and promises. */
    private record Said(@Nullable List<String> actions, List<Subscription.Refund> refunds) {}

    /** One thing about a subscription that is not understood. */
    enum Strange {
        STATUS,
        NO_STATUS,
        KIND,
        NO_ID,
        OTHER_ID;

        Subscription of(Subscription any) {
            SubscriptionId id = switch (this) {
                case NO_ID -> null;
                case OTHER_ID -> Given.OTHER;
                case STATUS, NO_STATUS, KIND -> LICENCE;
            };
            SubscriptionStatus status = switch (this) {
                case STATUS -> SubscriptionStatus.of("paused");
                case NO_STATUS -> SubscriptionStatus.of(null);
                case KIND, NO_ID, OTHER_ID -> any.status();
            };
            return new Subscription(
                    id,
                    any.name(),
                    status,
                    this == KIND ? Kind.UNKNOWN : any.kind(),
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
    }
}
