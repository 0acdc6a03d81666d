package dev.offramp.simulation;

import dev.offramp.batch.BatchJournal;
import dev.offramp.batch.BatchesUnderSimulation;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.BackOff;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.InDoubt;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.outcome.Relay;
import dev.offramp.outcome.RelayUnderSimulation;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.Brake;
import dev.offramp.safety.Budgets;
import dev.offramp.safety.Bursts;
import dev.offramp.safety.DecisionBook;
import dev.offramp.safety.Exceeded;
import dev.offramp.safety.Person;
import dev.offramp.safety.Plan;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.PlanRule;
import dev.offramp.safety.SafetyUnderSimulation;
import dev.offramp.safety.TenantDoubt;
import dev.offramp.simulation.MemoryRows.Allowed;
import dev.offramp.simulation.MemoryRows.Key;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** One schedule: nodes, database, broker, Partner Center and people, all of them told by one seed what befalls them. */
final class World {

    private static final long SECOND = ModelPartnerCenter.SECOND;

    /** Longer than any doubt, after which a person decides; later than this nothing is open. */
    private static final long LIVELINESS = 27 * 3600 * SECOND;

    private static final int NODES = 2;

    private static final int MOST_TURNS = 20_000;

    final Stage stage;
    final MemoryDatabase database;
    final MemoryRows rows;
    final Truth truth = new Truth();
    final Checks checks;
    final GuardChecks guardChecks;
    final Restraints restraints;
    final Set<RequestKey> keys = new LinkedHashSet<>();

    private final Setting setting;
    private final Breakage breakage;
    private final Ledger ledger;
    private final MemoryPlans plans;
    private final PlatformTransactionManager transactions;
    private final MemoryDatabase.Table<String, Brake.Pulled> brakes;
    private final MemoryDatabase.Table<Long, Boolean> executions;
    private final MemoryDatabase.Table<String, Lease> leases;
    private final MemoryDatabase.Table<String, Boolean> budgets;
    private final List<Member> members = new ArrayList<>();
    private final Stage.Node outside = new Stage.Node("world");
    private final List<Record> topic = new ArrayList<>();
    private int troubles;
    private int incarnations;
    private long nextExecution;
    private long offset;
    private boolean changed;

    /** How often Partner Center was read. */
    int reads;

    private boolean databaseStruck;

    /** A record of the request topic, and when it is there. */
    private record Record(Admission admission, long at) {}

    /** Who publishes outcomes. */
    private record Lease(String owner, long until) {}

    World(long seed, Setting setting, Breakage breakage, boolean tracing) {
        this.setting = setting;
        this.breakage = breakage;
        stage = new Stage(seed, tracing);
        restraints = setting == Setting.GUARDED
                ? Restraints.drawn(stage.random)
                : Restraints.none(1 + stage.random.nextInt(2));
        database = new MemoryDatabase(stage);
        rows = new MemoryRows(database);
        guardChecks = new GuardChecks(restraints, rows, truth, sentence -> checks().violated(sentence));
        ledger = MemoryLedger.over(rows);
        plans = new MemoryPlans(rows);
        transactions = database.transactions();
        brakes = database.table();
        executions = database.table();
        leases = database.table();
        budgets = database.table();
        checks = new Checks(this);
        database.committing.add(checks::commits);
        if (setting == Setting.GUARDED) {
            database.committing.add(() -> guardChecks.commits(stage.current.node == outside));
        }
        database.committed = this::committed;
        database.faults = new DatabaseFaults();
    }

    private Checks checks() {
        return checks;
    }

    // The story

    /** One schedule with everything that happened. */
    static List<String> trace(long seed, Setting setting, Breakage breakage) {
        var world = new World(seed, setting, breakage, true);
        var violated = world.play();
        if (violated != null) {
            world.stage.trace.add("==> " + violated);
            for (var at : violated.getStackTrace()) {
                if (!(violated instanceof Checks.Violation) && world.stage.trace.size() < 100_000) {
                    world.stage.trace.add("      at " + at);
                }
            }
        }
        return world.stage.trace;
    }

    int turns;

    @Nullable
    Throwable play() {
        write();
        breakIt();
        troubles = stage.random.nextInt(7);
        for (int each = 1; each <= NODES; each++) {
            members.add(new Member("node-" + each));
        }
        stage.spawn(outside, "people", this::people);
        changed = true;
        while (stage.broken == null) {
            if (changed && isOver()) {
                checks.atTheEnd();
                guardChecks.atTheEnd();
                break;
            }
            befall();
            if (!stage.turn()) {
                checks.violated("Liveness: nobody will ever act again, and there is open: " + open());
            } else if (++turns > MOST_TURNS || stage.now > LIVELINESS) {
                checks.violated("Liveness: after %s and %d turns there is open: %s"
                        .formatted(Duration.ofMillis(stage.now / 1000), turns, open()));
            }
        }
        members.forEach(each -> stage.kill(each.node));
        stage.kill(outside);
        return stage.broken;
    }

