package dev.offramp.testing;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A ledger over a test's database, a hand on the clock, and the steps that tests take again and again. */
public final class LedgerFixture {

    /** How long leases last here. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final Ledger ledger;
    private final TransactionTemplate transactions;
    private Instant now = Admissions.START;

    private LedgerFixture(DataSource dataSource) {
        this.dataSource = dataSource;
        this.ledger = Ledger.over(dataSource);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    public static LedgerFixture over(DataSource dataSource) {
        return new LedgerFixture(dataSource);
    }

    public Ledger ledger() {
        return ledger;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    public TransactionTemplate transactions() {
        return transactions;
    }

    public Instant now() {
        return now;
    }

    public Instant pass(Duration time) {
        now = now.plus(time);
        return now;
    }

    public Request admit(Admissions admission) {
        return read(ledger.requests().admit(List.of(admission.build()), now).getFirst());
    }

    public List<Request> admit(Admissions... admissions) {
        var all = List.of(admissions).stream().map(Admissions::build).toList();
        return ledger.requests().admit(all, now).stream().map(this::read).toList();
    }

    public Request withdraw(Admissions withdraw) {
        Admission admission = withdraw.build();
        return read(ledger.requests().withdraw(admission, now.plus(Duration.ofDays(30)), now));
    }

    public Request read(long number) {
        return ledger.requests().byNumber(number).orElseThrow();
    }

    public Request read(Request before) {
        return read(before.number());
    }

    /** Claims everything that is ready of the first job that has anything, for a node of this name. */
    public Optional<Batch> claimAs(String node) {
        return ledger.batches().jobs().stream()
                .flatMap(job -> claim(node, job).stream())
                .findFirst();
    }

    /** Claims everything that is ready of one job, for a node of this name. */
    public Optional<Batch> claim(String node, String job) {
        return ledger.batches()
                .claim(new Claim(node, job, LEASE, 1000, 50, List.of(), List.of(), List.of(), true), now);
    }

    public Batch claim() {
        return claimAs("node-1").orElseThrow();
    }

    public static Fence fence(Batch batch) {
        return new Fence(batch.number(), batch.leaseNumber());
    }

    /** Settles the request as it stands now. */
    public boolean settle(Request request, Resolution resolution, @Nullable Fence fence) {
        return ledger.requests().settle(read(request), resolution, fence, now);
    }

    public static Resolution resolution(Reason reason) {
        return Resolution.of(reason, Effect.NONE, "It is " + reason.word() + ".", Details.NONE);
    }

    public static Resolution done(Effect effect) {
        return Resolution.of(Reason.DONE, effect, "It was done.", Details.NONE);
    }

    public static Resolution deferred(Reason reason, Instant wakeAt) {
        return deferred(reason, Effect.NONE, wakeAt);
    }

    public static Resolution deferred(Reason reason, Effect effect, Instant wakeAt) {
        return new Resolution(reason, effect, "It is put off.", wakeAt, null, Resolution.Doubt.NONE, Details.NONE);
    }

    public static Resolution waitingFor(Request earlier) {
        return new Resolution(
                Reason.WAITING_FOR_EARLIER_REQUEST,
                Effect.NONE,
                "It waits for an earlier request.",
                null,
                earlier.number(),
                Resolution.Doubt.NONE,
                Details.NONE);
    }

    /** Writes a try of the request's only step, without a reply. */
    public Try sendTry(Request request, Batch batch) {
        return sendTry(request, batch, null);
    }

    public Try sendTry(Request request, Batch batch, @Nullable String beforeImage) {
        return ledger.attempts()
                .write(
                        new NewTry(
                                request.number(),
                                request.operation().word(),
                                UUID.randomUUID(),
                                UUID.randomUUID(),
                                now,
                                "node-1",
                                fence(batch),
                                beforeImage),
                        now);
    }

    public boolean reply(Try sent, ReplyKind kind) {
        return ledger.attempts().reply(sent.id(), new RecordedReply(kind, 200, null, null, null), now);
    }

    public List<Outcome> outcomes(Request request) {
        return ledger.outcomes().of(request.number());
    }

    /** The reasons of all outcomes of the request, oldest first. */
    public List<Reason> told(Request request) {
        return outcomes(request).stream().map(Outcome::reason).toList();
    }
}
