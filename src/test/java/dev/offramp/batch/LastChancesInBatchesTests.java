package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.FakePartnerCenter.Trouble;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.LastChance.End;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was read of a request tells by when it is carried out, whatever came between; and the most urgent one goes first. */
@OnBothDatabases
class LastChancesInBatchesTests {

    private static final Instant CLOSES = Admissions.START.plus(Duration.ofHours(3));

    private static final LastChance READ = new LastChance(CLOSES, End.CANCELLATION_WINDOW);

    private final BatchNode node;

    LastChancesInBatchesTests(TestDatabase database) {
        // One request after the other.
        node = BatchNode.over(database.fresh(), "offramp.batch.max-requests=1", "offramp.batch.max-running=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void keepsWhatWasReadWhateverBecameOfTheCall() {
        Map<Request, Reason> expected = new LinkedHashMap<>();
        expected.put(closing("throttled", Trouble.THROTTLED), Reason.BUSY);
        expected.put(closing("stale", Trouble.STALE), Reason.BUSY);
        expected.put(closing("late", Trouble.LATE), Reason.BUSY);
        expected.put(closing("busy", Trouble.BUSY), Reason.RENEWAL_RUNNING);
        expected.put(closing("lost", Trouble.LOST_BEFORE_THE_EFFECT), Reason.CONFIRMING);
        expected.put(closing("accepted", Trouble.ACCEPTED_FOR_LATER), Reason.ACCEPTED_BY_PARTNER_CENTER);
        expected.put(closing("closed", Trouble.CUSTOMER_ACCESS), Reason.PERMISSION_MISSING);
        node.partnerCenter.windows.put(subscription("mismatch"), CLOSES);
        expected.put(
                node.admit(cancel("mismatch").expecting(new Expectation(null, 7, null, null))),
                Reason.EXPECTATION_MISMATCH);
        Request broken = closing("broken", null);
        expected.put(broken, Reason.INTERNAL_ERROR);
        node.partnerCenter.whileCalled = permit -> {
            if (permit.customerId().equals(broken.customerId())) {
                throw new IllegalStateException("a bug");
            }
        };

        workOff();

        expected.forEach((request, reason) -> {
            assertThat(node.told(request)).as(request.key().id()).endsWith(reason);
            assertThat(chance(request)).as(request.key().id()).isEqualTo(READ);
        });
        assertThat(node.bugs()).hasSize(1);
    }

    /** The trouble comes back with every read, as it goes with every call. */
    private Request closing(String name, @Nullable Trouble trouble) {
        node.partnerCenter.windows.put(subscription(name), CLOSES);
        if (trouble != null) {
            var before = node.partnerCenter.whileRead;
            node.partnerCenter.whileRead = id -> {
                before.accept(id);
                if (id.value().equals(subscription(name))) {
                    node.partnerCenter.trouble.put(id.value(), trouble);
                }
            };
        }
        return node.admit(cancel(name));
    }

    @Test
    void keepsWhatWasReadBeforeAnotherReadFailed() {
        Request software = closing("software", null);
        node.partnerCenter.kinds.put(subscription("software"), Kind.PERPETUAL_SOFTWARE);
        List<SubscriptionId> read = new ArrayList<>();
        node.partnerCenter.whileRead = id -> {
            if (id.equals(software.subscriptionId()) && !read.isEmpty()) {
                node.partnerCenter.unreadable.add(id.value());
            }
            read.add(id);
        };
        node.admit(cancel("another, so that Partner Center is not away"));

        workOff();

        assertThat(node.told(software)).endsWith(Reason.RETRIES_EXHAUSTED);
        assertThat(chance(software)).isEqualTo(READ);
    }

    @Test
    void keepsWhatWasReadBeforeTheBrakeWasPulled() {
        Request inPart = closing("in part", null);
        whenItIsRead(inPart, () -> node.pull(Brake.Scope.SOURCE, inPart.key().source()));
        node.work();

        assertThat(node.read(inPart).dueAt()).as("it was handed back").isNotNull();
        assertThat(chance(inPart)).isEqualTo(READ);

        node.release(Brake.Scope.SOURCE, inPart.key().source());
        whenItIsRead(inPart, () -> node.pull(Brake.Scope.ALL, ""));
        forgetChances();
        node.work();

        assertThat(node.read(inPart).batch())
                .as("it stays in the stopped batch")
                .isNotNull();
        assertThat(chance(inPart)).isEqualTo(READ);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    private void whenItIsRead(Request request, Runnable action) {
        node.partnerCenter.whileRead = id -> {
            if (id.equals(request.subscriptionId())) {
                node.partnerCenter.whileRead = _ -> {};
                action.run();
            }
        };
    }

    private void forgetChances() {
        node.jdbc()
                .sql("update request set last_chance_at = null, last_chance_of = null")
                .update();
    }

    @Test
    void keepsWhatALookForTheEffectHasRead() {
        Request lost = closing("lost", Trouble.LOST_BEFORE_THE_EFFECT);
        node.work();
        forgetChances();
        node.clock.pass(Duration.between(
                node.clock.instant(), Objects.requireNonNull(node.read(lost).dueAt())));

        node.work();

        assertThat(node.told(lost)).endsWith(Reason.CONFIRMING);
        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(chance(lost)).isEqualTo(READ);
    }

    @Test
    void carriesOutTheMostUrgentFirst() {
        Instant now = node.clock.instant();
        Request weeks = node.admit(cancel("weeks").notAfter(now.plus(Duration.ofDays(20))));
        Request sooner = node.admit(cancel("sooner").notAfter(now.plus(Duration.ofDays(10))));
        Request read = closing("read", Trouble.BUSY);
        Request hours = node.admit(cancel("hours").notAfter(now.plus(Duration.ofHours(4))));
        LastChances chances = node.context.getBean(LastChances.class);
        chances.note(read.number(), READ);

        workOff();

        assertThat(customersCalled())
                .containsExactly(
                        read.customerId().value(),
                        hours.customerId().value(),
                        sooner.customerId().value(),
                        weeks.customerId().value());
    }

    @Test
    void carriesOutBeforeTheOthersWhatAnUrgentOneWaitsFor() {
        Instant now = node.clock.instant();
        Request first = node.admit(cancel("a").notAfter(now.plus(Duration.ofDays(20))));
        Request others = node.admit(cancel("b").notAfter(now.plus(Duration.ofDays(10))));
        Request urgent = node.admit(unlink("a").notAfter(now.plus(Duration.ofHours(4))));

        node.work();

        assertThat(node.told(urgent)).endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);
        assertThat(chance(first))
                .as("its own")
                .isEqualTo(new LastChance(first.terms().notAfter(), End.NOT_AFTER));

        workOff();

        assertThat(node.partnerCenter.calls)
                .extracting(each -> each.customerId().value())
                .containsExactly(
                        first.customerId().value(),
                        urgent.customerId().value(),
                        others.customerId().value());
        assertThat(node.partnerCenter.calls.get(1).step()).isInstanceOf(Step.RemoveRelationship.class);
    }

    private List<String> customersCalled() {
        return node.partnerCenter.calls.stream()
                .map(Permit::customerId)
                .map(each -> each.value())
                .toList();
    }

    private void workOff() {
        while (node.work() > 0) {
            // The next batch.
        }
    }

    private @Nullable LastChance chance(Request request) {
        return node.context.getBean(LastChances.class).of(request.number()).orElse(null);
    }
}