    /** The story and its end in a number. */
    long digest() {
        long digest = stage.digest;
        for (var each : rows.requests.committedRows()) {
            digest = digest * 31 + each.request().reason().word().hashCode();
            digest = digest * 31 + each.request().effect().name().hashCode();
            digest = digest * 31 + each.request().sequence();
        }
        return stage.broken == null
                ? digest
                : digest * 31 + stage.broken.toString().hashCode();
    }

    private String open() {
        return rows.requests.committedRows().stream()
                        .map(MemoryRows.Asked::request)
                        .filter(each -> !each.isFinal())
                        .map(each -> "%d %s %s due %s waits for %s in B-%s"
                                .formatted(
                                        each.number(),
                                        each.operation().word(),
                                        each.reason().word(),
                                        each.dueAt(),
                                        each.waitsFor(),
                                        each.batch()))
                        .toList()
                + ", batches "
                + rows.batches.committedRows().stream()
                        .map(each -> each.name() + " " + each.state() + " " + each.stopReason() + " "
                                + each.stopDetail() + " " + each.restartAt())
                        .toList()
                + ", unsent " + rows.toSend.committedRows().size();
    }

    private boolean isOver() {
        changed = false;
        if (offset < topic.size() || !rows.toSend.committedRows().isEmpty()) {
            return false;
        }
        for (var each : rows.requests.committedRows()) {
            if (!each.request().isFinal()) {
                return false;
            }
        }
        return true;
    }

    private void committed() {
        changed = true;
        var tx = Objects.requireNonNull(database.current);
        tx.asked.forEach(checks::asksAgain);
        rows.batches.written().forEach(this::takenOver);
        if (!tx.wrote(rows.requests) && !tx.wrote(brakes) && !tx.wrote(rows.batches)) {
            return;
        }
        for (var member : members) {
            if (tx.wrote(rows.requests) && member.node == stage.current.node) {
                member.told = true;
            } else {
                member.wakeIn(SECOND);
            }
        }
    }

    /** Whether something usual happens, with or without troubles. */
    boolean happens(int oneIn) {
        return stage.random.nextInt(oneIn) == 0;
    }

    /** Whether something goes wrong now; troubles are numbered, and at last there is peace. */
    boolean strikes(int oneIn) {
        if (troubles > 0 && stage.random.nextInt(oneIn) == 0) {
            troubles--;
            return true;
        }
        return false;
    }

    // What is asked for

    private void write() {
        truth.subscriptions.putAll(restraints.subscriptions());
        var customers = restraints.customers();
        boolean guarded = setting == Setting.GUARDED;
        int records =
                guarded ? 4 + stage.random.nextInt(14) : 1 + Math.min(stage.random.nextInt(6), stage.random.nextInt(6));
        for (int each = 1; each <= records; each++) {
            var customer = customers.get(stage.random.nextInt(customers.size()));
            var asked = asked(customer, each);
            var admission = (guarded ? mistaken(asked) : asked.from("/contoso/billing"))
                    .as("r" + each)
                    .build();
            add(admission);
            if (happens(4)) {
                add(admission);
            }
        }
    }

    private Admissions asked(CustomerId customer, int number) {
        return switch (stage.random.nextInt(8)) {
            case 0 ->
                Admissions.unlink()
                        .of(customer)
                        .onActiveSubscriptions(
                                stage.random.nextInt(4) == 0
                                        ? OnActiveSubscriptions.FAIL
                                        : OnActiveSubscriptions.CANCEL);
            case 1 ->
                Admissions.withdraw("r" + (1 + stage.random.nextInt(number))).of(customer);
            default -> {
                var subscriptions = restraints.subscriptions().get(customer);
                yield Admissions.cancel()
                        .of(customer, Objects.requireNonNull(subscriptions).get(stage.random.nextInt(2)));
            }
        };
    }

    /** From one source or the other, most of them in a group; now and then only to be planned, or about something that is not so. */
    private Admissions mistaken(Admissions asked) {
        var from = asked.from(happens(2) ? "/contoso/billing" : Restraints.SOURCE);
        if (!happens(4)) {
            from.inGroup(Restraints.GROUP);
        }
        return switch (stage.random.nextInt(12)) {
            case 0 -> from.planOnly();
            case 1 -> from.observed();
            case 2 -> from.expecting(GuardChecks.WRONG);
            default -> from;
        };
    }

    private void add(Admission admission) {
        keys.add(admission.key());
        topic.add(new Record(admission, stage.random.nextInt(3) == 0 ? stage.random.nextLong(20 * SECOND) : 0));
    }

    long requestOf(Permit permit) {
        for (var each : rows.requests.committedRows()) {
            var request = each.request();
            if (request.batch() != null
                    && request.operation() == permit.operation()
                    && request.customerId().equals(permit.customerId())
                    && (!(permit.step() instanceof Step.ChangeSubscription(var id, var _, boolean own))
                            || !own
                            || id.equals(request.subscriptionId()))) {
                return request.number();
            }
        }
        return 0;
    }

    // What befalls the nodes

    private void befall() {
        if (troubles == 0 || stage.random.nextInt(90) != 0) {
            return;
        }
        troubles--;
        var member = members.get(stage.random.nextInt(members.size()));
        if (stage.random.nextInt(3) == 0) {
            freeze(member.node);
        } else {
            stage.tell(() -> member.node.name + " IS KILLED");
            member.die();
        }
    }

