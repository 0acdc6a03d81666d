package dev.offramp.offboarding;

import static dev.offramp.offboarding.CancelRulesTests.reason;
import static dev.offramp.offboarding.CancelRulesTests.word;
import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unlinks, case by case. */
class UnlinkRulesTests {

    @Test
    void goesWhenNothingStandsInTheWay() {
        assertThat(decide(Given.customer(List.of(), List.of()))).isInstanceOf(Verdict.Go.class);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # status,  kind,                 default,                allowed
            active,    NEW_COMMERCE_LICENCE, ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            Active,    LEGACY_LICENCE,       ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            active,    LEGACY_ADD_ON,        ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            active,    AZURE_PLAN,           ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            active,    TRIAL,                ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            active,    UNKNOWN,              ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            pending,   MARKETPLACE_SAAS,     ACTIVE_SUBSCRIPTIONS,   ACTIVE_SUBSCRIPTIONS
            active,    SAVINGS_PLAN,         SAVINGS_PLANS,          SAVINGS_PLANS
            suspended, SAVINGS_PLAN,         SAVINGS_PLANS,          SAVINGS_PLANS
            active,    SOFTWARE,             SOFTWARE,               SOFTWARE
            suspended, SOFTWARE,             SOFTWARE,               SOFTWARE
            suspended, NEW_COMMERCE_LICENCE, SUSPENDED_NEW_COMMERCE, -
            suspended, MARKETPLACE_SAAS,     SUSPENDED_NEW_COMMERCE, -
            suspended, AZURE_PLAN,           SUSPENDED_NEW_COMMERCE, -
            suspended, TRIAL,                SUSPENDED_NEW_COMMERCE, -
            suspended, UNKNOWN,              UNKNOWN_STATE,          UNKNOWN_STATE
            suspended, LEGACY_LICENCE,       -,                      -
            suspended, LEGACY_AZURE,         -,                      -
            expired,   NEW_COMMERCE_LICENCE, -,                      -
            disabled,  NEW_COMMERCE_LICENCE, -,                      -
            deleted,   UNKNOWN,              -,                      -
            none,      NEW_COMMERCE_LICENCE, UNKNOWN_STATE,          UNKNOWN_STATE
            paused,    LEGACY_LICENCE,       UNKNOWN_STATE,          UNKNOWN_STATE
            -,         LEGACY_LICENCE,       UNKNOWN_STATE,          UNKNOWN_STATE
            """)
    void judgesEachSubscription(
            @Nullable String status, Kind kind, @Nullable Reason byDefault, @Nullable Reason whenAllowed) {
        Facts facts = Given.customer(
                List.of(licence("active").status(status).kind(kind).build()), List.of());
        assertThat(reason(decide(facts))).isEqualTo(byDefault);
        assertThat(reason(UnlinkRules.decide(CONTOSO, Given.terms(), SuspendedNewCommerce.ALLOWED, facts, NOW)))
                .isEqualTo(whenAllowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reservedinstance",
                "ReservedInstance",
                "virtualmachinereservedinstance",
                "VirtualMachineReservedInstance",
                "virtual_machine_reserved_instance"
            })
    void namesAReservationInEverySpelling(String type) {
        Verdict decided = decide(Given.customer(List.of(), List.of(Given.reservation(type, "PrefulfillmentPending"))));
        assertThat(decided).isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.RESERVATIONS);
            assertThat(no.blockers()).singleElement().satisfies(blocker -> {
                assertThat(blocker.kind()).isEqualTo("reservation");
                assertThat(blocker.id()).isEqualTo("order-1/0");
                assertThat(blocker.name()).contains("DZH318Z0BQ3Q 00BD", "PrefulfillmentPending");
                assertThat(blocker.whatToDo()).isNotBlank();
            });
        });
    }

    @ParameterizedTest
    @CsvSource({"software, SOFTWARE", "Software, SOFTWARE", "licence, UNKNOWN_STATE", "'', UNKNOWN_STATE"})
    void judgesOtherEntitlements(String type, Reason reason) {
        Facts facts = Given.customer(List.of(), List.of(Given.reservation(type, "")));
        assertThat(reason(decide(facts))).isEqualTo(reason);
    }

    @Test
    void namesEveryBlockerWithTheHeaviestFirst() {
        Facts facts = Given.customer(
                List.of(
                        licence("suspended").build(),
                        licence("active").id(OTHER).build(),
                        licence("deleted").build(),
                        licence("paused").id(null).build()),
                List.of(Given.reservation("software", ""), Given.reservation("reservedinstance", "")));
        assertThat(decide(facts)).isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.UNKNOWN_STATE);
            assertThat(no.blockers())
                    .extracting(Blocker::kind)
                    .containsExactly("subscription", "reservation", "software", "subscription", "subscription");
            assertThat(no.blockers()).extracting(Blocker::id).contains(OTHER.value());
            assertThat(no.message()).contains("4 more things");
        });
    }

    @Test
    void saysWhatToDoAndUntilWhen() {
        assertThat(blocker(licence("active").build()).whatToDo()).contains("cancel-subscription", TOMORROW.toString());
        assertThat(blocker(licence("active").build()).until()).isNull();
        Blocker runsOut = blocker(licence("active")
                .window(YESTERDAY, null)
                .renewing(false, NEXT_YEAR)
                .build());
        assertThat(runsOut.until()).isEqualTo(NEXT_YEAR);
        assertThat(runsOut.whatToDo()).contains("ends on " + NEXT_YEAR);
        Blocker renews = blocker(licence("active")
                .window(YESTERDAY, null)
                .renewing(true, NEXT_YEAR)
                .build());
        assertThat(renews.until()).isNull();
        assertThat(renews.whatToDo()).contains("Turn off its auto-renewal");
        assertThat(blocker(licence("suspended").build()).whatToDo()).contains("billed");
        assertThat(blocker(licence("pending").build()).whatToDo()).contains("Wait until it is active");
    }

    @Test
    void neverGoesOnAnIncompleteList() {
        Facts facts = new Facts.OfCustomer(NOW, Given.contoso(), List.of(), List.of(), false);
        assertThat(reason(decide(facts))).isEqualTo(Reason.UNKNOWN_STATE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "reseller, go",
                "Reseller, go",
                "advisor, no",
                "microsoft_support, no",
                "unknown, no",
                "'', no",
                "-, no"
            })
    void goesOnlyForAResellerRelationship(@Nullable String relationship, String verdict) {
        Facts facts = new Facts.OfCustomer(NOW, Given.contoso(relationship), List.of(), List.of(), true);
        assertThat(word(decide(facts))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"'seen on 2026-10-01', done", "'', no", "' ', no"})
    void believesThatItIsDoneOnlyWithEvidence(String evidence, String verdict) {
        Verdict none = decide(new Facts.OfCustomer(NOW, Given.contoso("none"), List.of(), List.of(), true, evidence));
        Verdict notOurs = decide(new Facts.NotOurCustomer(NOW, "403/20002", evidence));
        assertThat(word(none)).isEqualTo(verdict);
        assertThat(word(notOurs)).isEqualTo(verdict);
        if (verdict.equals("no")) {
            assertThat(reason(none)).isEqualTo(Reason.NOT_OUR_CUSTOMER);
            assertThat(reason(notOurs)).isEqualTo(Reason.NOT_OUR_CUSTOMER);
        }
    }

    @Test
    void givesEveryOtherAnswerItsReason() {
        assertThat(reason(decide(new Facts.NoCustomer(NOW, "404/60003")))).isEqualTo(Reason.CUSTOMER_NOT_FOUND);
        assertThat(reason(decide(new Facts.Unreadable(NOW, "not JSON")))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(new Facts.NoSubscription(NOW, "404/20003")))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(licence("active").read()))).isEqualTo(Reason.UNKNOWN_STATE);
    }

    @Test
    void neverGoesForAnotherCustomerThanTheAskedOne() {
        CustomerId fabrikam = CustomerId.of("d8202a51-69f9-4228-b900-d0e081af17d7");
        Facts facts = Given.customer(List.of(), List.of());
        assertThat(reason(UnlinkRules.decide(fabrikam, Given.terms(), SuspendedNewCommerce.BLOCKS, facts, NOW)))
                .isEqualTo(Reason.UNKNOWN_STATE);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # domain,                     name,             verdict, reason
            -,                            ' contoso LTD. ', go,      -
            contoso.onmicrosoft.example,  -,                go,      -
            Contoso.onmicrosoft.example,  Contoso Ltd.,     go,      -
            onmicrosoft.example,          -,                held,    EXPECTATION_MISMATCH
            x.contoso.onmicrosoft.example,-,                held,    EXPECTATION_MISMATCH
            contoso.onmicrosoft.example,  Fabrikam,         held,    EXPECTATION_MISMATCH
            fabrikam.example,             Contoso Ltd.,     held,    EXPECTATION_MISMATCH
            """)
    void comparesTheExpectedCustomer(
            @Nullable String domain, @Nullable String name, String verdict, @Nullable Reason reason) {
        Terms terms = Given.expecting(new Expectation(null, null, domain, name));
        Verdict decided = UnlinkRules.decide(
                CONTOSO, terms, SuspendedNewCommerce.BLOCKS, Given.customer(List.of(), List.of()), NOW);
        assertThat(word(decided)).isEqualTo(verdict);
        assertThat(reason(decided)).isEqualTo(reason);
    }

