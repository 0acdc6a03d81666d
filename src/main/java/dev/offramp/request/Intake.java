package dev.offramp.request;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Refusals;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Reason;
import dev.offramp.request.Screening.Screened;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes polls into the ledger: requests, refusals and offsets of one poll in one transaction, so that Kafka's offsets may
 * follow without anything being lost or doubled.
 */
final class Intake {

    /** How much of a refused value is kept. */
    static final int KEPT = 256 * 1024;

    private static final int TRIES = 3;
    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final MessageReader reader;
    private final Screening screening;
    private final Requests requests;
    private final Refusals refusals;
    private final Offsets offsets;
    private final Recoveries recoveries;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Intake(
            MessageReader reader,
            Screening screening,
            Requests requests,
            Refusals refusals,
            Offsets offsets,
            Recoveries recoveries,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.reader = reader;
        this.screening = screening;
        this.requests = requests;
        this.refusals = refusals;
        this.offsets = offsets;
        this.recoveries = recoveries;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** What became of the records of a poll, in numbers. */
    record Taken(int admitted, int repeated, int refused) {

        static final Taken NOTHING = new Taken(0, 0, 0);

        Taken and(Taken other) {
            return new Taken(admitted + other.admitted, repeated + other.repeated, refused + other.refused);
        }
    }

    /**
     * Takes a poll. When the database does not accept the data of one record, the poll is taken record by record.
     *
     * @throws org.springframework.dao.DataAccessException when the database is away: nothing of the transaction at hand
     *     was written, and the poll is to be taken again
     */
    Taken take(List<IncomingRecord> poll) {
        try {
            return write(poll);
        } catch (DataIntegrityViolationException e) {
            log.warn(
                    "The database does not take a poll of {} records as a whole ({}): it is taken record by record now.",
                    poll.size(),
                    e.getMostSpecificCause().getMessage());
            return poll.stream().map(this::takeAlone).reduce(Taken.NOTHING, Taken::and);
        }
    }

    private Taken takeAlone(IncomingRecord record) {
        for (var number = 1; ; number++) {
            try {
                return write(List.of(record));
            } catch (DuplicateKeyException e) {
                // Another partition brought the same id in this moment; the next look finds it.
                if (number == TRIES) {
                    return writeRefusal(record, e);
                }
            } catch (DataIntegrityViolationException e) {
                return writeRefusal(record, e);
            }
        }
    }

    private Taken writeRefusal(IncomingRecord record, DataIntegrityViolationException cause) {
        log.warn(
                "The database does not take the data of {}: the record is refused and kept among the refused.",
                record.stood(),
                cause);
        return inTransaction(() -> {
            var now = clock.instant();
            refuse(
                    record,
                    new Screened.Refused(
                            Reason.INVALID_MESSAGE.word(),
                            "The message was read, but the database does not take its data. Let the operator look into the log of this time, and send the request again under a new id.",
                            null,
                            null,
                            null),
                    now);
            note(List.of(record), now);
            return new Taken(0, 0, 1);
        });
    }

    private Taken write(List<IncomingRecord> poll) {
        var readings = poll.stream().map(reader::read).toList();
        return inTransaction(() -> {
            var now = clock.instant();
            var keys = new LinkedHashSet<RequestKey>();
            readings.forEach(reading -> Optional.ofNullable(reading.key()).ifPresent(keys::add));
            var page = new Page(keys.isEmpty() ? Map.of() : requests.digests(keys), recoveries.past(keys), now);
            // Their order in the poll may be any; a writer that settles the same requests goes by ledger order.
            requests.lockAll(withdrawnBy(readings));
            for (var i = 0; i < poll.size(); i++) {
                page.add(readings.get(i), poll.get(i));
            }
            page.close();
            note(poll, now);
            return page.taken;
        });
    }

    /** What the withdraws of one poll take back. */
    private static List<RequestKey> withdrawnBy(List<Reading> readings) {
        var targets = new ArrayList<RequestKey>();
        for (var reading : readings) {
            if (reading instanceof Reading.Message(var asked) && asked.withdrawsId() != null) {
                targets.add(new RequestKey(asked.key().source(), asked.withdrawsId()));
            }
        }
        return targets;
    }

    /** What is being written of one poll, in the order of its records. */
    private final class Page {

        private final Map<RequestKey, String> known;
        private final Recoveries.Past past;
        private final Instant now;
        private final List<Admission> admissions = new ArrayList<>();
        private final LinkedHashSet<RequestKey> asked = new LinkedHashSet<>();
        private Taken taken = Taken.NOTHING;

        private Page(Map<RequestKey, String> known, Recoveries.Past past, Instant now) {
            this.known = new HashMap<>(known);
            this.past = past;
            this.now = now;
        }

        private void add(Reading reading, IncomingRecord record) {
            var key = reading.key();
            var first = key == null ? Optional.<String>empty() : Optional.ofNullable(known.get(key));
            switch (screening.screen(reading, record.stood(), first, now)) {
                case Screened.Admitted(Admission admission) -> {
                    if (past.concerns(admission)) {
                        admit();
                        recoveries.admit(admission, past, now);
                    } else {
                        admissions.add(admission);
                    }
                    remember(admission);
                    taken = taken.and(new Taken(1, 0, 0));
                }
                case Screened.Withdrawing(Admission admission, Instant forgetAt) -> {
                    // What it takes back may stand right before it in this poll.
                    admit();
                    if (past.ended(admission.key())) {
                        recoveries.admit(admission, past, now);
                    } else {
                        requests.withdraw(admission, forgetAt, now);
                        recoveries.raise(admission.key(), past);
                    }
                    remember(admission);
                    taken = taken.and(new Taken(1, 0, 0));
                }
                case Screened.Repeated(RequestKey repeated) -> {
                    asked.add(repeated);
                    taken = taken.and(new Taken(0, 1, 0));
                }
                case Screened.Refused refused -> {
                    var rejection = refused.rejection();
                    if (rejection != null && past.ended(rejection.admission().key())) {
                        // It ended before the database was lost, and is judged no second time.
                        admit();
                        recoveries.admit(rejection.admission(), past, now);
                        remember(rejection.admission());
                        taken = taken.and(new Taken(1, 0, 0));
                        return;
                    }
                    if (rejection != null) {
                        requests.reject(rejection.admission(), rejection.resolution(), now);
                        recoveries.raise(rejection.admission().key(), past);
                        remember(rejection.admission());
                    }
                    refuse(record, refused, now);
                    taken = taken.and(new Taken(0, 0, 1));
                }
            }
        }

        private void remember(Admission admission) {
            known.put(admission.key(), admission.digest());
        }

        private void admit() {
            if (!admissions.isEmpty()) {
                requests.admit(List.copyOf(admissions), now);
                admissions.clear();
            }
        }

        private void close() {
            admit();
            if (!asked.isEmpty()) {
                requests.tellAgain(asked);
            }
        }
    }

    private void refuse(IncomingRecord record, Screened.Refused refused, Instant now) {
        var value = record.value();
        var key = refused.key();
        refusals.add(
                new Refusal(
                        record.stood(),
                        refused.reason(),
                        refused.message(),
                        key == null ? null : key.source(),
                        key == null ? null : key.id(),
                        record.key(),
                        kept(value),
                        record.length(),
                        Body.sha256(value == null ? new byte[0] : value),
                        refused.firstDigest()),
                now);
        log.info(
                "Refused {}-{}@{}: {}. {} It is kept and goes to the topic of refused records; its sender must act.",
                record.stood().topic(),
                record.stood().partition(),
                record.stood().offset(),
                refused.reason(),
                refused.message());
    }

    private static byte @Nullable [] kept(byte @Nullable [] value) {
        return value == null || value.length <= KEPT ? value : Arrays.copyOf(value, KEPT);
    }

    private void note(List<IncomingRecord> poll, Instant now) {
        var next = new HashMap<String, Map<Integer, Long>>();
        for (var record : poll) {
            var place = record.stood();
            next.computeIfAbsent(place.topic(), _ -> new HashMap<>())
                    .merge(place.partition(), place.offset() + 1, Math::max);
        }
        next.forEach((topic, byPartition) -> offsets.note(topic, byPartition, now));
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }
}