    private void freeze(Stage.Node node) {
        long until = stage.now + stage.random.nextLong(45 * SECOND);
        stage.tell(() -> node.name + " FREEZES until " + until / 1e6);
        node.frozenUntil = until;
    }

    /** Decided, and not at the gate yet: the worst moment to freeze, and to wake is when another has just taken over. */
    private void decided(Stage.Node node) {
        if (strikes(12)) {
            stage.tell("FREEZES until its batch is taken over");
            node.frozenUntil = stage.now + 45 * SECOND;
            node.wakesAtTakeOver = true;
            stage.sleep(1);
        }
    }

    private void takenOver(Batch batch) {
        if (batch.leaseNumber() == 1 || batch.owner() == null) {
            return;
        }
        for (var member : members) {
            if (member.node.wakesAtTakeOver && !batch.owner().startsWith(member.name + "/")) {
                member.node.wakesAtTakeOver = false;
                member.node.frozenUntil =
                        Math.min(member.node.frozenUntil, stage.now + stage.random.nextLong(SECOND / 5));
            }
        }
    }

    /** The database is away for a moment, or does not say whether it has committed. */
    private final class DatabaseFaults implements MemoryDatabase.Faults {

        @Override
        public void statement() {
            if (stage.current.node != outside && strikes(600)) {
                databaseStruck = true;
                stage.tell("the database is away");
                throw new TransientDataAccessResourceException("the database is away");
            }
        }

        @Override
        public void commit(Runnable done) {
            if (stage.current.node == outside || !strikes(200)) {
                done.run();
                return;
            }
            databaseStruck = true;
            boolean kept = stage.random.nextBoolean();
            stage.tell(() -> "the answer to a commit is lost; it " + (kept ? "took place" : "did not take place"));
            if (kept) {
                done.run();
            }
            throw new TransactionSystemException("the connection broke in the commit");
        }
    }

    /** Pulls the brake for a while; later sets going on what only a person may. */
    private void people() {
        if (happens(5)) {
            var brake = new MemoryBrake();
            if (happens(2)) {
                int read = 1 + stage.random.nextInt(8);
                stage.await(() -> reads >= read, 20 * SECOND);
            } else {
                stage.sleep(stage.random.nextLong(20 * SECOND));
            }
            brake.pull(Brake.Scope.ALL, "", "jane", "stop", stage.instant());
            stage.sleep(stage.random.nextLong(60 * SECOND));
            brake.release(Brake.Scope.ALL, "", "jane", "go on", stage.instant());
        }
        while (true) {
            stage.sleep(setting == Setting.GUARDED ? 60 * SECOND + stage.random.nextLong(540 * SECOND) : 600 * SECOND);
            if (setting == Setting.GUARDED) {
                plan();
            }
            for (var asked : List.copyOf(rows.requests.committedRows())) {
                if (asked.request().reason() == Reason.IN_DOUBT) {
                    decide(asked.request());
                } else if (asked.request().status() == Status.HELD) {
                    decideHeld(asked.request());
                }
            }
            for (var burst : List.copyOf(rows.bursts.committedRows())) {
                if (happens(4)) {
                    stage.tell(() -> "a person ends: " + burst.rest().inWords());
                    bursts().end(burst.rest(), "jane", "the list is right", stage.instant());
                }
            }
            for (var batch : List.copyOf(rows.batches.committedRows())) {
                if (batch.state() == Batch.State.FAILED && batch.restartAt() == null
                        || batch.state() == Batch.State.STOPPED && batch.stopReason() == Batch.StopReason.OPERATOR) {
                    ledger.batches().askRestart(batch.number(), stage.instant());
                }
            }
        }
    }

    /** Others use their subscriptions; people make plans of what is open, approve and apply them, or leave it. */
    private void plan() {
        if (happens(4)) {
            var customers = restraints.customers();
            var customer = customers.get(stage.random.nextInt(customers.size()));
            var subscription = Objects.requireNonNull(restraints.subscriptions().get(customer))
                    .get(stage.random.nextInt(2));
            stage.tell(() -> "somebody else changes " + subscription);
            truth.changes.add(new Truth.Change(customer, subscription, stage.now));
        }
        for (var row : List.copyOf(rows.plans.committedRows())) {
            var plan = row.plan();
            if (plan.state() == Plan.State.MADE) {
                boolean approved = happens(5)
                        ? plans.discard(plan.number(), "jane", "no", stage.instant())
                        : Boolean.TRUE.equals(new TransactionTemplate(transactions)
                                .execute(_ -> SafetyUnderSimulation.approve(
                                        plans, ledger.requests(), plan, JANE, stage.instant())));
                stage.tell(() -> "plan %d: %s".formatted(plan.number(), approved));
            } else if (plan.state() == Plan.State.APPROVED && !happens(4)) {
                var applied = SafetyUnderSimulation.applying(
                                plans, ledger, this::succeed, new TransactionTemplate(transactions))
                        .apply(plan.number(), JANE, stage.instant());
                stage.tell(() -> "plan %d: %s".formatted(plan.number(), applied));
            }
        }
        if (happens(2)) {
            var some = rows.requests.committedRows().stream()
                    .map(MemoryRows.Asked::request)
                    .filter(each -> PlanApplying.isPlannable(each) && !happens(3))
                    .toList();
            if (!some.isEmpty()) {
                plans.ask("what is open", some, "jane", "clean up", stage.instant());
            }
        }
    }

