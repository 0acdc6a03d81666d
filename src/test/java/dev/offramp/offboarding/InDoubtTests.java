package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tries without a reply, and calls that were accepted and not yet seen. */
class InDoubtTests {

    private static final InDoubt RULES = InDoubt.DEFAULT;

    @ParameterizedTest
    @CsvSource(textBlock = """
            # operation,                  seen,        read after, earlier reads, step,   next look after, reads
            CANCEL_SUBSCRIPTION,          EFFECT,      PT0S,       0,             settled, ,               0
            CANCEL_SUBSCRIPTION,          EFFECT,      PT48H,      1,             settled, ,               0
            CANCEL_SUBSCRIPTION,          NO_EFFECT,   PT1M,       0,             look,   PT3M0.001S,      0
            CANCEL_SUBSCRIPTION,          NO_EFFECT,   PT1M,       1,             look,   PT3M0.001S,      0
            CANCEL_SUBSCRIPTION,          NO_EFFECT,   PT3M,       0,             look,   PT3M0.001S,      0
            CANCEL_SUBSCRIPTION,          NO_EFFECT,   PT3M0.001S, 0,             look,   PT3M15.001S,     1
            CANCEL_SUBSCRIPTION,          NO_EFFECT,   PT3M20S,    1,             repeat, ,                0
            REMOVE_RESELLER_RELATIONSHIP, NO_EFFECT,   PT3M20S,    1,             look,   PT6M0.001S,      0
            REMOVE_RESELLER_RELATIONSHIP, NO_EFFECT,   PT6M1S,     1,             repeat, ,                0
            REMOVE_RESELLER_RELATIONSHIP, NO_EFFECT,   PT48H,      1,             repeat, ,                0
            CANCEL_SUBSCRIPTION,          CANNOT_TELL, PT0S,       0,             look,   PT15S,           0
            CANCEL_SUBSCRIPTION,          CANNOT_TELL, PT4M,       1,             look,   PT8M,            0
            CANCEL_SUBSCRIPTION,          CANNOT_TELL, PT12H,      0,             look,   PT12H10M,        0
            CANCEL_SUBSCRIPTION,          CANNOT_TELL, PT23H59M,   0,             look,   PT24H,           0
            CANCEL_SUBSCRIPTION,          CANNOT_TELL, PT24H,      0,             person, ,                0
            """)
    void goesByWhatWasSeenAndWhen(
            Operation operation,
            Seen seen,
            Duration after,
            int earlierReads,
            String step,
            Duration nextLook,
            int reads) {
        Instant at = NOW.plus(after);
        InDoubt.Doubt doubt = new InDoubt.Doubt(step(operation), NOW, NOW, earlierReads);
        switch (RULES.next(doubt, seen, at, at)) {
            case InDoubt.Next.Settled settled -> assertThat(step).isEqualTo("settled");
            case InDoubt.Next.RepeatNow repeat -> assertThat(step).isEqualTo("repeat");
            case InDoubt.Next.PersonMustDecide person -> assertThat(step).isEqualTo("person");
            case InDoubt.Next.LookAgainAt look -> {
                assertThat(step).isEqualTo("look");
                assertThat(look.at()).isEqualTo(NOW.plus(nextLook));
                assertThat(look.notDoneReads()).isEqualTo(reads);
            }
        }
    }

    /** A read that was begun early and ended late saw the state of an early moment. */
    @Test
    void countsFromTheBeginningOfTheRead() {
        InDoubt.Doubt doubt = new InDoubt.Doubt(step(Operation.CANCEL_SUBSCRIPTION), NOW, NOW, 1);
        Instant late = NOW.plus(Duration.ofMinutes(10));
        assertThat(RULES.next(doubt, Seen.NO_EFFECT, NOW.plusSeconds(1), late))
                .isEqualTo(new InDoubt.Next.LookAgainAt(late, 0));
    }

