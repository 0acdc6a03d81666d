package dev.offramp.recovery;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Recoveries.Recovery;
import dev.offramp.ledger.Recoveries.TakenOver;
import dev.offramp.ledger.Requests;
import dev.offramp.request.IntakeGroup;
import dev.offramp.safety.Brake;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Leads out of an older database: takes over what was told, lets the topics be read again from where the ledger knows it,
 * and makes no call before what was sent in between must show.
 */
public final class FromBackup {

    private static final Logger log = LoggerFactory.getLogger(FromBackup.class);

    /** The name of the brake that is pulled meanwhile; a person's own has none. */
    static final String BRAKE = "recovery";

    private static final String SERVICE = "Offramp";
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");
    private static final Duration MARGIN = Duration.ofDays(1);

    private final KafkaSide kafka;
    private final LedgerFindings findings;
    private final IntakeGroup intake;
    private final Recoveries recoveries;
    private final Requests requests;
    private final Offsets offsets;
    private final Brake brake;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final ToldMessages messages;
    private final String outcomesTopic;
    private final Duration settleTime;
    private final InstantSource clock;

    FromBackup(
            KafkaSide kafka,
            LedgerFindings findings,
            IntakeGroup intake,
            Recoveries recoveries,
            Requests requests,
            Offsets offsets,
            Brake brake,
            Audit audit,
            TransactionTemplate transactions,
            ToldMessages messages,
            String outcomesTopic,
            Duration settleTime,
            InstantSource clock) {
        this.kafka = kafka;
        this.findings = findings;
        this.intake = intake;
        this.recoveries = recoveries;
        this.requests = requests;
        this.offsets = offsets;
        this.brake = brake;
        this.audit = audit;
        this.transactions = transactions;
        this.messages = messages;
        this.outcomesTopic = outcomesTopic;
        this.settleTime = settleTime;
        this.clock = clock;
    }

    /**
     * How one partition is read again.
     *
     * @param from where reading begins
     * @param until up to where it had been read
     * @param gone so many records were read, are in no ledger, and Kafka has them no longer
     */
    public record Again(String topic, int partition, long from, long until, long gone) {}

    /**
     * What is to be done, or was.
     *
     * @param state none, needed or under-way
     * @param words what was found
     * @param openRequests requests that are open in the ledger as it stands
     * @param told requests of which more was told than the ledger knows; known only once it was done
     * @param callsFrom before that no call is made
     */
    public record Report(
            String state,
            String words,
            List<Again> partitions,
            long openRequests,
            long told,
            @Nullable Instant callsFrom,
            @Nullable TakenOver takenOver) {}

    /** It cannot be done now, and this is why. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** Says what would be done; changes nothing. */
    public Report plan() {
        return report(find(), null);
    }

    /** @throws Refused when there is nothing to recover, or other nodes are running */
    public Report carryOut(String who, String cause) {
        var found = find();
        if (!found.older()) {
            throw new Refused(
                    recoveries.open().isEmpty()
                            ? "The ledger knows all that was read and told: there is nothing to recover."
                            : "The recovery is under way; it ends by itself.");
        }
        if (!intake.reads()) {
            throw new Refused(
                    "This node does not read the request topics (offramp.intake.enabled=false); ask one that does.");
        }
        hold(found.words());
        var done = new AtomicReference<TakenOver>();
        try {
            intake.whileAway(() -> {
                int others = kafka.members();
                if (others > 0) {
                    throw new Refused(
                            "%d other consumers are in the group %s: stop all other nodes first, so that nobody works over the older database."
                                    .formatted(others, intake.name()));
                }
                done.set(takeOver(found, who, cause));
            });
        } catch (KafkaSide.Silent e) {
            throw new Refused("Kafka does not answer any more (%s); give the command again when it does."
                    .formatted(e.getMessage()));
        }
        intake.goOn();
        return report(found, done.get());
    }

    private TakenOver takeOver(LedgerFindings.Found found, String who, String cause) {
        var now = clock.instant();
        var toldFrom = remember();
        var taken = recoveries.takeOver(now);
        begin(
                found,
                toldFrom,
                who,
                cause,
                "%d ended, %d go on, %d held".formatted(taken.ended(), taken.goingOn(), taken.held()));
        LedgerFindings.from(found).forEach(kafka::rewind);
        return taken;
    }

