package dev.offramp.request;

import static dev.offramp.request.Events.at;
import static dev.offramp.request.Events.cancel;
import static dev.offramp.request.Events.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Status;
import dev.offramp.request.Intake.Taken;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class IntakeTests {

    private final UnreliableDataSource dataSource;
    private final IntakeFixture fixture;

    IntakeTests(TestDatabase database) {
        dataSource = new UnreliableDataSource(database.fresh());
        fixture = new IntakeFixture(dataSource);
    }

    @Test
    void writesAPollWithItsOffsets() {
        var taken =
                take(cancel("a").record(), Events.raw("nonsense"), cancel("b").record());

        assertThat(taken).isEqualTo(new Taken(2, 0, 1));
        assertThat(fixture.ids()).containsExactly("a", "b");
        assertThat(fixture.outcomes("a")).containsExactly("admitted");
        assertThat(fixture.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.place().offset()).isEqualTo(1);
            assertThat(refusal.value()).isEqualTo(Events.utf8("nonsense"));
            assertThat(refusal.length()).isEqualTo(8);
            assertThat(refusal.digest()).isEqualTo(Body.sha256("nonsense"));
        });
        assertThat(offsets()).isEqualTo(Map.of(0, 3L));
    }

    @Test
    void admitsOnceWhatComesTwiceInOnePoll() {
        var taken = take(cancel("a").record(), cancel("a").binaryRecord());

        assertThat(taken).isEqualTo(new Taken(1, 1, 0));
        assertThat(fixture.outcomes("a")).containsExactly("admitted");
    }

    @Test
    void refusesAnIdThatOnePollReuses() {
        var taken = take(
                cancel("a").record(),
                cancel("a").data(data -> data.put("mode", "plan")).record());

        assertThat(taken).isEqualTo(new Taken(1, 0, 1));
        assertThat(fixture.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo("id-reused-with-other-body");
            assertThat(refusal.firstDigest())
                    .isEqualTo(fixture.request("a").admission().digest());
            assertThat(refusal.id()).isEqualTo("a");
        });
        assertThat(fixture.outcomes("a")).containsExactly("admitted");
    }

    @Test
    void answersARefusedRecordOnceHoweverOftenItComes() {
        var faulty = cancel("a").data(data -> data.put("planonly", true));

        take(faulty.record(), faulty.record());
        var again = intake().take(List.of(at(2, faulty.record())));

        assertThat(again).isEqualTo(new Taken(0, 1, 0));
        assertThat(fixture.outcomes("a")).containsExactly("invalid-message");
        assertThat(fixture.request("a").status()).isEqualTo(Status.REJECTED);
        assertThat(fixture.refusals()).hasSize(1);
    }

    @Test
    void tellsTheNewestOutcomeAgainUnderTheSameNumber() {
        take(cancel("a").record());
        var first = fixture.ledger().outcomes().unsent(10);
        fixture.ledger()
                .outcomes()
                .sent(first.stream().map(each -> each.ticket()).toList());

        intake().take(List.of(at(1, cancel("a").record())));

        assertThat(fixture.ledger().outcomes().unsent(10))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("ticket")
                .isEqualTo(first);
    }

    @Test
    void takesARequestBackThatStandsRightBeforeInThePoll() {
        take(cancel("a").record(), withdraw("w", "a").record());

        assertThat(fixture.request("a").status()).isEqualTo(Status.WITHDRAWN);
        assertThat(fixture.outcomes("w")).containsExactly("admitted", "done");
    }

    @Test
    void letsAWithdrawalWinThatComesFirst() {
        take(withdraw("w", "a").record(), cancel("a").record());

        assertThat(fixture.request("a").status()).isEqualTo(Status.WITHDRAWN);
    }

    @Test
    void keepsAQuarterOfAMegabyteOfWhatIsTooLong() {
        var long_ = cancel("a")
                .data(data -> data.put("reason", "x".repeat(2 * 1024 * 1024)))
                .bytes();

        take(Events.raw(long_));

        assertThat(fixture.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.value()).hasSize(256 * 1024);
            assertThat(refusal.length()).isEqualTo(long_.length);
            assertThat(refusal.digest()).isEqualTo(Body.sha256(long_));
        });
    }

    @Test
    void writesNothingOfAPollWhenTheDatabaseIsAway() {
        dataSource.goAway();

        assertThatThrownBy(() -> take(cancel("a").record())).isInstanceOf(TransactionException.class);

        dataSource.comeBack();
        assertThat(fixture.ids()).isEmpty();
        assertThat(offsets()).isEmpty();
    }

    @Test
    void takesAPollRecordByRecordWhenTheDatabaseDoesNotTakeOne() {
        var intake = fixture.intakeWith(unableToTake("bad"));

        var taken = intake.take(numbered(
                cancel("a").record(), cancel("bad").record(), cancel("c").record()));

        assertThat(taken).isEqualTo(new Taken(2, 0, 1));
        assertThat(fixture.ids()).containsExactly("a", "c");
        assertThat(fixture.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.place().offset()).isEqualTo(1);
            assertThat(refusal.reason()).isEqualTo("invalid-message");
            assertThat(refusal.message()).contains("the database does not take its data");
            assertThat(refusal.value()).isEqualTo(cancel("bad").bytes());
        });
        assertThat(offsets()).isEqualTo(Map.of(0, 3L));
    }

    @Test
    void looksAgainWhenAnotherPartitionBringsTheSameIdInThisMoment() {
        take(cancel("a").record());
        var intake = fixture.intakeWith(blindOnce());

        var taken = intake.take(List.of(at(1, cancel("a").record())));

        assertThat(taken).isEqualTo(new Taken(0, 1, 0));
        assertThat(fixture.refusals()).isEmpty();
    }

    private Intake intake() {
        return fixture.intake();
    }

    private Taken take(IncomingRecord... poll) {
        return intake().take(numbered(poll));
    }

    private static List<IncomingRecord> numbered(IncomingRecord... poll) {
        return Stream.iterate(0, i -> i < poll.length, i -> i + 1)
                .map(i -> at(i, poll[i]))
                .toList();
    }

    private Map<Integer, Long> offsets() {
        return fixture.ledger().offsets().of("offramp.requests");
    }

    /** Requests of a database whose columns have no room for the request of this id. */
    private Requests unableToTake(String id) {
        return over((method, arguments) -> {
            if (method.equals("admit")
                    && ((List<?>) arguments[0])
                            .stream()
                                    .anyMatch(each ->
                                            ((Admission) each).key().id().equals(id))) {
                throw new DataIntegrityViolationException("The test does not take " + id);
            }
        });
    }

    /** Requests whose first two looks came before another partition's commit. */
    private Requests blindOnce() {
        var looks = new java.util.concurrent.atomic.AtomicInteger();
        return over((method, arguments) -> {
            if (method.equals("digests") && looks.incrementAndGet() <= 2) {
                throw new NotSeen();
            }
        });
    }

    /** Stands for a look that does not see the other's row yet. */
    private static final class NotSeen extends RuntimeException {}

    /** What is done before a method of the real ledger. */
    private interface Before {
        void call(String method, Object[] arguments);
    }

    private Requests over(Before before) {
        var real = fixture.ledger().requests();
        return (Requests) Proxy.newProxyInstance(
                Requests.class.getClassLoader(), new Class<?>[] {Requests.class}, (proxy, method, arguments) -> {
                    try {
                        before.call(method.getName(), arguments);
                        return method.invoke(real, arguments);
                    } catch (NotSeen e) {
                        return Map.<RequestKey, String>of();
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