    /** As whoever brings requests by hand: once for each request and plan. */
    private PlanApplying.Made succeed(Request planned, long plan, DecisionBook.Asker by) {
        var asked = planned.admission();
        var key = new RequestKey(
                asked.key().source(), "%s~plan-%d".formatted(asked.key().id(), plan));
        var terms = asked.terms();
        keys.add(key);
        long number = ledger.requests()
                .admit(
                        List.of(asked.again(
                                key,
                                new Terms(
                                        false,
                                        terms.notBefore(),
                                        terms.notAfter(),
                                        terms.ifWindowClosed(),
                                        terms.onActiveSubscriptions(),
                                        terms.onActiveAzureSubscriptions(),
                                        terms.expect()),
                                Mode.LIVE,
                                stage.instant(),
                                planned.number(),
                                plan)),
                        stage.instant())
                .getFirst();
        return new PlanApplying.Made.As(ledger.requests().byNumber(number).orElseThrow());
    }

    /** How many seats a read shows. */
    int seatsRead(SubscriptionId subscription) {
        return breakage == Breakage.CHANGES_ARE_NOT_READ ? 25 : truth.seatsOf(subscription);
    }

    private static final DecisionBook.Asker JANE =
            new DecisionBook.Asker("jane", new Person.Unknown("nobody asked"), "it is time");

    /** Releases it, or rejects it, or lets it wait; what is protected can only be rejected. */
    private void decideHeld(Request request) {
        if (request.reason() == Reason.CANARY && !happens(4)) {
            return;
        }
        int dice = stage.random.nextInt(4);
        if (dice == 0) {
            return;
        }
        boolean released = dice > 1 && request.reason() != Reason.PROTECTED_CUSTOMER;
        stage.tell(
                () -> "a person decides about %d: %s".formatted(request.number(), released ? "released" : "rejected"));
        boolean begun = request.effect() != Effect.NONE;
        if (released) {
            guardChecks.releases(request);
        }
        ledger.requests()
                .settle(
                        request,
                        released
                                ? Resolution.of(
                                        Reason.ADMITTED,
                                        request.effect(),
                                        "Released.",
                                        Details.with().decidedBy("jane").build())
                                : Resolution.of(
                                        begun ? Reason.GIVEN_UP_BY_OPERATOR : Reason.REJECTED_BY_OPERATOR,
                                        request.effect(),
                                        "Rejected.",
                                        Details.NONE),
                        null,
                        stage.instant());
    }

    /** Who looks into Partner Center sees what is the case. */
    private void decide(Request request) {
        var target = request.subscriptionId() == null
                ? request.customerId().value()
                : request.subscriptionId().value();
        boolean done = truth.isInForce(target, stage.now);
        stage.tell(() -> "a person decides about %d: %s".formatted(request.number(), done ? "done" : "not done"));
        var sent = ledger.attempts().of(request.number()).getLast();
        ledger.attempts().found(sent.id(), done ? Finding.DONE : Finding.NOT_DONE, stage.instant());
        ledger.requests()
                .settle(
                        request,
                        done
                                ? Resolution.of(Reason.DONE, Effect.CANCELLED, "A person saw it.", Details.NONE)
                                : Resolution.of(Reason.GIVEN_UP_BY_OPERATOR, Effect.UNKNOWN, "Given up.", Details.NONE),
                        null,
                        stage.instant());
    }

    // What is broken on purpose

    private void breakIt() {
        switch (breakage) {
            case NO_FENCING -> rows.nobodyIsFenced = true;
            case NO_TURN -> rows.everybodyWinsTheTurn = true;
            case DUPLICATES_ARE_ADMITTED -> rows.duplicatesAllowed = true;
            case NOBODY_IS_WOKEN -> rows.nobodyIsWoken = true;
            case WHAT_IS_PLANNED_GOES_ON_BY_ITSELF -> rows.nothingIsSuperseded = true;
            case ONE_READ_IS_ENOUGH ->
                rows.asWorkedOn = all -> all.stream().map(World::readOnceMore).toList();
            case OUTCOME_OUTSIDE_THE_TRANSACTION -> {
                var waiting = new java.util.HashMap<Stage.Node, List<MemoryRows.Told>>();
                rows.tell = told -> waiting.computeIfAbsent(stage.current.node, _ -> new ArrayList<>())
                        .add(told);
                database.afterCommit = () -> {
                    var mine = waiting.remove(stage.current.node);
                    if (mine != null) {
                        stage.step("outcomes are still to be written");
                        database.write("write outcomes", () -> {
                            mine.forEach(rows::addOutcome);
                            return true;
                        });
                    }
                };
            }
            case NONE,
                    NO_TRY_BEFORE_THE_CALL,
                    REPLY_NOT_DURABLE_BEFORE_THE_NEXT_CALL,
                    REPEAT_WITHOUT_READING,
                    NO_SETTLE_TIME,
                    BRAKE_IS_NOT_ASKED_AT_THE_GATE,
                    NOBODY_IS_PROTECTED,
                    NO_BUDGET,
                    BUDGET_IS_READ_AND_NOT_LOCKED,
                    NO_BURSTS,
                    BURSTS_END_BY_THEMSELVES,
                    NO_CANARIES,
                    CANARIES_NEED_NOT_SETTLE,
                    NOTHING_NEEDS_A_PLAN,
                    CHANGES_ARE_NOT_READ -> {
                // In the parts that each node gets.
            }
        }
    }

