package dev.offramp.batch;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.LostCalls;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.NamedLease;
import dev.offramp.offboarding.BackOff;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.InDoubt;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.SuspendedNewCommerce;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.safety.Brake;
import dev.offramp.safety.Gate;
import dev.offramp.safety.Guards;
import dev.offramp.safety.Plans;
import dev.offramp.safety.TenantDoubt;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The real dispatcher, watch, batch runner, steps and work on requests of one node, for a simulation that lives in
 * another package. Only Spring Batch itself is replaced, by a loop with its contract: guard, chunks of reader, processor
 * and writer with the writing in one transaction, summary, verdict; what is COMPLETED is not run again.
 */
public final class BatchesUnderSimulation {

    private static final Json JSON = new Json();

    private static final int CHUNK = 2;

    static final BatchProperties PROPERTIES = new BatchProperties(
            true,
            500,
            50,
            CHUNK,
            CHUNK,
            4,
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(80),
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30)),
            Duration.ofSeconds(30),
            new BatchProperties.Doubt(
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(20),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    Duration.ofHours(24)),
            new BatchProperties.Confirm(
                    Duration.ofSeconds(8), Duration.ofSeconds(15), Duration.ofMinutes(10), Duration.ofHours(24)),
            SuspendedNewCommerce.BLOCKS,
            new BatchProperties.Outage(10, 80, Duration.ofSeconds(15)));

    private static final JobRules RULES = new JobRules(Jobs.of(List.of()), PROPERTIES);

    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(10)
            .minimumNumberOfCalls(10)
            .failureRateThreshold(80)
            .permittedNumberOfCallsInHalfOpenState(3)
            .build();

    private final Runs runs;
    private final CircuitBreaker breaker = CircuitBreaker.of("partner-center", BREAKER);
    private final Dispatcher dispatcher;
    private final Watch watch;
    private final Ledger ledger;
    private final ItemWork work;
    private final Steps steps;
    private final TransactionTemplate transactions;
    private final TransactionTemplate outside;
    private final InstantSource clock;
    private final BatchJournal journal;
    private final Threads threads;
    private final History history;
    private final PlanMaking plans;

    /** The threads of a node. */
    public interface Threads {

        void start(String name, Runnable body);

        /** Runs all of them at the same time, and returns when all have ended. */
        void together(List<Runnable> all);

        void pause(CountDownLatch orUntil, Duration atMost);
    }

    /** What Spring Batch keeps of executions, and the boundaries at which it writes. */
    public interface History {

        boolean isCompleted(long batch);

        void write(long batch, boolean completed);

        long nextExecution();
    }

    /** What a node stands upon. */
    public record Ground(
            Ledger ledger,
            PlatformTransactionManager transactions,
            PartnerCenter partnerCenter,
            Pace pace,
            Brake brake,
            TenantDoubt tenantDoubt,
            Gate gate,
            Guards guards,
            InstantSource clock,
            BatchJournal journal) {}

    public BatchesUnderSimulation(
            String owner, Ground ground, Plans madeHere, InDoubt inDoubt, Threads threads, History history) {
        ledger = ground.ledger();
        clock = ground.clock();
        journal = ground.journal();
        this.threads = threads;
        this.history = history;
        transactions = new TransactionTemplate(ground.transactions());
        outside = new TransactionTemplate(ground.transactions());
        outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
        runs = new Runs(threads::pause);
        var weather = new Weather(ground.partnerCenter(), breaker);
        var requestWork = requestWork(ground, weather, inDoubt);
        plans = planMaking(ground, weather, madeHere);
        work = new ItemWork(runs, ledger.requests(), ledger.turns(), requestWork, clock, journal);
        steps = new Steps(
                runs,
                ledger.requests(),
                ledger.batches(),
                ledger.attempts(),
                ground.guards(),
                JSON,
                clock,
                transactions);
        var runner = new BatchRunner(runs, this::run, ledger.batches(), ledger.requests(), RULES, clock, journal);
        dispatcher = new Dispatcher(
                ledger.batches(),
                runner,
                runs,
                ground.brake(),
                weather,
                body -> threads.start("batch", body),
                clock,
                new Dispatcher.Terms(owner, Mode.LIVE, PROPERTIES.lease(), 4, 50),
                RULES);
        watch = new Watch(runs, ledger.batches(), ground.brake(), owner, PROPERTIES.lease(), clock);
    }

    private static Procedures procedures(Ground ground, Weather weather, TargetReads reads) {
        var ledger = ground.ledger();
        Map<Operation, Procedure> procedures = new EnumMap<>(Operation.class);
        Stream.of(
                        Operation.CANCEL_SUBSCRIPTION,
                        Operation.SUSPEND_SUBSCRIPTION,
                        Operation.REACTIVATE_SUBSCRIPTION,
                        Operation.TURN_OFF_AUTO_RENEW)
                .forEach(each -> procedures.put(each, new SubscriptionProcedure(each, reads)));
        procedures.put(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                new UnlinkProcedure(
                        ground.partnerCenter(),
                        reads,
                        ledger.customers(),
                        weather,
                        ground.clock(),
                        SuspendedNewCommerce.BLOCKS));
        return new Procedures(procedures, new OrderProcedure(reads));
    }

    private static PlanMaking planMaking(Ground ground, Weather weather, Plans plans) {
        var ledger = ground.ledger();
        var reads = new TargetReads(ground.partnerCenter(), ledger.customers(), weather, ground.clock());
        return new PlanMaking(
                plans,
                ledger.requests(),
                ledger.attempts(),
                procedures(ground, weather, reads),
                new TakenSteps(
                        ledger.attempts(), new StepCalls(ground.partnerCenter(), reads, weather, ground.clock())),
                ground.partnerCenter(),
                ground.guards(),
                ground.tenantDoubt(),
                ground.pace(),
                weather,
                EVERYBODY,
                ground.clock());
    }

    /** The lease elects and does not fence, so that everybody may have it: what makes plans must bear that. */
    private static final NamedLease EVERYBODY =
            new NamedLease(everybody(JdbcClient.class), "plans", "a node", PROPERTIES.lease());

    private static <T> T everybody(Class<T> part) {
        return part.cast(Proxy.newProxyInstance(
                part.getClassLoader(),
                new Class<?>[] {part},
                (proxy, method, _) -> method.getReturnType() == int.class
                        ? (Object) 1
                        : method.getReturnType().isInstance(proxy) ? proxy : everybody(method.getReturnType())));
    }

    private static RequestWork requestWork(Ground ground, Weather weather, InDoubt inDoubt) {
        var ledger = ground.ledger();
        var clock = ground.clock();
        var confirm = PROPERTIES.confirm();
        var confirming =
                new Confirming(new BackOff(confirm.firstLook(), confirm.longestPause()), confirm.giveUpAfter());
        var reads = new TargetReads(ground.partnerCenter(), ledger.customers(), weather, clock);
        var calls = new StepCalls(ground.partnerCenter(), reads, weather, clock);
        var taken = new TakenSteps(ledger.attempts(), calls);
        var procedures = procedures(ground, weather, reads);
        var slots = new Slots(ground.pace(), RULES, PROPERTIES.maxWait());
        var detours = new Detours(weather, clock);
        var halts = new Halts(ground.brake(), weather);
        var openCall = new OpenCall(
                ledger.attempts(),
                ledger.decisions(),
                (_, _) -> {},
                calls,
                taken,
                inDoubt,
                confirming,
                confirm.patience(),
                slots,
                detours,
                clock);
        var execution = new Execution(
                slots,
                calls,
                taken,
                halts,
                new Lag(ledger.attempts(), confirming, PROPERTIES.doubt().settleCancel()),
                confirming,
                ground.guards(),
                ground.gate(),
                ground.tenantDoubt(),
                LostCalls.NONE,
                PROPERTIES.doubt().betweenReads(),
                ledger.attempts(),
                ledger.decisions(),
                (_, _) -> {},
                detours,
                new AfterReply(openCall, calls, confirming, PROPERTIES.doubt().firstLook(), detours, clock),
                JSON,
                clock,
                ground.journal());
        return new RequestWork(
                ledger.requests(),
                ledger.attempts(),
                procedures,
                halts,
                taken,
                openCall,
                execution,
                ground.tenantDoubt(),
                ground.guards(),
                clock);
    }

    /** One pass of the dispatcher. */
    public void look() {
        dispatcher.look();
    }

    /** One look after leases, brake and people's wishes. */
    public void watch() {
        watch.look();
    }

    /** Goes on with the plans that are to be made. */
    public void makePlans() {
        plans.round(pause -> {
            threads.pause(new CountDownLatch(1), pause);
            return true;
        });
    }

    public boolean isBusy() {
        return runs.count() > 0;
    }

    /** The node shuts down in order: nothing new is begun. */
    public void drain() {
        runs.drain();
    }

    public int running() {
        return dispatcher.running();
    }

    public boolean isDown() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /** Some time after Partner Center was found to be away: a few may look whether it is back. */
    public void lookAgain() {
        if (isDown()) {
            breaker.transitionToHalfOpenState();
        }
    }

    /** Work of a step. */
    private interface Work {

        void on(StepExecution step) throws JobInterruptedException;
    }

    private JobExecution run(Batch batch) {
        var execution = new JobExecution(
                history.nextExecution(), new JobInstance(batch.number(), batch.job()), BatchJobs.parameters(batch));
        if (history.isCompleted(batch.number())) {
            execution.setStatus(BatchStatus.COMPLETED);
            return execution;
        }
        history.write(batch.number(), false);
        var status = Stream.<Map.Entry<String, Work>>of(
                        Map.entry("guard", in(steps::guard)),
                        Map.entry("process", step -> process(batch.number(), step)),
                        Map.entry("summary", in(steps::summarise)),
                        Map.entry("verdict", in(steps::judge)))
                .map(each -> step(execution, each.getKey(), each.getValue()))
                .filter(each -> each != BatchStatus.COMPLETED)
                .findFirst()
                .orElse(BatchStatus.COMPLETED);
        execution.setStatus(status);
        history.write(batch.number(), status == BatchStatus.COMPLETED);
        return execution;
    }

    private Work in(java.util.function.Consumer<StepExecution> tasklet) {
        return step -> transactions.executeWithoutResult(_ -> tasklet.accept(step));
    }

    private BatchStatus step(JobExecution execution, String name, Work work) {
        var step = new StepExecution(1, name, execution);
        try {
            work.on(step);
        } catch (JobInterruptedException e) {
            return BatchStatus.STOPPED;
        } catch (RuntimeException e) {
            execution.addFailureException(e);
            return BatchStatus.FAILED;
        }
        return step.isTerminateOnly() ? BatchStatus.STOPPED : BatchStatus.COMPLETED;
    }

    private void process(long batch, StepExecution step) throws JobInterruptedException {
        var reading = new ItemReading(ledger.requests(), outside, batch);
        var settling = new ItemSettling(runs, ledger.requests(), ledger.turns(), clock, journal, step);
        var policy = JobConfiguration.stopsWithTheRun(runs);
        List<Item> items;
        do {
            policy.checkInterrupted(step);
            items = new ArrayList<>();
            for (var item = reading.read(); item != null; item = items.size() < CHUNK ? reading.read() : null) {
                items.add(item);
            }
            var worked = worked(items);
            if (!worked.isEmpty()) {
                transactions.executeWithoutResult(_ -> settling.write(new Chunk<>(worked)));
            }
        } while (items.size() == CHUNK);
    }

    private List<WorkedItem> worked(List<Item> items) {
        if (items.size() < 2) {
            return items.stream().map(work::process).toList();
        }
        var worked = new WorkedItem[items.size()];
        var all = new ArrayList<Runnable>();
        for (int each = 0; each < worked.length; each++) {
            int index = each;
            all.add(() -> worked[index] = work.process(items.get(index)));
        }
        threads.together(all);
        return List.of(worked);
    }
}
