package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnBothDatabases
class ProcessingTests {

    private final BatchNode node;

    ProcessingTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void cancelsWhatIsAskedWithOneCallAndTellsIt() {
        Request request = node.admit(cancel("a"));

        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.lastOutcome(request).effect()).isEqualTo(Effect.CANCELLED);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("response");
        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void tellsPeopleWhatToDoAboutWhatPartnerCenterAnswered() {
        Request declined = node.admit(cancel("a"));
        Request busy = node.admit(cancel("b"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.DECLINED);
        node.partnerCenter.trouble.put(subscription("b"), FakePartnerCenter.Trouble.BUSY);

        node.work();

        assertThat(node.told(declined)).endsWith(Reason.DECLINED_BY_PARTNER_CENTER);
        assertThat(node.lastOutcome(declined).details().advice()).isEqualTo("What to do about 400.");
        assertThat(node.told(busy)).endsWith(Reason.RENEWAL_RUNNING);
        assertThat(node.lastOutcome(busy).details().advice()).isEqualTo("What to do about 409.");
    }

    @Test
    void believesAnUnlinkOnlyWhenAReadShowsIt() {
        Request request = node.admit(unlink("a"));

        node.work();
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.CONFIRMING);

        node.clock.pass(Duration.ofSeconds(15));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.CONFIRMING, Reason.DONE);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("read-back");
        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.lastOutcome(request).details().before())
                .as("the customer, as it was")
                .contains("\"companyName\":\"Contoso\"", "\"relationshipToPartner\":\"reseller\"");
        assertThat(node.ledger().decisions().of(request.number()).getLast().verdict())
                .as("what the read showed")
                .isEqualTo("{\"ReadBack\":{\"step\":\"unlink\",\"of\":1,\"shows\":\"effect\"}}");
    }

    @Test
    void readsBackACallWithoutAnswerAndDoesNotRepeatOneThatWorked() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_AFTER_THE_EFFECT);

        node.work();
        node.clock.pass(Duration.ofSeconds(5));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.CONFIRMING, Reason.DONE);
        assertThat(node.lastOutcome(request).effect()).isEqualTo(Effect.CANCELLED);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("read-back");
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void repeatsACallWithoutAnswerOnlyAfterTwoLateReadsAndWithTheSameRequestId() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_BEFORE_THE_EFFECT);
        node.work();

        // Deadline 60 s and settle time 2 min: every read until then does not count.
        for (int seconds = 0; seconds < 180; seconds += 10) {
            node.clock.pass(Duration.ofSeconds(10));
            node.work();
            assertThat(node.partnerCenter.calls).hasSize(1);
        }
        node.clock.pass(Duration.ofSeconds(10));
        node.work();
        assertThat(node.partnerCenter.calls).as("one late read is not enough").hasSize(1);
        node.clock.pass(Duration.ofSeconds(15));
        node.work();

        assertThat(node.partnerCenter.calls).hasSize(2);
        assertThat(node.partnerCenter.calls.get(1).requestId())
                .isEqualTo(node.partnerCenter.calls.get(0).requestId());
        assertThat(node.partnerCenter.calls.get(1).correlationId())
                .isNotEqualTo(node.partnerCenter.calls.get(0).correlationId());
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void asksAgainWithANewRequestIdAfterAnAnswer() {
        node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.STALE);

        node.work();

        assertThat(node.partnerCenter.calls).hasSize(2);
        assertThat(node.partnerCenter.calls.get(1).requestId())
                .isNotEqualTo(node.partnerCenter.calls.get(0).requestId());
    }

    @Test
    void putsABusyTargetOffByTheTimeThatTheServerNamed() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.BUSY);

        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.RENEWAL_RUNNING);
        assertThat(node.read(request).dueAt()).isEqualTo(node.clock.instant().plus(Duration.ofMinutes(2)));
    }

    @Test
    void makesTheSecondOfTwoRequestsForOneSubscriptionSeeWhatTheFirstDid() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(cancel("a").as("again"));

        node.work();
        node.work();

        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(second)).endsWith(Reason.ALREADY_DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void planOnlyRequestsAreJudgedAndNeverSent() {
        Request request = node.admit(cancel("a").planOnly());

        node.work();

        assertThat(node.told(request)).endsWith(Reason.PLAN_ONLY);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void requestsAdmittedInObserveModeAreJudgedAndNeverSent() {
        Request request = node.admit(cancel("a").observed());

        node.work();

        assertThat(node.told(request)).endsWith(Reason.OBSERVE_MODE);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    static Admissions cancel(String name) {
        return Admissions.cancel()
                .of(Admissions.customer("customer-" + name), Admissions.subscription("subscription-" + name))
                .as("cancel-" + name);
    }

    static Admissions unlink(String name) {
        return Admissions.unlink().of(Admissions.customer("customer-" + name)).as("unlink-" + name);
    }

    static String subscription(String name) {
        return Admissions.subscription("subscription-" + name).value();
    }
}