    private static Request readOnceMore(Request request) {
        return request.reason() != Reason.CONFIRMING || request.notDoneReads() > 0
                ? request
                : new Request(
                        request.number(),
                        request.admission(),
                        request.admittedAt(),
                        request.status(),
                        request.reason(),
                        request.effect(),
                        request.message(),
                        request.version(),
                        request.sequence(),
                        request.dueAt(),
                        request.waitsFor(),
                        request.batch(),
                        request.item(),
                        request.lastBatch(),
                        request.withdrawnBy(),
                        request.deferrals(),
                        1,
                        request.doubtSince(),
                        request.settledAt(),
                        request.released());
    }

    private InDoubt inDoubt() {
        boolean settles = breakage != Breakage.NO_SETTLE_TIME;
        return new InDoubt(
                Duration.ofSeconds(60),
                settles ? Duration.ofMinutes(2) : Duration.ZERO,
                settles ? Duration.ofMinutes(5) : Duration.ZERO,
                Duration.ofMinutes(20),
                Duration.ofSeconds(15),
                new BackOff(Duration.ofSeconds(5), Duration.ofMinutes(10)),
                Duration.ofHours(24));
    }

    // The nodes

    /** One service node, which is somebody else after each start. */
    private final class Member {

        final String name;
        Stage.Node node;
        boolean told;

        /** When it looks again at the latest: it may be looking just now, and past what changed. */
        private long lookBy = Long.MAX_VALUE;

        private Stage.@Nullable Actor dispatcher;
        private Stage.@Nullable Actor relay;

        Member(String name) {
            this.name = name;
            node = new Stage.Node(name);
            start();
        }

        void die() {
            stage.kill(node);
            node = new Stage.Node(name);
            var next = node;
            long pause = stage.random.nextLong(20 * SECOND);
            stage.spawn(outside, "start of " + name, () -> {
                stage.sleep(pause);
                if (node == next) {
                    stage.tell("starts");
                    start();
                }
            });
        }

        void wakeIn(long micros) {
            lookBy = Math.min(lookBy, stage.now + micros);
            if (dispatcher != null) {
                stage.wakeBy(dispatcher, stage.now + micros);
            }
            if (relay != null) {
                stage.wakeBy(relay, stage.now + micros);
            }
        }

        private void start() {
            var me = node;
            var owner = name + "/" + ++incarnations;
            var parts = Breaking.ledger(ledger, breakage);
            var brake = new MemoryBrake();
            var doubt = new NoDoubt();
            var gate = SafetyUnderSimulation.gate(
                    owner,
                    new MemoryPermits(),
                    parts,
                    breakage == Breakage.BRAKE_IS_NOT_ASKED_AT_THE_GATE ? new NoBrake() : brake,
                    doubt,
                    new TransactionTemplate(transactions),
                    stage.clock(),
                    () -> stage.now * 1000);
            var bursts = bursts();
            var first = first();
            var batches = new BatchesUnderSimulation(
                    owner,
                    new BatchesUnderSimulation.Ground(
                            parts,
                            transactions,
                            new ModelPartnerCenter(World.this, me),
                            new SeededPace(),
                            brake,
                            doubt,
                            gate,
                            SafetyUnderSimulation.guards(
                                    parts,
                                    breakage == Breakage.NOBODY_IS_PROTECTED
                                            ? Set.of()
                                            : restraints.protectedCustomers(),
                                    budgets(bursts),
                                    bursts,
                                    first,
                                    new PlanRule(
                                            breakage == Breakage.NOTHING_NEEDS_A_PLAN ? Set.of() : restraints.planned(),
                                            plans::planned)),
                            stage.clock(),
                            new Journal()),
                    plans,
                    inDoubt(),
                    new NodeThreads(me),
                    new MemoryHistory());
            dispatcher = stage.spawn(me, "dispatcher", () -> dispatch(batches));
            stage.spawn(me, "watch", () -> watch(batches));
            if (setting == Setting.GUARDED) {
                stage.spawn(me, "guards", () -> lookAfter(bursts, first));
                stage.spawn(me, "plans", () -> makePlans(batches));
            }
            stage.spawn(me, "intake", this::takeIn);
            relay = stage.spawn(
                    me,
                    "relay",
                    () -> publish(new RelayUnderSimulation(
                            parts, stage.clock(), () -> holdsRelay(owner), (customer, id) -> arrive(customer, id))));
        }

