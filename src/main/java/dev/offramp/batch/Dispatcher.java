package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Mode;
import dev.offramp.offboarding.Operation;
import dev.offramp.partnercenter.Denial;
import dev.offramp.safety.Brake;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns ready requests into running batches: adopts what a dead owner left, restarts what may go on, claims what is due.
 * Each {@link #look()} is one pass; a loop or a test turns it.
 */
final class Dispatcher {

    private static final int PAGE = 50;

    /** So many times what a node runs otherwise: it adopts beyond that, or calls in doubt would wait for its own work. */
    private static final int WITH_ADOPTED = 2;

    private final Batches batches;
    private final BatchRunner runner;
    private final Runs runs;
    private final Brake brake;
    private final Weather weather;
    private final Executor executor;
    private final InstantSource clock;
    private final Terms terms;
    private final JobRules rules;

    /** The numbers of those that were handed out and have not ended; the threads of some may only have to begin. */
    private final Set<Long> handedOut = ConcurrentHashMap.newKeySet();

    Dispatcher(
            Batches batches,
            BatchRunner runner,
            Runs runs,
            Brake brake,
            Weather weather,
            Executor executor,
            InstantSource clock,
            Terms terms,
            JobRules rules) {
        this.batches = batches;
        this.runner = runner;
        this.runs = runs;
        this.brake = brake;
        this.weather = weather;
        this.executor = executor;
        this.clock = clock;
        this.terms = terms;
        this.rules = rules;
    }

    /**
     * What the dispatcher goes by.
     *
     * @param owner node and random incarnation, so that a restarted node is somebody else
     */
    record Terms(String owner, Mode mode, Duration lease, int maxRunning, int maxPerItem) {}

    /** One pass; says how many batches it set running. */
    int look() {
        if (runs.isDraining()) {
            return 0;
        }
        List<Brake.Pulled> pulled = brake.list();
        int started = adopt();
        if (mayWork(pulled)) {
            started += restart();
            started += claim(pulled);
        }
        return started;
    }

    private boolean mayWork(List<Brake.Pulled> pulled) {
        return pulled.stream().noneMatch(each -> each.scope() == Brake.Scope.ALL)
                && !weather.isDown()
                && weather.canSignIn(Denial.APP_SIGN_IN)
                && weather.canSignIn(Denial.PERMISSION);
    }

    /** Adoption does not ask for the weather: open calls of the dead owner are to be settled by reading. */
    private int adopt() {
        int started = 0;
        for (Batch orphan : batches.orphaned(clock.instant(), PAGE)) {
            started += take(orphan, WITH_ADOPTED * terms.maxRunning());
        }
        return started;
    }

    private int restart() {
        Instant now = clock.instant();
        Stream<Batch> resumable = Stream.of(StopReason.BRAKE, StopReason.OUTAGE, StopReason.SIGN_IN)
                .flatMap(reason -> batches.stoppedBecause(reason, PAGE).stream());
        Stream<Batch> live = terms.mode() == Mode.LIVE
                ? batches.stoppedBecause(StopReason.OBSERVE_MODE, PAGE).stream()
                : Stream.empty();
        return Stream.of(batches.dueForRestart(now, PAGE).stream(), resumable, live)
                .flatMap(each -> each)
                .collect(Collectors.toMap(Batch::number, each -> each, (one, _) -> one))
                .values()
                .stream()
                .mapToInt(each -> take(each, terms.maxRunning()))
                .sum();
    }

    /** One batch of each job that has work, least recently claimed first, and round again while there is room. */
    private int claim(List<Brake.Pulled> pulled) {
        int started = 0;
        int before;
        do {
            before = started;
            for (String job : hasRoom() ? batches.jobs() : List.<String>of()) {
                started += hasRoom() ? claim(job, pulled) : 0;
            }
        } while (started > before);
        return started;
    }

    private int claim(String job, List<Brake.Pulled> pulled) {
        Instant now = clock.instant();
        Optional<Batch> claimed = batches.claim(
                new Batches.Claim(
                        terms.owner(),
                        job,
                        terms.lease(),
                        rules.batchSize(job),
                        terms.maxPerItem(),
                        closedOperations(pulled),
                        closed(pulled, Brake.Scope.SOURCE),
                        closed(pulled, Brake.Scope.GROUP),
                        terms.mode() == Mode.LIVE),
                now);
        claimed.ifPresent(batch -> {
            batches.hadTurn(job, now);
            handOut(batch);
        });
        return claimed.isPresent() ? 1 : 0;
    }

    private Set<Operation> closedOperations(List<Brake.Pulled> pulled) {
        Set<Operation> closed = pulled.stream()
                .filter(each -> each.scope() == Brake.Scope.OPERATION)
                .flatMap(each -> Operation.of(each.name()).stream())
                .collect(Collectors.toSet());
        if (!weather.canSignIn(Denial.USER_SIGN_IN)) {
            closed.add(Operation.REMOVE_RESELLER_RELATIONSHIP);
        }
        return closed;
    }

    private static Set<String> closed(List<Brake.Pulled> pulled, Brake.Scope scope) {
        return pulled.stream()
                .filter(each -> each.scope() == scope)
                .map(Brake.Pulled::name)
                .collect(Collectors.toSet());
    }

    private int take(Batch batch, int atMost) {
        // One that was handed out here has lost its lease and ends. Until then nobody here begins it anew,
        // or both would work under the new one; one whose thread is dead is an orphan like any other.
        if (!hasRoom(atMost)
                || handedOut.contains(batch.number())
                || runs.of(batch.number()).filter(Run::isAlive).isPresent()) {
            return 0;
        }
        Optional<Batch> ours = batches.take(batch.number(), terms.owner(), terms.lease(), clock.instant());
        ours.ifPresent(this::handOut);
        return ours.isPresent() ? 1 : 0;
    }

    private boolean hasRoom() {
        return hasRoom(terms.maxRunning());
    }

    private boolean hasRoom(int atMost) {
        return handedOut.size() < atMost && !runs.isDraining();
    }

    private void handOut(Batch batch) {
        handedOut.add(batch.number());
        executor.execute(() -> {
            try {
                runner.run(batch);
            } finally {
                handedOut.remove(batch.number());
            }
        });
    }

    /** Batches that were handed out and have not ended. */
    int running() {
        return handedOut.size();
    }
}
