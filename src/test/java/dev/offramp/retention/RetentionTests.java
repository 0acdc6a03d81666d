package dev.offramp.retention;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.change;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.retention.Retention.Result;
import dev.offramp.retention.Sweep.Ages;
import dev.offramp.retention.TopicRecords.Kept;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.support.JdbcTransactionManager;

@OnBothDatabases
class RetentionTests {

    private static final List<String> TABLES = List.of(
            "request",
            "outcome",
            "outcome_to_send",
            "decision",
            "attempt",
            "attempt_try",
            "permit",
            "batch",
            "batch_job_instance",
            "batch_job_execution",
            "batch_job_execution_params",
            "batch_job_execution_context",
            "batch_step_execution",
            "batch_step_execution_context");

    private final LedgerFixture fixture;
    private final JobRepository repository;
    private Kept kept = new Kept.AtMost(Duration.ofDays(7));

    RetentionTests(TestDatabase database) throws Exception {
        var fresh = database.fresh();
        fixture = LedgerFixture.over(fresh);
        repository = repository(fresh);
    }

    @Test
    void leavesTheStubOfWhatEndedLongAgo() {
        var done = carriedOut("a");
        sendAll();
        fixture.pass(Duration.ofDays(91));

        assertThat(retention().runIfDue(() -> false)).isEqualTo(Result.DONE);

        var stub = fixture.read(done);
        assertThat(stub.isStub()).isTrue();
        assertThat(stub.admission().digest()).isEqualTo(done.admission().digest());
        assertThat(stub.admission().cause()).isEmpty();
        assertThat(fixture.outcomes(done)).singleElement().satisfies(outcome -> {
            assertThat(outcome.reason()).isEqualTo(Reason.DONE);
            assertThat(outcome.effect()).isEqualTo(Effect.CANCELLED);
            assertThat(outcome.sequence()).isEqualTo(2);
            assertThat(outcome.details()).isEqualTo(Details.NONE);
        });
        assertThat(counts())
                .containsEntry("request", 1)
                .containsEntry("outcome", 1)
                .allSatisfy((table, count) -> assertThat(
                                List.of("request", "outcome").contains(table) ? 0 : count)
                        .as(table)
                        .isZero());
    }

