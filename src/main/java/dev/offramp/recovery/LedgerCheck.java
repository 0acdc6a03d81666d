package dev.offramp.recovery;

import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Readiness;
import dev.offramp.ledger.Recoveries;
import dev.offramp.request.IntakeGroup;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Asks Kafka at the start whether the ledger is older than what was read and told, before anything is taken in or worked
 * on; and looks every second whether a recovery is over.
 */
final class LedgerCheck implements SmartLifecycle, Readiness {

    private static final Logger log = LoggerFactory.getLogger(LedgerCheck.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LedgerFindings findings;
    private final FromBackup fromBackup;
    private final Recoveries recoveries;
    private final IntakeGroup intake;
    private final Offsets offsets;
    private final Runnable workArrived;
    private final Duration retry;
    private final Object bell = new Object();
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private volatile boolean known;
    private boolean saidSilent;
    private boolean saidOlder;

    LedgerCheck(
            LedgerFindings findings,
            FromBackup fromBackup,
            Recoveries recoveries,
            IntakeGroup intake,
            Offsets offsets,
            Runnable workArrived,
            Duration retry) {
        this.findings = findings;
        this.fromBackup = fromBackup;
        this.recoveries = recoveries;
        this.intake = intake;
        this.offsets = offsets;
        this.workArrived = workArrived;
        this.retry = retry;
    }

    @Override
    public boolean mayWork() {
        return known;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            if (intake.reads()) {
                // Whoever has never read from Kafka, e.g. a node that runs files only, need not wait for it.
                known = intake.topics().stream()
                        .allMatch(each -> offsets.of(each).isEmpty());
            } else {
                known = true;
            }
            thread = Thread.ofVirtual().name("ledger-check").start(this::run);
        }
    }

    private void run() {
        while (intake.reads() && !stopping && !judged()) {
            look();
            rest(retry);
        }
        while (!stopping) {
            look();
            rest(SECOND);
        }
    }

    /** @return whether intake may go on */
    private boolean judged() {
        try {
            boolean goesOn = judge();
            if (goesOn && !stopping) {
                intake.goOn();
            }
            // What is older is kept from calls by the brake.
            known = true;
            workArrived.run();
            return goesOn;
        } catch (KafkaSide.Silent | DataAccessException | TransactionException e) {
            // Intake alone waits for Kafka anyway; that is said of Kafka.
            if (!saidSilent && !known) {
                saidSilent = true;
                log.warn(
                        "It cannot be told yet whether the ledger is older than what was read from Kafka ({}): intake waits, and so does the work on what came from there; asked again every {}.",
                        e.getMessage(),
                        retry);
            }
            return false;
        }
    }

    private boolean judge() {
        var found = findings.find();
        if (found.older() && intake.acceptsOlderLedger()) {
            log.warn(
                    "Intake goes on over an older ledger, as offramp.intake.accept-older-ledger says, and no call is made for offramp.recovery.settle-time. {}",
                    found.words());
            fromBackup.accept(found);
            return true;
        }
        if (found.older()) {
            intake.waitForAPerson();
            fromBackup.hold(found.words());
            if (!saidOlder) {
                saidOlder = true;
                log.error(
                        "Nothing is taken in and no call is made until a person says how to go on: start with the newest database, or use bin/offramp recover-from-backup. {}",
                        found.words());
            }
            return false;
        }
        if (recoveries
                .open()
                .filter(each -> each.state() == Recoveries.State.NEEDED)
                .isPresent()) {
            fromBackup.over("The ledger knows again all that was read and told.");
        }
        return true;
    }

    private void look() {
        try {
            fromBackup.look();
        } catch (DataAccessException | TransactionException e) {
            log.debug("Cannot see whether a recovery is over ({}): the next look comes in a second.", e.getMessage());
        }
    }

    private void rest(Duration time) {
        synchronized (bell) {
            try {
                if (!stopping) {
                    bell.wait(time.toMillis());
                }
            } catch (InterruptedException e) {
                stopping = true;
            }
        }
    }

    @Override
    public synchronized void stop() {
        synchronized (bell) {
            stopping = true;
            bell.notifyAll();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Before dispatcher and containers. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 400;
    }
}