    @Test
    void startsTheWaitAnewWithEachTry() {
        InDoubt.Doubt second =
                new InDoubt.Doubt(step(Operation.CANCEL_SUBSCRIPTION), NOW.plus(Duration.ofMinutes(4)), NOW, 0);
        Instant at = NOW.plus(Duration.ofMinutes(5));
        assertThat(RULES.next(second, Seen.NO_EFFECT, at, at))
                .isEqualTo(new InDoubt.Next.LookAgainAt(RULES.countsFrom(second).plusMillis(1), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "EFFECT, PT48H, settled, ",
        "NO_EFFECT, PT15S, look, PT30S",
        "NO_EFFECT, PT30S, look, PT1M",
        "CANNOT_TELL, PT1M, look, PT2M",
        "NO_EFFECT, PT2H, look, PT2H10M",
        "NO_EFFECT, PT23H55M, look, PT24H",
        "NO_EFFECT, PT24H, person, ",
        "CANNOT_TELL, PT24H, person, ",
    })
    void confirmsWithGrowingWaitsForADay(Seen seen, Duration after, String step, Duration next) {
        assertThat(Confirming.DEFAULT.firstLook(NOW)).isEqualTo(NOW.plusSeconds(15));
        switch (Confirming.DEFAULT.next(NOW, seen, NOW.plus(after))) {
            case Confirming.Next.Settled settled -> assertThat(step).isEqualTo("settled");
            case Confirming.Next.PersonMustDecide person -> assertThat(step).isEqualTo("person");
            case Confirming.Next.LookAgainAt look -> {
                assertThat(step).isEqualTo("look");
                assertThat(look.at()).isEqualTo(NOW.plus(next));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            deleted,   EFFECT
            Deleted,   EFFECT
            active,    NO_EFFECT
            suspended, NO_EFFECT
            pending,   CANNOT_TELL
            paused,    CANNOT_TELL
            -,         CANNOT_TELL
            """)
    void seesACancelInTheStatus(String status, Seen seen) {
        Facts read = Given.licence("active").status(status).read();
        assertThat(Seen.afterCancel(Given.LICENCE, read)).isEqualTo(seen);
        assertThat(Seen.afterCancel(Given.OTHER, read)).isEqualTo(Seen.CANNOT_TELL);
    }

    @Test
    void cannotSeeACancelInAnythingElse() {
        assertThat(Seen.afterCancel(Given.LICENCE, new Facts.NoSubscription(NOW, "404/20003")))
                .isEqualTo(Seen.CANNOT_TELL);
        assertThat(Seen.afterCancel(Given.LICENCE, new Facts.Unreadable(NOW, "not JSON")))
                .isEqualTo(Seen.CANNOT_TELL);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"none, EFFECT", "reseller, NO_EFFECT", "advisor, CANNOT_TELL", "-, CANNOT_TELL"})
    void seesAnUnlinkInTheRelationship(String relationship, Seen seen) {
        Facts read = new Facts.OfCustomer(NOW, Given.contoso(relationship), List.of(), List.of(), true);
        assertThat(Seen.afterUnlink(Given.CONTOSO, read)).isEqualTo(seen);
    }

    @Test
    void seesAnUnlinkWhenTheCustomerIsNotOursAnyMore() {
        assertThat(Seen.afterUnlink(Given.CONTOSO, new Facts.NotOurCustomer(NOW, "403/20002", "")))
                .isEqualTo(Seen.EFFECT);
        assertThat(Seen.afterUnlink(Given.CONTOSO, new Facts.NoCustomer(NOW, "404/60003")))
                .isEqualTo(Seen.EFFECT);
        assertThat(Seen.afterUnlink(Given.CONTOSO, new Facts.Unreadable(NOW, "not JSON")))
                .isEqualTo(Seen.CANNOT_TELL);
    }

    @ParameterizedTest
    @CsvSource({"-1, PT15S", "0, PT15S", "1, PT30S", "2, PT1M", "5, PT8M", "6, PT10M", "2147483647, PT10M"})
    void doublesWaitsUpToTheLongest(int earlier, Duration wait) {
        assertThat(Confirming.DEFAULT.looks().after(earlier)).isEqualTo(wait);
    }

    @Test
    void refusesWaitsThatDoNotGrow() {
        assertThatThrownBy(() -> new BackOff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BackOff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Step step(Operation operation) {
        return operation == Operation.CANCEL_SUBSCRIPTION
                ? new Step.ChangeSubscription(Given.LICENCE, Change.CANCEL, true)
                : new Step.RemoveRelationship();
    }
}
