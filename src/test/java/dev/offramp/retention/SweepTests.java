package dev.offramp.retention;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.offboarding.Effect;
import dev.offramp.retention.Sweep.Ages;
import dev.offramp.retention.Sweep.Chunk;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Isolation;

/** Every kind of sweep, killed in the middle and carried out by two nodes at once. */
@OnBothDatabases
class SweepTests {

    private static final int ROWS = 7;
    private static final int CHUNK = 2;

    private final LedgerFixture fixture;
    private final JobRepository repository;

    SweepTests(TestDatabase database) throws Exception {
        var fresh = database.fresh();
        fixture = LedgerFixture.over(fresh);
        repository = repository(fresh);
    }

    /** What a sweep deletes, and what shows how much of it is left. */
    enum Kind {
        REQUEST_DETAILS("select count(*) from request where details_deleted_at is null"),
        REQUEST_STUBS("select count(*) from request"),
        BATCHES("select count(*) from batch_job_execution e join batch b on b.state = 'completed' and b.number = ("
                + "select cast(p.parameter_value as bigint) from batch_job_execution_params p"
                + " where p.job_execution_id = e.job_execution_id)"),
        UNFINISHED_UPLOADS("select count(distinct upload_number) from upload_part"),
        UPLOAD_DETAILS("select count(*) from upload where details_deleted_at is null"),
        REFUSED_BYTES("select count(*) from refusal where record_value is not null"),
        REFUSED_RECORDS("select count(*) from refusal"),
        FIRINGS("select count(*) - 1 from firing"),
        DECISIONS("select count(*) from pending_decision"),
        PLANS("select count(*) from plan"),
        AUDIT_BLOCKS("select count(*) from audit_block where removed_at is null");

        private final String left;