    @Test
    void holdsWhenTheProfileDoesNotSay() {
        Customer silent = new Customer(CONTOSO, " ", null, "reseller");
        Facts facts = new Facts.OfCustomer(NOW, silent, List.of(), List.of(), true);
        for (Expectation expect : List.of(
                new Expectation(null, null, "contoso.example", null),
                new Expectation(null, null, null, "Contoso"),
                new Expectation("an-offer", null, null, null),
                new Expectation(null, 1, null, null))) {
            assertThat(reason(UnlinkRules.decide(
                            CONTOSO, Given.expecting(expect), SuspendedNewCommerce.BLOCKS, facts, NOW)))
                    .as("%s", expect)
                    .isEqualTo(Reason.EXPECTATION_UNREADABLE);
        }
    }

    @Test
    void keepsToItsTimeFrame() {
        Facts facts = Given.customer(List.of(), List.of());
        Terms tomorrow = Given.terms(TOMORROW, NEXT_YEAR, Expectation.NONE);
        Terms tooLate = Given.terms(null, YESTERDAY, Expectation.NONE);
        assertThat(reason(UnlinkRules.decide(CONTOSO, tomorrow, SuspendedNewCommerce.BLOCKS, facts, NOW)))
                .isEqualTo(Reason.NOT_BEFORE);
        assertThat(reason(UnlinkRules.decide(CONTOSO, tooLate, SuspendedNewCommerce.BLOCKS, facts, NOW)))
                .isEqualTo(Reason.EXPIRED);
    }

    private static Blocker blocker(Subscription subscription) {
        Verdict decided = decide(Given.customer(List.of(subscription), List.of()));
        return ((Verdict.Blocked) decided).blockers().getFirst();
    }

    private static Verdict decide(Facts facts) {
        return UnlinkRules.decide(CONTOSO, Given.terms(), SuspendedNewCommerce.BLOCKS, facts, NOW);
    }
}
