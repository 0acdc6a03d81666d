package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cancellations, case by case. */
class CancelRulesTests {

    @Test
    void goesForAnActiveLicenceInsideItsWindow() {
        assertThat(decide(licence("active").read())).isInstanceOf(Verdict.Go.class);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # status,  kind,                 verdict, reason
            active,    NEW_COMMERCE_LICENCE, go,      -
            suspended, NEW_COMMERCE_LICENCE, go,      -
            active,    MARKETPLACE_SAAS,     go,      -
            ACTIVE,    SOFTWARE,             go,      -
            active,    AZURE_PLAN,           no,      UNKNOWN_STATE
            deleted,   NEW_COMMERCE_LICENCE, done,    -
            Deleted,   SAVINGS_PLAN,         done,    -
            deleted,   UNKNOWN,              done,    -
            expired,   NEW_COMMERCE_LICENCE, no,      WINDOW_CLOSED
            disabled,  NEW_COMMERCE_LICENCE, no,      WINDOW_CLOSED
            expired,   UNKNOWN,              no,      UNKNOWN_STATE
            pending,   NEW_COMMERCE_LICENCE, wait,    PENDING_OPERATION
            pending,   SOFTWARE,             wait,    PENDING_OPERATION
            pending,   MARKETPLACE_SAAS,     no,      NOT_ACTIVATED
            pending,   TRIAL,                no,      TRIAL
            pending,   UNKNOWN,              no,      UNKNOWN_STATE
            pending,   LEGACY_LICENCE,       no,      WRONG_KIND
            active,    TRIAL,                no,      TRIAL
            active,    LEGACY_LICENCE,       no,      WRONG_KIND
            active,    LEGACY_ADD_ON,        no,      WRONG_KIND
            active,    LEGACY_AZURE,         no,      WRONG_KIND
            active,    SAVINGS_PLAN,         no,      WRONG_KIND
            active,    RESERVATION,          no,      WRONG_KIND
            active,    PERPETUAL_SOFTWARE,   no,      UNKNOWN_STATE
            active,    UNKNOWN,              no,      UNKNOWN_STATE
            none,      NEW_COMMERCE_LICENCE, no,      UNKNOWN_STATE
            paused,    NEW_COMMERCE_LICENCE, no,      UNKNOWN_STATE
            -,         NEW_COMMERCE_LICENCE, no,      UNKNOWN_STATE
            """)
    void judgesStatusAndKind(@Nullable String status, Kind kind, String verdict, @Nullable Reason reason) {
        Verdict decided = decide(licence("active").status(status).kind(kind).read());
        assertThat(word(decided)).isEqualTo(verdict);
        assertThat(reason(decided)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # allowed until,              actions,     verdict
            2026-11-20T09:59:59.999Z,     -,           no
            2026-11-20T10:00:00Z,         -,           no
            2026-11-20T10:00:00.001Z,     -,           go
            9999-12-31T23:59:59Z,         -,           go
            2026-11-20T09:59:59Z,         edit|cancel, no
            2026-11-20T10:00:01Z,         edit,        go
            -,                            -,           go
            -,                            edit,        no
            -,                            '',          no
            -,                            edit|cancel, go
            -,                            Cancel|Edit, go
            """)
    void takesTheFirstWindowRuleThatMatches(@Nullable Instant until, @Nullable String actions, String verdict) {
        List<String> offered = actions == null ? null : List.of(actions.split("\\|"));
        assertThat(word(decide(licence("active").window(until, offered).read())))
                .isEqualTo(verdict);
    }