        Kind(String left) {
            this.left = left;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    @Test
    void areAllTriedHere() {
        assertThat(sweeps())
                .extracting(Sweep::what)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Kind.values()).map(Kind::word).toList());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void losesNothingWhenItIsKilledAndGoesOn(Kind kind) {
        prepare(kind);
        var sweep = sweep(kind);

        assertThatThrownBy(() -> fixture.transactions().executeWithoutResult(_ -> {
                    assertThat(sweep.next(ages(), CHUNK).removed()).isPositive();
                    throw new IllegalStateException("The process is killed before the commit");
                }))
                .hasMessageContaining("killed");
        assertThat(left(kind)).as("after the kill").isEqualTo(ROWS);

        var first = chunk(sweep);
        assertThat(left(kind)).isEqualTo(ROWS - first.removed());
        assertThat(first.removed() + sweepToTheEnd(sweep)).isEqualTo(ROWS);
        assertThat(left(kind)).isZero();
        assertThat(chunk(sweep).removed()).as("once more").isZero();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isDoneOnceByTwoNodes(Kind kind) throws Exception {
        prepare(kind);
        var together = new CyclicBarrier(2);
        try (var nodes = Executors.newFixedThreadPool(2)) {
            var removed = Stream.generate(() -> nodes.submit(() -> {
                        together.await();
                        return sweepToTheEnd(sweep(kind));
                    }))
                    .limit(2)
                    .toList();

            assertThat(removed.get(0).get() + removed.get(1).get()).isEqualTo(ROWS);
        }
        assertThat(left(kind)).isZero();
    }

    private int sweepToTheEnd(Sweep sweep) {
        var removed = 0;
        Chunk chunk;
        do {
            chunk = chunk(sweep);
            removed += chunk.removed();
        } while (chunk.more());
        return removed;
    }

    private Chunk chunk(Sweep sweep) {
        return Objects.requireNonNull(fixture.transactions().execute(_ -> sweep.next(ages(), CHUNK)));
    }

    private Ages ages() {
        var later = fixture.now().plusSeconds(1);
        return new Ages(later, later, later, later, later, later);
    }

    private long left(Kind kind) {
        return fixture.jdbc().sql(kind.left).query(Long.class).single();
    }

    private List<Sweep> sweeps() {
        return RetentionConfiguration.sweeps(fixture.jdbc(), repository);
    }

    private Sweep sweep(Kind kind) {
        return sweeps().stream()
                .filter(each -> each.what().equals(kind.word()))
                .findFirst()
                .orElseThrow();
    }

    private void prepare(Kind kind) {
        for (var each = 1; each <= ROWS; each++) {
            switch (kind) {
                case REQUEST_DETAILS, REQUEST_STUBS, BATCHES -> carriedOut("r" + each);
                case UNFINISHED_UPLOADS -> upload(each, "receiving");
                case UPLOAD_DETAILS -> upload(each, "loaded");
                case REFUSED_BYTES, REFUSED_RECORDS -> refuse(each);
                case FIRINGS -> fire(each);
                case DECISIONS -> fixture.jdbc().sql("""
                        insert into pending_decision (kind, state, requests, customers, asked_by, asker_kind, asker_name,
                               cause, asked_at, expires_at)
                        values ('release', 'waiting', 1, 1, 'ann', 'user', 'ann', 'x', :now, :now)
                        """).param("now", now()).update();
                case PLANS -> fixture.jdbc().sql("""
                        insert into plan (state, about, requests, made_by, cause, asked_at)
                        values ('making', 'x', 1, 'ann', 'x', :now)
                        """).param("now", now()).update();
                case AUDIT_BLOCKS -> seal(each);
            }
        }
        switch (kind) {
            case REQUEST_STUBS, BATCHES -> sweepToTheEnd(sweep(Kind.REQUEST_DETAILS));
            case FIRINGS -> fire(ROWS + 1);
            default -> {
                // Nothing goes before it.
            }
        }
        assertThat(left(kind)).isEqualTo(ROWS);
    }

    private void carriedOut(String id) {
        var request = fixture.admit(cancel().as(id));
        var batch = fixture.claim();
        var parameters =
                new JobParametersBuilder().addLong("batch", batch.number()).toJobParameters();
        var execution = repository.createJobExecution(
                repository.createJobInstance(batch.job(), parameters), parameters, new ExecutionContext());
        repository.createStepExecution("process", execution);
        fixture.settle(request, done(Effect.CANCELLED), fence(batch));
        fixture.ledger().batches().end(fence(batch), State.COMPLETED, null, null, null, fixture.now());
        var outcomes = fixture.ledger().outcomes();
        outcomes.sent(outcomes.unsent(100).stream().map(Outcome::ticket).toList());
    }

    private void refuse(long offset) {
        var refused = new Refusal(
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
        fixture.ledger().refusals().add(refused, fixture.now());
        fixture.ledger().refusals().sent(List.of(offset));
    }

    private void upload(long number, String state) {
        fixture.jdbc()
                .sql("""
                insert into run (job, name, plan_only, created_by, cause, created_at)
                values ('offboarding', :name, false, 'jane', 'test', :now)
                """)
                .param("name", "run-" + number)
                .param("now", now())
                .update();
        fixture.jdbc().sql("""
                insert into upload
                    (run_number, state, file_name, file_size, file_digest, received, announced_by, cause, created_at,
                     ended_at, lines_read, lines_fresh, lines_new, lines_known, lines_changed, lines_bad, lease_number,
                     failures)
                select max(number), :state, 'a.csv', 10, 'digest', 1, 'jane', 'test', :now, :now, 0, 0, 0, 0, 0, 0, 0, 0
                from run
                """).param("state", state).param("now", now()).update();
        fixture.jdbc()
                .sql(
                        "insert into upload_part (upload_number, position, content) select max(number), 0, :content from upload")
                .param("content", new byte[] {1})
                .update();
    }

    private void fire(long day) {
        fixture.jdbc()
                .sql(
                        "insert into firing (job, due_at, fired_at, message) values ('offboarding', :due, :due, 'It ran.')")
                .param("due", now().minus(Duration.ofDays(30 - day)))
                .update();
    }

    private void seal(long block) {
        fixture.jdbc()
                .sql("""
                insert into audit_block (number, previous, sealed_at, entries, content, hash, published_at)
                values (:block, :hash, :now, 0, '', :hash, :now)
                """)
                .param("block", block)
                .param("hash", "hash-" + block)
                .param("now", now())
                .update();
    }

    private OffsetDateTime now() {
        return fixture.now().atOffset(ZoneOffset.UTC);
    }

    private static JobRepository repository(HikariDataSource database) throws Exception {
        var factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(database);
        factory.setTransactionManager(new JdbcTransactionManager(database));
        factory.setIsolationLevelForCreateEnum(Isolation.READ_COMMITTED);
        factory.afterPropertiesSet();
        return factory.getObject();
    }
}