        private void dispatch(BatchesUnderSimulation batches) {
            while (true) {
                told = false;
                lookBy = Long.MAX_VALUE;
                try {
                    batches.look();
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not look: " + e.getMessage());
                }
                if (batches.isDown()) {
                    stage.sleep(15 * SECOND);
                    batches.lookAgain();
                } else {
                    long due = untilSomethingIsDue();
                    stage.await(() -> told, lookBy == Long.MAX_VALUE ? due : Math.clamp(lookBy - stage.now, 1, due));
                }
            }
        }

        private void watch(BatchesUnderSimulation batches) {
            while (true) {
                if (!batches.isBusy()) {
                    stage.await(batches::isBusy);
                }
                try {
                    batches.watch();
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not watch: " + e.getMessage());
                }
                stage.sleep(3 * SECOND);
            }
        }

        private void makePlans(BatchesUnderSimulation batches) {
            while (true) {
                stage.await(() -> rows.plans.committedRows().stream()
                        .anyMatch(each -> each.plan().state() == Plan.State.MAKING));
                try {
                    batches.makePlans();
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not make a plan: " + e.getMessage());
                }
                stage.sleep(5 * SECOND);
            }
        }

        /** What guards hold and need not hold any more. */
        private void lookAfter(Bursts bursts, SafetyUnderSimulation.First first) {
            while (true) {
                stage.await(World.this::isAnythingKept);
                try {
                    if (breakage == Breakage.BURSTS_END_BY_THEMSELVES) {
                        bursts.list().forEach(each -> bursts.end(each.rest(), name, "it is time", stage.instant()));
                    }
                    bursts.endFinished(stage.instant());
                    first.review(stage.instant());
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not look after the guards: " + e.getMessage());
                }
                stage.sleep(60 * SECOND);
            }
        }

        private void publish(RelayUnderSimulation relay) {
            while (true) {
                Relay.Round round;
                try {
                    round = relay.publishOnce();
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not publish: " + e.getMessage());
                    round = Relay.Round.FAILED;
                }
                if (round == Relay.Round.IDLE) {
                    stage.await(() -> !rows.toSend.committedRows().isEmpty());
                } else if (round != Relay.Round.GO_ON) {
                    stage.sleep(SECOND);
                }
            }
        }

        /** As the consumer of a poll does: all in one transaction, then the offset; a data error makes it one by one. */
        private void takeIn() {
            long next = offset;
            while (next < topic.size()) {
                var record = topic.get((int) next);
                if (record.at() > stage.now) {
                    stage.sleep(record.at() - stage.now);
                }
                int many = 1;
                while (many < 3
                        && next + many < topic.size()
                        && topic.get((int) next + many).at() <= stage.now) {
                    many++;
                }
                try {
                    try {
                        admit(topic.subList((int) next, (int) next + many));
                    } catch (DataIntegrityViolationException e) {
                        for (int each = 0; each < many; each++) {
                            admit(topic.subList((int) next + each, (int) next + each + 1));
                        }
                    }
                    next += many;
                    stage.step("commits the offset", next);
                    offset = Math.max(offset, next);
                    changed = true;
                } catch (RuntimeException e) {
                    stage.tell(() -> "could not take in: " + e.getMessage());
                    stage.sleep(SECOND);
                }
            }
        }

        private void admit(List<Record> records) {
            new TransactionTemplate(transactions).executeWithoutResult(_ -> {
                var asked = records.stream().map(Record::admission).toList();
                var known = ledger.requests()
                        .digests(asked.stream().map(Admission::key).toList())
                        .keySet();
                var seen = new LinkedHashSet<RequestKey>();
                var fresh = new ArrayList<Admission>();
                var withdraws = new ArrayList<Admission>();
                var again = new ArrayList<RequestKey>();
                for (var each : asked) {
                    if (known.contains(each.key()) || !seen.add(each.key()) && !rows.duplicatesAllowed) {
                        again.add(each.key());
                    } else if (each.operation() == Operation.WITHDRAW) {
                        withdraws.add(each);
                    } else {
                        fresh.add(each);
                    }
                }
                ledger.requests().lockAll(asked.stream().map(World::target).toList());
                ledger.requests().admit(fresh, stage.instant());
                for (var each : withdraws) {
                    ledger.requests().withdraw(each, stage.instant().plus(Duration.ofMinutes(10)), stage.instant());
                }
                ledger.requests().tellAgain(again);
                Objects.requireNonNull(stage.current.tx).asked = again;
            });
        }
    }

    private static RequestKey target(Admission admission) {
        var id = admission.withdrawsId();
        return id == null ? admission.key() : new RequestKey(admission.key().source(), id);
    }