    @Test
    void saysWhenAClosedWindowOpensAgain() {
        Verdict decided = decide(licence("active")
                .window(YESTERDAY, null)
                .renewing(true, NEXT_YEAR)
                .read());
        assertThat(decided).isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.WINDOW_CLOSED);
            assertThat(no.nextWindowAt()).isEqualTo(NEXT_YEAR);
            assertThat(no.message()).contains(YESTERDAY.toString(), NEXT_YEAR.toString());
        });
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            active,    false, 2027-03-01T00:00:00Z
            active,    -,     2027-03-01T00:00:00Z
            active,    true,  -
            active,    true,  2026-11-20T10:00:00Z
            suspended, true,  2027-03-01T00:00:00Z
            """)
    void namesNoNextWindowWhenNoneIsSure(String status, @Nullable Boolean renews, @Nullable Instant end) {
        Verdict decided = decide(
                licence(status).window(YESTERDAY, null).renewing(renews, end).read());
        assertThat(decided)
                .isInstanceOfSatisfying(
                        Verdict.Blocked.class,
                        no -> assertThat(no.nextWindowAt()).isNull());
    }

    @Test
    void saysWhenASubscriptionEndsThatDoesNotRenew() {
        Verdict decided = decide(licence("active")
                .window(YESTERDAY, null)
                .renewing(false, NEXT_YEAR)
                .read());
        assertThat(((Verdict.Blocked) decided).message()).contains("ends on " + NEXT_YEAR);
    }

    /** The marketplace example of the documentation: a month from 2019-01-09 on, without a last date for cancelling. */
    @Test
    void goesForTheDocumentedMarketplaceExample() {
        Subscription documented = licence("active")
                .kind(Kind.MARKETPLACE_SAAS)
                .window(null, null)
                .renewing(false, Instant.parse("2019-02-08T00:21:45.926372700Z"))
                .build();
        Instant then = Instant.parse("2019-01-09T12:00:00Z");
        assertThat(CancelRules.decide(LICENCE, Given.terms(), new Facts.OfSubscription(then, documented), then))
                .isInstanceOf(Verdict.Go.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CFQ7TTC0LH18:0001:CFQ7TTC0K971, 25, go, ",
        "cfq7ttc0lh18:0001:cfq7ttc0k971, 25, go, ",
        "CFQ7TTC0LH18:0001:CFQ7TTC0K971,   , go, ",
        "                              ,   , go, ",
        "CFQ7TTC0LH18:0001:CFQ7TTC0K971, 24, held, EXPECTATION_MISMATCH",
        "CFQ7TTC0LH18:0002:CFQ7TTC0K971, 25, held, EXPECTATION_MISMATCH",
    })
    void comparesWhatIsExpected(
            @Nullable String offer, @Nullable Integer quantity, String verdict, @Nullable Reason reason) {
        Terms terms = Given.expecting(new Expectation(offer, quantity, null, null));
        Verdict decided = CancelRules.decide(LICENCE, terms, licence("active").read(), NOW);
        assertThat(word(decided)).isEqualTo(verdict);
        assertThat(reason(decided)).isEqualTo(reason);
    }

    @Test
    void holdsWhatCannotBeCompared() {
        Facts silent = licence("active").offer(null, null).read();
        assertThat(reason(CancelRules.decide(
                        LICENCE, Given.expecting(new Expectation("an-offer", null, null, null)), silent, NOW)))
                .isEqualTo(Reason.EXPECTATION_UNREADABLE);
        assertThat(reason(CancelRules.decide(
                        LICENCE, Given.expecting(new Expectation(null, 3, null, null)), silent, NOW)))
                .isEqualTo(Reason.EXPECTATION_UNREADABLE);
        assertThat(reason(CancelRules.decide(
                        LICENCE,
                        Given.expecting(new Expectation(null, null, "contoso.example", null)),
                        licence("active").read(),
                        NOW)))
                .isEqualTo(Reason.EXPECTATION_UNREADABLE);
    }

    @Test
    void neverGoesForAnotherSubscriptionThanTheAskedOne() {
        assertThat(reason(decide(licence("active").id(OTHER).read()))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(licence("active").id(null).read()))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(licence("deleted").id(OTHER).read()))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(licence("deleted").id(null).read()))).isEqualTo(Reason.UNKNOWN_STATE);
    }

    @Test
    void givesEveryOtherAnswerItsReason() {
        assertThat(reason(decide(new Facts.NoSubscription(NOW, "404/20003")))).isEqualTo(Reason.SUBSCRIPTION_NOT_FOUND);
        assertThat(reason(decide(new Facts.NoCustomer(NOW, "404/60003")))).isEqualTo(Reason.CUSTOMER_NOT_FOUND);
        assertThat(reason(decide(new Facts.NotOurCustomer(NOW, "403/20002", "it once was"))))
                .isEqualTo(Reason.NOT_OUR_CUSTOMER);
        assertThat(reason(decide(new Facts.Unreadable(NOW, "not JSON")))).isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(reason(decide(Given.customer(List.of(), List.of())))).isEqualTo(Reason.UNKNOWN_STATE);
    }

    @Test
    void waitsForTheEarliestTimeAndRefusesAfterTheLatest() {
        Facts open = licence("active").read();
        Terms tomorrow = Given.terms(TOMORROW, NEXT_YEAR, Expectation.NONE);
        assertThat(CancelRules.decide(LICENCE, tomorrow, open, NOW))
                .isInstanceOfSatisfying(Verdict.WaitUntil.class, wait -> {
                    assertThat(wait.reason()).isEqualTo(Reason.NOT_BEFORE);
                    assertThat(wait.until()).isEqualTo(TOMORROW);
                });
        assertThat(CancelRules.decide(LICENCE, Given.terms(NOW, NOW, Expectation.NONE), open, NOW))
                .isInstanceOf(Verdict.Go.class);
        assertThat(reason(CancelRules.decide(LICENCE, Given.terms(null, YESTERDAY, Expectation.NONE), open, NOW)))
                .isEqualTo(Reason.EXPIRED);
    }

    private static Verdict decide(Facts facts) {
        return CancelRules.decide(LICENCE, Given.terms(), facts, NOW);
    }

    static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go go -> "go";
            case Verdict.Ended ended -> throw new AssertionError(ended);
            case Verdict.AlreadyDone done -> "done";
            case Verdict.WaitUntil wait -> "wait";
            case Verdict.Blocked no -> "no";
            case Verdict.Hold hold -> "held";
        };
    }

    static @Nullable Reason reason(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go go -> null;
            case Verdict.Ended ended -> throw new AssertionError(ended);
            case Verdict.AlreadyDone done -> null;
            case Verdict.WaitUntil wait -> wait.reason();
            case Verdict.Blocked no -> no.reason();
            case Verdict.Hold hold -> hold.reason();
        };
    }
}
