package dev.offramp.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.AuditPage;
import dev.offramp.partnercenter.AuditRecord;
import dev.offramp.partnercenter.AuditRecords;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.reconcile.Reconciliation.State;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OnBothDatabases
class ReconciliationsTests implements AuditRecords {

    private static final PartnerTenantId PARTNER = PartnerTenantId.of("1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10");

    private final LedgerFixture fixture;
    private final JdbcClient jdbc;
    private final Reconciliations all;
    private final Queue<Read<AuditPage>> pages = new ArrayDeque<>();
    private final List<@Nullable String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private boolean signedIn = true;

    ReconciliationsTests(TestDatabase database) {
        HikariDataSource fresh = database.fresh();
        fixture = LedgerFixture.over(fresh);
        jdbc = JdbcClient.create(fresh);
        all = new Reconciliations(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(fresh)),
                fixture.ledger().audit());
    }

    @Test
    void comparesEachDayOnceOverAllNodesAndAgainWhenRecordsWereLate() {
        done("a");
        var day = today();
        nextMorning();

        node("one").look();
        node("other").look();

        var first = all.list(null, 10);
        assertThat(first).singleElement().satisfies(each -> {
            assertThat(each.day()).isEqualTo(day);
            assertThat(each.state()).isEqualTo(State.DONE);
            assertThat(each.late()).isEqualTo(1);
        });

        nextMorning();
        var one = node("one");
        one.look();
        one.look();
        node("other").look();

        assertThat(all.list(null, 10))
                .extracting(Reconciliation::day, Reconciliation::cause, Reconciliation::missing)
                .containsExactlyInAnyOrder(
                        tuple(day, "daily", 0), tuple(day, "again", 1), tuple(day.plusDays(1), "daily", 0));
        assertThat(told).filteredOn(each -> each.startsWith("missing")).containsExactly("missing 1");
    }

    @Test
    void comparesNothingDailyBeforeItIsTimeOrWhileNobodyIsSignedIn() {
        done("a");
        var tomorrow = today().plusDays(1);
        until(tomorrow, LocalTime.of(4, 59));
        node("one").look();
        signedIn = false;
        until(tomorrow, LocalTime.of(5, 0));
        node("one").look();
        assertThat(all.list(null, 10)).isEmpty();

        signedIn = true;
        node("one").look();

        assertThat(all.list(null, 10)).hasSize(1);
    }

    @Test
    void makesWhatAPersonAskedForWithAnAuditEntryAndTriesAgainWhatCouldNotBeRead() {
        done("a");
        var day = today();
        nextMorning();
        signedIn = false;
        var number = all.ask(day, "jane", "a doubt", fixture.now()).number();
        pages.add(new Read.Unavailable<>("no answer", Answer.none("no answer")));

        node("one").look();
        assertThat(all.byNumber(number).orElseThrow().message()).contains("no answer", "tried again");
        node("one").look();
        assertThat(all.byNumber(number).orElseThrow().state()).as("not at once").isEqualTo(State.ASKED);
        fixture.pass(Duration.ofMinutes(5));
        pages.add(page(List.of(record("a"), other()), 3, "next"));
        pages.add(page(List.of(other()), 3, null));
        node("other").look();

        var made = all.byNumber(number).orElseThrow();
        assertThat(made.state()).isEqualTo(State.DONE);
        assertThat(made.withoutRequest()).isZero();
        assertThat(made.late()).isZero();
        assertThat(made.report()).contains("\"matched\":1", "\"create_order\":1");
        assertThat(asked).containsExactly(null, null, "next");
        assertThat(fixture.ledger().audit().of("day " + day))
                .singleElement()
                .satisfies(each -> assertThat(each.entry().what()).isEqualTo("reconciliation asked for"));
    }

    @Test
    void believesNoListThatIsNotWhole() {
        var number =
                all.ask(today().minusDays(1), "jane", "a doubt", fixture.now()).number();
        pages.add(page(List.of(other()), 2, null));

        node("one").look();

        assertThat(all.byNumber(number).orElseThrow().message())
                .contains("page 1 of the audit records is not complete");
        fixture.pass(Duration.ofHours(13));
        pages.add(page(List.of(other()), 2, null));
        node("one").look();
        assertThat(all.byNumber(number).orElseThrow().state()).isEqualTo(State.FAILED);
    }

    @Test
    void knowsWhichCallsTookEffectAndWhichMayHave() {
        done("a");
        var lost = fixture.admit(cancel("b"));
        var batch = fixture.claim();
        fixture.reply(sendTry(lost, batch), ReplyKind.LOST);
        var declined = fixture.admit(cancel("c"));
        fixture.reply(sendTry(declined, fixture.claim()), ReplyKind.DECLINED);
        var found = fixture.admit(cancel("d"));
        var silent = sendTry(found, fixture.claim());
        fixture.ledger().attempts().found(silent.id(), Finding.DONE, fixture.now());

        var calls = new JdbcCalls(jdbc)
                .between(fixture.now().minusSeconds(60), fixture.now().plusSeconds(1));

        assertThat(calls)
                .extracting(each -> each.done().customer(), Called::sure)
                .containsExactlyInAnyOrder(
                        tuple(Admissions.customer("a"), true),
                        tuple(Admissions.customer("b"), false),
                        tuple(Admissions.customer("d"), true));
        assertThat(new JdbcCalls(jdbc)
                        .between(fixture.now().plusSeconds(1), fixture.now().plusSeconds(60)))
                .isEmpty();
    }

    @Test
    void comparesADayThatIsOverAndNotTooLongAgo() {
        var today = LocalDate.parse("2026-11-22");

        assertThat(Reconciliations.objection(today, today))
                .hasValueSatisfying(each -> assertThat(each).contains("is not over yet"));
        assertThat(Reconciliations.objection(today.minusDays(1), today)).isEmpty();
        assertThat(Reconciliations.objection(today.minusDays(89), today)).isEmpty();
        assertThat(Reconciliations.objection(today.minusDays(90), today))
                .hasValueSatisfying(each -> assertThat(each).contains("since 2026-08-25"));
    }

    @Override
    public Read<AuditPage> auditRecords(LocalDate from, LocalDate until, @Nullable String continuation) {
        asked.add(continuation);
        assertThat(until).isEqualTo(from.plusDays(2));
        var next = pages.poll();
        return next == null ? page(List.of(), 0, null) : next;
    }

    private static Admissions cancel(String name) {
        return Admissions.cancel()
                .of(Admissions.customer(name), Admissions.subscription(name))
                .as(name);
    }

    private Try sendTry(Request request, Batch batch) {
        return fixture.ledger()
                .attempts()
                .write(
                        new NewTry(
                                request.number(),
                                Change.CANCEL.word(),
                                UUID.randomUUID(),
                                UUID.randomUUID(),
                                fixture.now(),
                                "node-1",
                                LedgerFixture.fence(batch),
                                null),
                        fixture.now());
    }

    private void done(String name) {
        var request = fixture.admit(cancel(name));
        fixture.reply(sendTry(request, fixture.claim()), ReplyKind.DONE);
    }

    private AuditRecord record(String name) {
        return new AuditRecord(
                Admissions.START.plusSeconds(2),
                "update_subscription",
                "succeeded",
                Admissions.customer(name),
                Set.of(Admissions.subscription(name).value()),
                null,
                "app",
                "deleted",
                null);
    }

    private static AuditRecord other() {
        return new AuditRecord(
                Admissions.START,
                "create_order",
                "succeeded",
                Admissions.customer("z"),
                Set.of(),
                null,
                "",
                null,
                null);
    }

    private static Read<AuditPage> page(List<AuditRecord> records, int total, @Nullable String continuation) {
        return new Read.Found<>(new AuditPage(records, total, continuation, true));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(fixture.now(), ZoneOffset.UTC);
    }

    private void nextMorning() {
        until(today().plusDays(1), LocalTime.of(6, 0));
    }

    private void until(LocalDate day, LocalTime time) {
        fixture.pass(Duration.between(fixture.now(), day.atTime(time).toInstant(ZoneOffset.UTC)));
    }

    private Reconciler node(String name) {
        var properties = new ReconcileProperties(
                true,
                LocalTime.of(5, 0),
                Duration.ofHours(2),
                Duration.ofHours(24),
                Duration.ofHours(12),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1));
        return new Reconciler(
                all,
                new JdbcCalls(jdbc),
                new RecordReading(this, new NoPace(), PARTNER, _ -> true),
                new NamedLease(jdbc, "reconcile", name, properties.lease()),
                properties,
                () -> signedIn,
                fixture::now,
                new Telling());
    }

    /** It is always one's turn. */
    private static final class NoPace implements Pace {

        @Override
        public Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
            return new Reservation() {
                @Override
                public Duration remaining() {
                    return Duration.ZERO;
                }

                @Override
                public void giveBack(List<ResourceClass> unused) {}
            };
        }

        @Override
        public void hold(ResourceClass resource, Duration retryAfter) {}

        @Override
        public Duration held(ResourceClass resource) {
            return Duration.ZERO;
        }
    }

    /** Remembers what was said. */
    private final class Telling implements ReconcileJournal {

        @Override
        public void compared(Reconciliation made, Findings findings) {
            if (findings.wantPerson()) {
                told.add("missing " + findings.missing().size());
            }
        }

        @Override
        public void notCompared(Reconciliation made, String why, boolean givenUp) {}

        @Override
        public void failed(RuntimeException cause) {
            throw cause;
        }
    }
}