    /** Until the next time that stands in the ledger; what is due already is looked at again in a second. */
    private long untilSomethingIsDue() {
        Instant next = Instant.MAX;
        for (var each : rows.requests.committedRows()) {
            next = earlier(next, each.request().dueAt());
        }
        for (var each : rows.batches.committedRows()) {
            next = earlier(next, each.leaseUntil());
            next = earlier(next, each.restartAt());
        }
        return next == Instant.MAX ? Long.MAX_VALUE : Math.max(SECOND, stage.micros(next) - stage.now + 1);
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private boolean holdsRelay(String owner) {
        return database.write("hold the relay's lease", () -> {
            leases.lock("relay");
            var lease = leases.get("relay");
            if (lease != null && !lease.owner().equals(owner) && lease.until() > stage.now) {
                return false;
            }
            leases.put("relay", new Lease(owner, stage.now + 10 * SECOND));
            return true;
        });
    }

    private @Nullable Exception arrive(String customer, String id) {
        long begun = stage.now;
        stage.step("sends", id);
        if (strikes(50)) {
            boolean arrived = stage.random.nextBoolean();
            stage.tell(() -> "the broker's answer is lost; the record " + (arrived ? "arrived" : "did not arrive"));
            if (arrived) {
                checks.arrives(customer, id, begun);
            }
            return stage.random.nextBoolean()
                    ? new KafkaException("broken")
                    : new org.apache.kafka.common.errors.TimeoutException("no answer");
        }
        checks.arrives(customer, id, begun);
        stage.step("the broker acknowledges");
        return null;
    }

    /** Threads as actors. */
    private final class NodeThreads implements BatchesUnderSimulation.Threads {

        private final Stage.Node node;

        NodeThreads(Stage.Node node) {
            this.node = node;
        }

        @Override
        public void start(String name, Runnable body) {
            stage.spawn(node, name, body);
        }

        @Override
        public void together(List<Runnable> all) {
            var left = new int[] {all.size()};
            for (int each = 0; each < all.size(); each++) {
                var body = all.get(each);
                stage.spawn(node, "item-" + (each + 1), () -> {
                    try {
                        body.run();
                    } finally {
                        left[0]--;
                    }
                });
            }
            stage.await(() -> left[0] == 0);
        }

        @Override
        public void pause(CountDownLatch orUntil, Duration atMost) {
            stage.await(() -> orUntil.getCount() == 0, TimeUnit.NANOSECONDS.toMicros(atMost.toNanos()));
        }
    }

    /** The job repository. */
    private final class MemoryHistory implements BatchesUnderSimulation.History {

        @Override
        public boolean isCompleted(long batch) {
            return database.read("read the last execution", () -> Boolean.TRUE.equals(executions.get(batch)));
        }

        @Override
        public void write(long batch, boolean completed) {
            database.write("write the execution", () -> {
                executions.put(batch, completed);
                return true;
            });
        }

        @Override
        public long nextExecution() {
            return ++nextExecution;
        }
    }

    /** Tells what happens. */
    private final class Journal implements BatchJournal {

        @Override
        public void settled(Request request, Resolution resolution) {
            stage.tell(
                    () -> "settles %d: %s, %s".formatted(request.number(), resolution.reason(), resolution.message()));
        }

        @Override
        public void ended(Batch batch, String how) {
            stage.tell(() -> batch.name() + " " + how);
        }

        @Override
        public void bug(String where, Throwable cause) {
            stage.tell(() -> "BUG " + where + ": " + cause);
            boolean ofTheDatabase = cause instanceof DataAccessException
                    || cause instanceof TransactionException
                    || databaseStruck && cause instanceof IllegalStateException;
            if (!ofTheDatabase) {
                stage.broken = stage.broken == null ? cause : stage.broken;
            }
        }

        @Override
        public void broke(Batch batch, Throwable cause) {
            stage.tell(() -> batch.name() + " broke: " + cause);
        }
    }

    /** A pace that lets somebody wait now and then. */
    private final class SeededPace implements Pace {

        @Override
        public Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
            long until = happens(10) ? stage.now + stage.random.nextLong(2 * SECOND) : 0;
            return new Reservation() {
                @Override
                public Duration remaining() {
                    return until <= stage.now ? Duration.ZERO : Duration.ofNanos((until - stage.now) * 1000);
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

    /** The brake as rows. */
    private final class MemoryBrake implements Brake {

        @Override
        public void pull(Scope scope, String name, String who, String cause, Instant now) {
            database.write("PULLS THE BRAKE", () -> {
                brakes.put(scope + name, new Pulled(scope, name, now, who, cause));
                return true;
            });
            checks.brakePulledAt = stage.now;
        }

        @Override
        public boolean release(Scope scope, String name, String who, String cause, Instant now) {
            checks.brakePulledAt = Long.MAX_VALUE;
            return database.write("RELEASES THE BRAKE", () -> {
                brakes.remove(scope + name);
                return true;
            });
        }

        @Override
        public List<Pulled> list() {
            return database.read("read the brake", () -> List.copyOf(brakes.all()));
        }
    }

    /** A brake that nobody asks. */
    private static final class NoBrake implements Brake {

        @Override
        public void pull(Scope scope, String name, String who, String cause, Instant now) {}

        @Override
        public boolean release(Scope scope, String name, String who, String cause, Instant now) {
            return false;
        }

        @Override
        public List<Pulled> list() {
            return List.of();
        }
    }

    /** Nobody asks who did it. */
    private static final class NoAudit implements Audit {

        @Override
        public void add(Entry entry, Instant now) {}

        @Override
        public List<Written> list(@Nullable Long before, int limit) {
            return List.of();
        }

        @Override
        public List<Written> of(String target) {
            return List.of();
        }
    }

    /** Nobody doubts the tenant. */
    private static final class NoDoubt implements TenantDoubt {

        @Override
        public void note(Request request, long batch, boolean foreign, Instant now) {}

        @Override
        public Optional<Doubt> of(String source) {
            return Optional.empty();
        }

        @Override
        public List<Doubt> list() {
            return List.of();
        }

        @Override
        public boolean clear(String source, String who, String cause, Instant now) {
            return false;
        }
    }

    private static Key key(long request, String step) {
        return new Key(String.valueOf(request), step);
    }

    /** Permits as rows. */
    private final class MemoryPermits implements SafetyUnderSimulation.PermitBook {

        @Override
        public boolean has(long request, String step) {
            return database.read("is there a permit?", () -> rows.permits.get(key(request, step)) != null);
        }

        @Override
        public void giveBack(long request, String step) {
            database.write("give the permit back", () -> {
                var permit = rows.permits.get(key(request, step));
                if (permit != null && !permit.spent()) {
                    rows.permits.remove(key(request, step));
                }
                return true;
            });
        }
    }

    private Budgets budgets(Bursts bursts) {
        return setting == Setting.FREE || breakage == Breakage.NO_BUDGET
                ? new MemoryBudgets()
                : SafetyUnderSimulation.budgets(restraints.allowance(), new MemoryPermitRows(), bursts, plans);
    }

    private Bursts bursts() {
        return setting == Setting.FREE || breakage == Breakage.NO_BURSTS
                ? SafetyUnderSimulation.NO_BURSTS
                : new MemoryBursts(rows, this::lockBudget);
    }

    private SafetyUnderSimulation.First first() {
        return setting == Setting.FREE || breakage == Breakage.NO_CANARIES
                ? SafetyUnderSimulation.First.NOBODY
                : SafetyUnderSimulation.first(
                        restraints.first(),
                        breakage == Breakage.CANARIES_NEED_NOT_SETTLE ? Duration.ZERO : restraints.settle(),
                        new MemoryCanaries(rows),
                        new TransactionTemplate(transactions),
                        ledger.requests(),
                        new NoAudit());
    }

    private void lockBudget(String budget) {
        if (breakage == Breakage.BUDGET_IS_READ_AND_NOT_LOCKED) {
            return;
        }
        database.write("lock the budget", budget, () -> {
            budgets.lock(budget);
            return true;
        });
    }

    private boolean isAnythingKept() {
        if (!rows.bursts.committedRows().isEmpty()) {
            return true;
        }
        for (var each : rows.requests.committedRows()) {
            if (each.request().reason() == Reason.CANARY) {
                return true;
            }
        }
        return false;
    }

    /** What the budgets count, as rows. */
    private final class MemoryPermitRows implements SafetyUnderSimulation.PermitRows {

        @Override
        public Budgets.Reservation inTransaction(Supplier<Budgets.Reservation> reservation) {
            var reserved =
                    Objects.requireNonNull(new TransactionTemplate(transactions).execute(_ -> reservation.get()));
            decided(stage.current.node);
            return reserved;
        }

        @Override
        public void lock(String budget) {
            lockBudget(budget);
        }

        @Override
        public List<SafetyUnderSimulation.Kept> all() {
            return database.read(
                    "count the permits",
                    () -> rows.permits.all().stream()
                            .map(each -> new SafetyUnderSimulation.Kept(
                                    rows.asked(each.request()).request(), each.step(), each.reservedAt()))
                            .toList());
        }

        @Override
        public void write(Request request, String step, Instant now) {
            database.write("reserve a permit", request.number(), () -> {
                rows.permits.put(key(request.number(), step), new Allowed(request.number(), step, false, now));
                return true;
            });
        }
    }

    /** The permit of a call, as everybody sees it; null when there is none. */
    @Nullable
    Allowed permitOf(long request, Step step) {
        return rows.permits.committedRow(key(request, step.word()));
    }

    /** Budgets that are never used up. */
    private final class MemoryBudgets implements Budgets {

        @Override
        public Reservation reserve(Request request, String step, Instant now) {
            Reservation reserved = database.write("reserve a permit", () -> {
                rows.permits.lock(key(request.number(), step));
                if (rows.permits.get(key(request.number(), step)) == null) {
                    rows.permits.put(key(request.number(), step), new Allowed(request.number(), step, false, now));
                }
                return new Reservation.Reserved();
            });
            decided(stage.current.node);
            return reserved;
        }

        @Override
        public Forecast forecast(Instant now) {
            return new Forecast() {
                @Override
                public Optional<Exceeded> exceeded(Request request) {
                    return Optional.empty();
                }

                @Override
                public void count(Request request) {}
            };
        }

        @Override
        public List<Standing> list(Instant now) {
            return List.of();
        }
    }
}