    @Test
    void keepsWhatEndedALittleLess() {
        carriedOut("a");
        sendAll();
        var before = rows();
        fixture.pass(Duration.ofDays(89));

        retention().runIfDue(() -> false);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void tellsARepetitionOfAStubWhatTheStubKnows() {
        var done = carriedOut("a");
        sendAll();
        fixture.pass(Duration.ofDays(91));
        retention().runIfDue(() -> false);

        assertThat(fixture.ledger().requests().digests(List.of(done.key())))
                .as("it is recognised")
                .containsEntry(done.key(), done.admission().digest());
        fixture.ledger().requests().tellAgain(List.of(done.key()));

        assertThat(fixture.ledger().outcomes().unsent(10)).singleElement().satisfies(outcome -> {
            assertThat(outcome.request().key()).isEqualTo(done.key());
            assertThat(outcome.reason()).isEqualTo(Reason.DONE);
            assertThat(outcome.sequence()).isEqualTo(2);
        });
    }

    @Test
    void forgetsAStubThatCannotComeAgain() {
        carriedOut("a");
        sendAll();
        fixture.pass(Duration.ofDays(399));
        retention().runIfDue(() -> false);
        assertThat(counts()).containsEntry("request", 1);

        fixture.pass(Duration.ofDays(2));
        retention().runIfDue(() -> false);

        assertThat(counts())
                .allSatisfy((table, count) -> assertThat(count).as(table).isZero());
    }

    @Test
    void keepsAStubAsLongAsTheTopicMayHaveItsRecord() {
        var fromTheTopic = fixture.admit(cancel().as("record").readAt("offramp.requests", 0, 1));
        var fromAFile = fixture.admit(cancel().as("line"));
        fixture.settle(fromTheTopic, resolution(Reason.WINDOW_CLOSED), null);
        fixture.settle(fromAFile, resolution(Reason.WINDOW_CLOSED), null);
        fixture.ledger().refusals().add(refusal(2), fixture.now());
        fixture.ledger().refusals().sent(List.of(1L));
        sendAll();

        kept = new Kept.ForEver("retention.ms=-1");
        fixture.pass(Duration.ofDays(2000));
        retention().runIfDue(() -> false);
        fixture.pass(Duration.ofDays(1));
        retention().runIfDue(() -> false);
        assertThat(fixture.ledger().requests().byKey(fromAFile.key())).isEmpty();
        assertThat(fixture.ledger().requests().byKey(fromTheTopic.key())).isPresent();
        assertThat(fixture.ledger().refusals().byNumber(1)).isPresent();

        kept = new Kept.Silent("timeout");
        fixture.pass(Duration.ofDays(1));
        retention().runIfDue(() -> false);
        assertThat(fixture.ledger().requests().byKey(fromTheTopic.key())).isPresent();

        kept = new Kept.AtMost(Duration.ofDays(1973));
        fixture.pass(Duration.ofDays(1));
        retention().runIfDue(() -> false);
        assertThat(fixture.ledger().requests().byKey(fromTheTopic.key()))
                .as("2003 days old; the topic and the longest age are as much together")
                .isPresent();
        fixture.pass(Duration.ofDays(1));
        retention().runIfDue(() -> false);
        assertThat(fixture.ledger().requests().byKey(fromTheTopic.key())).isEmpty();
        assertThat(fixture.ledger().refusals().byNumber(1)).isEmpty();
    }

    @Test
    void touchesNothingOfWhatIsOpenHoweverOld() {
        var waiting = fixture.admit(cancel().as("waiting"));
        var completed = fixture.claim();
        launched(completed);
        read(waiting);
        sent(waiting, completed);
        assertThat(fixture.settle(
                        waiting,
                        deferred(Reason.CONFIRMING, fixture.now().plus(Duration.ofDays(900))),
                        fence(completed)))
                .isTrue();
        end(completed, State.COMPLETED);
        fixture.admit(cancel().as("stalled"));
        var failed = fixture.claim();
        launched(failed);
        var stalled = fixture.ledger().requests().unfinishedOf(failed.number()).getFirst();
        read(stalled);
        fixture.settle(stalled, resolution(Reason.RETRIES_EXHAUSTED), fence(failed));
        end(failed, State.FAILED);
        fixture.settle(fixture.admit(cancel().as("held")), resolution(Reason.BUDGET_EXCEEDED), null);
        sendAll();
        var unsent = fixture.admit(cancel().as("unsent"));
        read(unsent);
        fixture.settle(unsent, resolution(Reason.WINDOW_CLOSED), null);
        var before = rows();
        fixture.pass(Duration.ofDays(1000));

        assertThat(retention().runIfDue(() -> false)).isEqualTo(Result.DONE);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void keepsAStubAsLongAsAnOpenRequestNamesIt() {
        var old = fixture.admit(cancel().as("old"));
        fixture.settle(old, resolution(Reason.WINDOW_CLOSED), null);
        var again = fixture.admit(cancel().as("again").resubmitting(old.number()));
        sendAll();
        fixture.pass(Duration.ofDays(500));

        retention().runIfDue(() -> false);
        assertThat(fixture.read(again).admission().resubmits()).isEqualTo(old.number());
        assertThat(fixture.read(old).isStub()).isTrue();

        fixture.settle(again, resolution(Reason.WINDOW_CLOSED), null);
        sendAll();
        fixture.pass(Duration.ofDays(1));
        retention().runIfDue(() -> false);
        assertThat(fixture.read(again).admission().resubmits()).isNull();
        assertThat(counts()).containsEntry("request", 1);
    }

    @Test
    void keepsWhatALaterReactivationRestores() {
        var suspend = fixture.admit(change(Operation.SUSPEND_SUBSCRIPTION).of(customer("a"), subscription("s")));
        var batch = fixture.claim();
        sent(suspend, Change.SUSPEND.word(), batch);
        fixture.settle(suspend, done(Effect.SUSPENDED), fence(batch));
        end(batch, State.COMPLETED);
        sendAll();
        fixture.pass(Duration.ofDays(91));

        retention().runIfDue(() -> false);

        assertThat(fixture.read(suspend).isStub()).isTrue();
        assertThat(fixture.ledger().attempts().beforeLastSuspend(customer("a"), subscription("s")))
                .hasValue("{\"autoRenewEnabled\":true}");
    }

    @Test
    void emptiesRefusedRecordsThatWerePublishedAndForgetsThemWithTheStubs() {
        fixture.ledger().refusals().add(refusal(1), fixture.now());
        fixture.ledger().refusals().add(refusal(2), fixture.now());
        fixture.ledger().refusals().sent(List.of(1L));
        fixture.pass(Duration.ofDays(91));

        retention().runIfDue(() -> false);

        assertThat(fixture.ledger()
                        .refusals()
                        .byNumber(1)
                        .orElseThrow()
                        .refusal()
                        .value())
                .isNull();
        assertThat(fixture.ledger()
                        .refusals()
                        .byNumber(2)
                        .orElseThrow()
                        .refusal()
                        .value())
                .as("not published yet")
                .isNotNull();

        fixture.pass(Duration.ofDays(310));
        retention().runIfDue(() -> false);

        assertThat(fixture.ledger().refusals().byNumber(1)).isEmpty();
        assertThat(fixture.ledger().refusals().byNumber(2)).isPresent();
    }

    @Test
    void givesUpUploadsOfWhichNobodySendsTheRest() {
        upload("receiving");
        upload("failed");
        fixture.pass(Duration.ofHours(20));
        upload("touched");
        fixture.jdbc()
                .sql(
                        "update upload set state = 'receiving', received_at = created_at, created_at = :before where state = 'touched'")
                .param("before", fixture.now().minus(Duration.ofDays(3)).atOffset(java.time.ZoneOffset.UTC))
                .update();
        fixture.pass(Duration.ofHours(5));

        retention().runIfDue(() -> false);

        assertThat(fixture.jdbc()
                        .sql("select state from upload order by number")
                        .query(String.class)
                        .list())
                .as("the last one's newest piece came five hours ago, however long ago it was announced")
                .containsExactly("refused", "failed", "receiving");
        assertThat(fixture.jdbc()
                        .sql("select upload_number from upload_part")
                        .query(Long.class)
                        .list())
                .as("what failed may go on")
                .containsExactly(2L, 3L);
    }

    @Test
    void removesAuditEntriesByWholeBlocksWhoseHashesArePublishedAndSaysSo() {
        auditBlock(1, true);
        auditBlock(2, false);
        fixture.ledger().audit().add(new Audit.Entry("ann", "changed", "unsealed", "", ""), fixture.now());
        fixture.pass(Duration.ofDays(1096));

        retention().runIfDue(() -> false);

        assertThat(fixture.jdbc()
                        .sql("select target from audit_entry order by number")
                        .query(String.class)
                        .list())
                .containsExactly("in block 2", "unsealed", "audit blocks 1 to 1");
        assertThat(fixture.jdbc()
                        .sql("select number from audit_block where removed_at is not null")
                        .query(Long.class)
                        .list())
                .containsExactly(1L);
    }

    private void auditBlock(long number, boolean published) {
        var now = fixture.now().atOffset(ZoneOffset.UTC);
        fixture.jdbc()
                .sql("""
                        insert into audit_block (number, previous, sealed_at, entries, content, hash, published_at)
                        values (:number, :hash, :now, 1, '', :hash, :published)
                        """)
                .param("number", number)
                .param("hash", "hash-" + number)
                .param("now", now)
                .param("published", published ? now : null, Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        fixture.ledger().audit().add(new Audit.Entry("ann", "changed", "in block " + number, "", ""), fixture.now());
        fixture.jdbc()
                .sql("update audit_entry set block_number = :number where block_number is null")
                .param("number", number)
                .update();
    }

    @Test
    void runsOnceADayOnOneNodeAndAnotherGoesOnForADeadOne() {
        carriedOut("a");
        carriedOut("b");
        sendAll();
        fixture.pass(Duration.ofDays(91));
        var chunks = new AtomicInteger();
        var dying = retention("node-1", 1, new RetentionJournal() {
            @Override
            public void removed(String what, int count, long inAll) {
                if (chunks.incrementAndGet() == 1) {
                    throw new IllegalStateException("The process dies here");
                }
            }
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> dying.runIfDue(() -> false)))
                .hasMessage("The process dies here");
        assertThat(counts()).as("one of two").containsEntry("decision", 1);

        var other = retention("node-2", 1, new RetentionJournal() {});
        assertThat(other.runIfDue(() -> false)).isEqualTo(Result.NOT_MINE);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(other.runIfDue(() -> false)).isEqualTo(Result.DONE);

        assertThat(counts()).containsEntry("decision", 0).containsEntry("batch", 0);
        assertThat(retention().runIfDue(() -> false)).isEqualTo(Result.NOT_DUE);
        fixture.pass(Duration.ofDays(1));
        assertThat(retention().runIfDue(() -> false)).isEqualTo(Result.DONE);
    }

    @Test
    void isDueAtTheConfiguredTimeOfTheConfiguredZone() {
        // 09:15:30 in Berlin.
        assertThat(retention().runIfDue(() -> false)).isEqualTo(Result.DONE);
        fixture.pass(Duration.ofHours(18).plusMinutes(14));
        assertThat(retention().runIfDue(() -> false)).as("03:29 the next day").isEqualTo(Result.NOT_DUE);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(retention().runIfDue(() -> false)).as("03:30").isEqualTo(Result.DONE);
    }

    @Test
    void endsBetweenTwoChunksWhenItIsToStop() {
        carriedOut("a");
        carriedOut("b");
        sendAll();
        fixture.pass(Duration.ofDays(91));
        var asked = new AtomicInteger();

        assertThat(retention("node-1", 1, new RetentionJournal() {}).runIfDue(() -> asked.incrementAndGet() > 1))
                .isEqualTo(Result.UNFINISHED);
        assertThat(counts()).containsEntry("decision", 1);

        assertThat(retention().runIfDue(() -> false))
                .as("at once: the lease was given back")
                .isEqualTo(Result.DONE);
        assertThat(counts()).containsEntry("decision", 0);
    }

    /** Everything that is final is old at once here, so every settling races with the deletion of its details. */
    @Test
    void losesNothingWhileRequestsAreSettledBesideIt() throws Exception {
        var requests = IntStream.range(0, 120)
                .mapToObj(each -> fixture.admit(cancel().as("r" + each).of(customer("c" + each % 20))))
                .toList();
        requests.forEach(this::read);
        var settled = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var sweeping = threads.submit(() -> {
                var sweeps = RetentionConfiguration.sweeps(fixture.jdbc(), repository);
                var last = false;
                while (!last) {
                    last = settled.get();
                    var later = fixture.now().plusSeconds(1);
                    for (var sweep : sweeps.subList(0, 1)) {
                        fixture.transactions()
                                .execute(_ -> sweep.next(
                                        new Ages(later, fixture.now(), fixture.now(), later, later, later), 7));
                    }
                }
            });
            var sending = threads.submit(() -> {
                while (!settled.get()) {
                    sendAll();
                }
            });
            var settling = IntStream.range(0, 2)
                    .mapToObj(half -> threads.submit(() -> {
                        for (var each = half; each < requests.size(); each += 2) {
                            // Every third one stays open.
                            var next = each % 3 == 0
                                    ? deferred(Reason.BUSY, fixture.now().plusSeconds(60))
                                    : done(Effect.CANCELLED);
                            assertThat(fixture.settle(requests.get(each), next, null))
                                    .isTrue();
                        }
                    }))
                    .toList();
            for (var each : settling) {
                each.get();
            }
            settled.set(true);
            sending.get();
            sweeping.get();
        }
        var unsent = fixture.ledger().outcomes().unsent(1000).stream()
                .map(each -> each.request().number())
                .toList();

        for (var each = 0; each < requests.size(); each++) {
            var request = fixture.read(requests.get(each));
            var told = fixture.told(request);
            if (each % 3 == 0) {
                assertThat(told).containsExactly(Reason.ADMITTED, Reason.BUSY);
                assertThat(fixture.ledger().decisions().of(request.number())).hasSize(1);
                assertThat(request.isStub()).isFalse();
            } else {
                assertThat(told).endsWith(Reason.DONE);
                if (unsent.contains(request.number())) {
                    assertThat(told).as("what is unsent is there").hasSize(2);
                }
            }
        }
        sendAll();
        fixture.pass(Duration.ofDays(91));
        retention().runIfDue(() -> false);
        assertThat(requests.stream().filter(each -> fixture.read(each).isStub()))
                .hasSize(80);
    }

    private Request carriedOut(String id) {
        var request = fixture.admit(cancel().as(id).of(customer(id)));
        var batch = fixture.claim();
        launched(batch);
        read(request);
        var sent = sent(request, batch);
        fixture.jdbc()
                .sql("""
                insert into permit (request_number, step, operation, customer_id, state, reserved_at)
                values (:request, 'cancel-subscription', 'cancel-subscription', :customer, 'spent', :now)
                """)
                .param("request", request.number())
                .param("customer", request.customerId().value())
                .param("now", fixture.now().atOffset(java.time.ZoneOffset.UTC))
                .update();
        assertThat(sent).isTrue();
        assertThat(fixture.settle(request, done(Effect.CANCELLED), fence(batch)))
                .isTrue();
        end(batch, State.COMPLETED);
        return fixture.read(request);
    }

    private void read(Request request) {
        fixture.ledger().decisions().add(request.number(), fixture.now(), "{\"facts\":1}", "{\"go\":true}");
    }

    private boolean sent(Request request, Batch batch) {
        return sent(request, request.operation().word(), batch);
    }

    private boolean sent(Request request, String step, Batch batch) {
        var one = fixture.ledger()
                .attempts()
                .write(
                        new NewTry(
                                request.number(),
                                step,
                                UUID.randomUUID(),
                                UUID.randomUUID(),
                                fixture.now(),
                                "node-1",
                                fence(batch),
                                "{\"autoRenewEnabled\":true}"),
                        fixture.now());
        return fixture.ledger()
                .attempts()
                .reply(one.id(), new RecordedReply(ReplyKind.DONE, 200, null, "words", "detail"), fixture.now());
    }

    private void end(Batch batch, State state) {
        assertThat(fixture.ledger().batches().end(fence(batch), state, null, null, null, fixture.now()))
                .isTrue();
    }

    /** As Spring Batch leaves a job that has ended. */
    private void launched(Batch batch) {
        var parameters =
                new JobParametersBuilder().addLong("batch", batch.number()).toJobParameters();
        var execution = repository.createJobExecution(
                repository.createJobInstance(batch.job(), parameters), parameters, new ExecutionContext());
        repository.createStepExecution("process", execution);
    }

    private void sendAll() {
        var outcomes = fixture.ledger().outcomes();
        outcomes.sent(outcomes.unsent(1000).stream().map(Outcome::ticket).toList());
    }

    private void upload(String state) {
        fixture.jdbc()
                .sql(
                        "insert into run (job, name, plan_only, created_by, cause, created_at) values ('offboarding', :state, false, 'jane', 'test', :now)")
                .param("state", state)
                .param("now", fixture.now().atOffset(java.time.ZoneOffset.UTC))
                .update();
        fixture.jdbc()
                .sql("""
                insert into upload
                    (run_number, state, file_name, file_size, file_digest, received, announced_by, cause, created_at,
                     lines_read, lines_fresh, lines_new, lines_known, lines_changed, lines_bad, lease_number, failures)
                select max(number), :state, 'a.csv', 10, 'digest', 1, 'jane', 'test', :now, 0, 0, 0, 0, 0, 0, 0, 0
                from run
                """)
                .param("state", state)
                .param("now", fixture.now().atOffset(java.time.ZoneOffset.UTC))
                .update();
        fixture.jdbc()
                .sql(
                        "insert into upload_part (upload_number, position, content) select max(number), 0, :content from upload")
                .param("content", new byte[] {1})
                .update();
    }

    private static Refusal refusal(long offset) {
        return new Refusal(
                new Place("offramp.requests", 0, offset),
                "invalid-message",
                "The value is not JSON.",
                null,
                null,
                null,
                new byte[] {1},
                1,
                "digest-" + offset,
                null);
    }

    private Retention retention() {
        return retention("node", 50, new RetentionJournal() {});
    }

    private Retention retention(String node, int chunk, RetentionJournal journal) {
        var properties = new RetentionProperties(
                true,
                Duration.ofDays(90),
                Duration.ofDays(400),
                Duration.ofDays(30),
                Duration.ofDays(1),
                Duration.ofDays(1095),
                LocalTime.of(3, 30),
                ZoneId.of("Europe/Berlin"),
                chunk,
                Duration.ofSeconds(30),
                Duration.ofMinutes(1));
        return new Retention(
                RetentionConfiguration.sweeps(fixture.jdbc(), repository),
                new Passes(fixture.jdbc(), node, properties.lease()),
                fixture.transactions(),
                fixture::now,
                properties,
                new Comeback(() -> kept, properties, Duration.ofDays(30), journal),
                journal);
    }

    private Map<String, Integer> counts() {
        var counts = new LinkedHashMap<String, Integer>();
        rows().forEach((table, rows) -> counts.put(table, rows.size()));
        return counts;
    }

    /** All rows of all tables that retention may touch. */
    private Map<String, List<String>> rows() {
        var all = new LinkedHashMap<String, List<String>>();
        for (var table : TABLES) {
            var rows = new ArrayList<>(fixture.jdbc().sql("select * from " + table).query().listOfRows().stream()
                    .map(Object::toString)
                    .toList());
            rows.sort(null);
            all.put(table, rows);
        }
        return all;
    }

    private static JobRepository repository(HikariDataSource database) throws Exception {
        var factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(database);
        factory.setTransactionManager(new JdbcTransactionManager(database));
        factory.setIsolationLevelForCreateEnum(org.springframework.transaction.annotation.Isolation.READ_COMMITTED);
        factory.afterPropertiesSet();
        return factory.getObject();
    }
}