    /** A person wants intake to go on without what is missing; what is open is treated with the same care. */
    void accept(LedgerFindings.Found found) {
        hold(found.words());
        recoveries.remember(found.newest());
        begin(found, NEVER, SERVICE, "offramp.intake.accept-older-ledger", "what is missing is not read again");
        var read = new TreeMap<String, Map<Integer, Long>>();
        found.partitions().stream()
                // Without a place of the group all is read again, and held.
                .filter(LedgerFindings.Partition::committed)
                .filter(each -> each.read() > each.ledger())
                .forEach(each ->
                        read.computeIfAbsent(each.topic(), _ -> new TreeMap<>()).put(each.partition(), each.read()));
        read.forEach((topic, next) -> offsets.note(topic, next, clock.instant()));
        intake.goOn();
    }

    /** Nothing speaks against it any more, e.g. since somebody has set the group back. */
    void over(String words) {
        recoveries.begin(words, clock.instant().plus(settleTime), Map.of(), NEVER, clock.instant());
    }

    /** Stops all calls on all nodes until it is over. */
    void hold(String words) {
        var now = clock.instant();
        if (recoveries.open().isEmpty()) {
            brake.pull(
                    Brake.Scope.ALL,
                    BRAKE,
                    SERVICE,
                    words + " bin/offramp recover-from-backup leads out of it; this brake is released by itself.",
                    now);
            recoveries.need(words, now);
        }
    }

    /** Ends it when its time has come. */
    void look() {
        var now = clock.instant();
        if (recoveries.open().filter(each -> each.callsFrom() != null).isPresent() && recoveries.end(now)) {
            brake.release(Brake.Scope.ALL, BRAKE, SERVICE, "The recovery is over.", now);
            log.info("The recovery of the ledger is over: what had been read is read again, and calls start.");
        }
    }

    private void begin(LedgerFindings.Found found, Instant toldFrom, String who, String cause, String details) {
        transactions.executeWithoutResult(_ -> {
            var now = clock.instant();
            var until = new TreeMap<Recoveries.Partition, Long>();
            var skipped = new TreeMap<String, Map<Integer, Long>>();
            for (var each : found.partitions()) {
                if (each.until() > each.from()) {
                    until.put(new Recoveries.Partition(each.topic(), each.partition()), each.until());
                }
                if (each.from() > each.ledger()) {
                    skipped.computeIfAbsent(each.topic(), _ -> new TreeMap<>()).put(each.partition(), each.from());
                }
            }
            recoveries.begin(found.words(), now.plus(settleTime), until, toldFrom, now);
            skipped.forEach((topic, next) -> offsets.note(topic, next, now));
            audit.add(new Audit.Entry(who, "recovered from backup", "ledger", cause, details), now);
        });
    }

    /**
     * Reads back what was told since the ledger's newest outcome.
     *
     * @return from when on nothing of it is missing
     */
    private Instant remember() {
        var ends = kafka.ends(outcomesTopic);
        var since = recoveries.newestOutcome().map(each -> each.minus(MARGIN));
        var from = since.map(time -> kafka.from(outcomesTopic, time)).orElse(ends.first());
        var oldest = new HashMap<Integer, Instant>();
        kafka.read(outcomesTopic, from, ends.next(), records -> {
            records.forEach(each -> oldest.putIfAbsent(each.partition(), Instant.ofEpochMilli(each.timestamp())));
            recoveries.remember(records.stream()
                    .map(messages::read)
                    .flatMap(Optional::stream)
                    .toList());
        });
        var now = clock.instant();
        return ends.first().entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> oldest.getOrDefault(each.getKey(), now))
                .reduce(Instant.EPOCH, (one, other) -> one.isAfter(other) ? one : other);
    }

    private LedgerFindings.Found find() {
        try {
            return findings.find();
        } catch (KafkaSide.Silent e) {
            throw new Refused(
                    "Kafka does not say how far was read (%s); try again when it answers.".formatted(e.getMessage()));
        }
    }

    private Report report(LedgerFindings.Found found, @Nullable TakenOver taken) {
        var open = recoveries.open();
        return new Report(
                open.map(each -> each.state().word()).orElse(found.older() ? "needed" : "none"),
                found.older()
                        ? found.words()
                        : open.map(Recovery::words).orElse("The ledger knows all that was read and told."),
                found.partitions().stream()
                        .map(each -> new Again(each.topic(), each.partition(), each.from(), each.until(), each.gone()))
                        .toList(),
                requests.countOpen(),
                recoveries.countRemembered(),
                open.map(Recovery::callsFrom).orElse(null),
                taken);
    }
}
