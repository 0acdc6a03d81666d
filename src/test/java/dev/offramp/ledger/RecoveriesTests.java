package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Recoveries.Told;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a ledger that is older than it was learns about the time that it does not know. */
@OnBothDatabases
class RecoveriesTests {

    private static final String TOPIC = "requests";
    private static final Instant LONG_AGO = Instant.EPOCH;
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    private final LedgerFixture fixture;
    private final Recoveries recoveries;

    RecoveriesTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        recoveries = fixture.ledger().recoveries();
    }

    @Test
    void endWhatWasToldToHaveEndedUnderTheSameNumber() {
        var open = fixture.admit(cancel().as("a"));
        recoveries.remember(List.of(told("a", 4, Reason.DONE), told("a", 2, Reason.BUSY)));

        assertThat(recoveries.takeOver(fixture.now())).isEqualTo(new Recoveries.TakenOver(1, 0, 0));

        assertThat(fixture.read(open).reason()).isEqualTo(Reason.DONE);
        assertThat(fixture.read(open).sequence()).isEqualTo(4);
        assertThat(fixture.outcomes(open))
                .extracting(Outcomes.Outcome::sequence)
                .containsExactly(1, 4);
        assertThat(unsent("a")).as("consumers have it already").containsExactly(1);
        assertThat(recoveries.countRemembered()).isZero();
    }

    @Test
    void goOnAboveTheNumbersThatWereTold() {
        var open = fixture.admit(cancel().as("a"));
        recoveries.remember(List.of(told("a", 7, Reason.BUSY)));

        assertThat(recoveries.takeOver(fixture.now())).isEqualTo(new Recoveries.TakenOver(0, 1, 0));

        assertThat(fixture.read(open).status()).isEqualTo(Status.ACCEPTED);
        assertThat(fixture.outcomes(open))
                .extracting(Outcomes.Outcome::sequence)
                .containsExactly(1, 8);
        assertThat(fixture.settle(open, LedgerFixture.done(Effect.CANCELLED), null))
                .isTrue();
        assertThat(fixture.read(open).sequence()).isEqualTo(9);
    }

    @Test
    void holdWhatHadBeenAcceptedByPartnerCenter() {
        var open = fixture.admit(cancel().as("a"));
        recoveries.remember(List.of(told("a", 2, Reason.ACCEPTED_BY_PARTNER_CENTER)));

        assertThat(recoveries.takeOver(fixture.now())).isEqualTo(new Recoveries.TakenOver(0, 0, 1));

        assertThat(fixture.read(open).reason()).isEqualTo(Reason.APPROVAL_NEEDED);
        assertThat(fixture.read(open).sequence()).isEqualTo(3);
    }

    @Test
    void leaveAloneWhatTheLedgerKnowsAsWell() {
        var ended = fixture.admit(cancel().as("a"));
        fixture.settle(ended, LedgerFixture.done(Effect.CANCELLED), null);

        assertThat(recoveries.knows(told("a", 2, Reason.DONE))).isTrue();
        assertThat(recoveries.knows(told("b", 1, Reason.ADMITTED))).isFalse();
        recoveries.remember(List.of(told("a", 2, Reason.DONE), told("b", 1, Reason.ADMITTED)));

        assertThat(recoveries.countRemembered()).isEqualTo(1);
        assertThat(recoveries.knows(told("b", 1, Reason.ADMITTED))).isTrue();
    }

    @Test
    void admitAsFinalWhatComesAgainAndHadEnded() {
        recoveries.remember(List.of(told("a", 3, Reason.DONE)));
        begin(10, LONG_AGO);

        comes(cancel().as("a").readAt(TOPIC, 0, 4));

        var again = byId("a");
        assertThat(again.reason()).isEqualTo(Reason.DONE);
        assertThat(again.sequence()).isEqualTo(3);
        assertThat(unsent("a")).isEmpty();
        assertThat(fixture.claimAs("node")).isEmpty();
    }

    @Test
    void tellAgainWhatHadEndedAndIsAskedForAnew() {
        recoveries.remember(List.of(told("a", 3, Reason.DONE)));
        begin(10, LONG_AGO);

        comes(cancel().as("a").readAt(TOPIC, 0, 10));

        assertThat(byId("a").reason()).isEqualTo(Reason.DONE);
        assertThat(unsent("a")).containsExactly(3);
    }

    @Test
    void admitWhatComesAgainAboveTheNumbersThatWereTold() {
        recoveries.remember(List.of(told("a", 3, Reason.BUSY), told("b", 2, Reason.ACCEPTED_BY_PARTNER_CENTER)));
        begin(10, LONG_AGO);

        comes(cancel().as("a").readAt(TOPIC, 0, 4));
        comes(cancel().as("b").readAt(TOPIC, 0, 5));

        assertThat(byId("a").status()).isEqualTo(Status.ACCEPTED);
        assertThat(unsent("a")).containsExactly(4);
        assertThat(byId("b").reason()).isEqualTo(Reason.APPROVAL_NEEDED);
        assertThat(unsent("b")).containsExactly(3, 4);
    }

    @Test
    void holdWhatHadBeenReadAndOfWhichNothingIsToldAnyMore() {
        begin(10, NEVER);

        comes(cancel().as("read before").readAt(TOPIC, 0, 9));

        assertThat(byId("read before").reason()).isEqualTo(Reason.APPROVAL_NEEDED);
        assertThat(recoveries
                        .past(List.of())
                        .concerns(cancel().readAt(TOPIC, 0, 10).build()))
                .as("what had not been read is as any other")
                .isFalse();
        assertThat(recoveries
                        .past(List.of())
                        .concerns(cancel().readAt("other", 0, 9).build()))
                .isFalse();
    }

    @Test
    void admitAsNewWhatHadBeenReadAndOfWhichNothingCanHaveBeenToldButLookForItsCallTwice() {
        begin(10, LONG_AGO);

        comes(cancel().as("read just before").readAt(TOPIC, 0, 9));

        assertThat(byId("read just before").reason()).isEqualTo(Reason.ADMITTED);
        assertThat(unsent("read just before")).containsExactly(1);
        var again = fixture.now().plusSeconds(15);
        assertThat(look("read just before", fixture.now())).contains(again);
        assertThat(look("read just before", again.minusMillis(1))).contains(again);
        assertThat(look("read just before", again)).isEmpty();
    }

    @Test
    void lookTwiceForTheCallsOfWhatIsOpenAndOnceForThoseOfWhatComesLater() {
        fixture.admit(cancel().as("open"));
        begin(10, LONG_AGO);
        fixture.admit(cancel().as("later"));

        assertThat(look("open", fixture.now())).isPresent();
        assertThat(look("later", fixture.now())).isEmpty();
    }

    @Test
    void letAWithdrawThatWasRememberedWinOverWhatIsHeld() {
        begin(10, NEVER);
        fixture.withdraw(withdraw("a").as("w"));

        comes(cancel().as("a").readAt(TOPIC, 0, 9));

        assertThat(byId("a").reason()).isEqualTo(Reason.BY_SOURCE);
    }

    @Test
    void areOverWhenTheirTimeIsOverAndTheTopicIsReadAgain() {
        recoveries.need("It is older.", fixture.now());
        assertThat(recoveries.end(fixture.now())).isFalse();
        begin(10, LONG_AGO);
        assertThat(recoveries.open().orElseThrow().state()).isEqualTo(Recoveries.State.UNDER_WAY);
        fixture.pass(Duration.ofMinutes(25));
        assertThat(recoveries.end(fixture.now())).as("not read again yet").isFalse();

        fixture.ledger().offsets().note(TOPIC, Map.of(0, 10L), fixture.now());

        assertThat(recoveries.end(fixture.now().minusSeconds(1))).isFalse();
        assertThat(recoveries.end(fixture.now())).isTrue();
        assertThat(recoveries.end(fixture.now())).isFalse();
        assertThat(recoveries.open()).isEmpty();
    }

    private void begin(long until, Instant toldFrom) {
        recoveries.begin(
                "It is older.",
                fixture.now().plus(Duration.ofMinutes(25)),
                Map.of(new Recoveries.Partition(TOPIC, 0), until),
                toldFrom,
                fixture.now());
    }

    private void comes(Admissions admission) {
        var built = admission.build();
        var past = recoveries.past(List.of(built.key()));
        assertThat(past.concerns(built)).isTrue();
        recoveries.admit(built, past, fixture.now());
    }

    private Optional<Instant> look(String id, Instant readAt) {
        return recoveries.lookAgainAt(byId(id).number(), readAt, Duration.ofSeconds(15));
    }

    private Request byId(String id) {
        return fixture.ledger().requests().byKey(key(id)).orElseThrow();
    }

    private List<Integer> unsent(String id) {
        return fixture.ledger().outcomes().unsent(100).stream()
                .filter(each -> each.request().key().id().equals(id))
                .map(Outcomes.Outcome::sequence)
                .toList();
    }

    private static Told told(String id, int sequence, Reason reason) {
        return new Told(key(id), sequence, reason, Effect.NONE, "It was told.", Details.NONE, Admissions.START);
    }

    private static RequestKey key(String id) {
        return new RequestKey("/contoso/billing", id);
    }
}
