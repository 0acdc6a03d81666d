package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a database that was lost, or restored from an older copy, learns about the time that it does not know: how far the
 * topic had been read, and what had been told of each request.
 */
public interface Recoveries extends LostCalls {

    /** The recovery that is needed or under way. */
    Optional<Recovery> open();

    /** Notes that one is needed; one that is open already keeps its time and takes the new words. */
    void need(String words, Instant now);

    /** Keeps the newest of what was told of each request, unless the ledger knows as much by itself. */
    void remember(Collection<Told> told);

    /** When the newest outcome was written that the ledger knows. */
    Optional<Instant> newestOutcome();

    /** How many requests there are of which something is kept. */
    long countRemembered();

    /** Which of these the ledger knows as well as they were told, or keeps what was told of them. */
    boolean knows(Told told);

    /**
     * Brings the open requests up to what was told of them: what was final is final again under the same number of
     * outcome; what was not gets its next outcome above the highest one that was told, and is held where its call had been
     * accepted.
     */
    TakenOver takeOver(Instant now);

    /**
     * Begins it: no call is made before that time, nor before the topics are read again up to these offsets.
     *
     * @param until for each partition the offset up to which the lost database had read
     * @param toldFrom outcomes of what was sent before that time may be gone
     */
    void begin(String words, Instant callsFrom, Map<Partition, Long> until, Instant toldFrom, Instant now);

    /**
     * Ends what is under way once its time is over and the topics are read again.
     *
     * @return whether this call ended it
     */
    boolean end(Instant now);

    /** What is known about requests that come from a topic now. */
    Past past(Collection<RequestKey> keys);

    /**
     * Admits one that had been read, or of which something is known: final as it was told, or above the numbers that were
     * told, and held where it may have been carried out and nobody knows. What goes on is called only after two late reads.
     */
    void admit(Admission admission, Past past, Instant now);

    /** Gives the outcomes of a request that has just been written numbers above those that were told of it. */
    void raise(RequestKey key, Past past);

    /** A recovery. {@code callsFrom} is null while a person has not said how to go on. */
    record Recovery(
            State state,
            Instant foundAt,
            String words,
            @Nullable Instant callsFrom) {}

    /** How it stands. */
    enum State {
        NEEDED,
        UNDER_WAY;

        public String word() {
            return Parameters.word(this);
        }
    }

    /** The newest outcome that was told of a request. */
    record Told(
            RequestKey key, int sequence, Reason reason, Effect effect, String message, Details details, Instant at) {}

    /** In numbers: those that are final again, those that go on, and those that a person must look at. */
    record TakenOver(int ended, int goingOn, int held) {}

    /** What was told of some requests, and up to where the lost database had read. */
    record Past(Map<RequestKey, Told> told, Map<Partition, ReadBefore> readBefore) {

        public static final Past NONE = new Past(Map.of(), Map.of());

        /** Whether the end of this request was told. */
        public boolean ended(RequestKey key) {
            var known = told.get(key);
            return known != null && known.reason().status().isFinal();
        }

        /** Whether it is to be admitted otherwise than a request that is new. */
        public boolean concerns(Admission admission) {
            return told.containsKey(admission.key()) || hadRead(admission);
        }

        boolean hadRead(Admission admission) {
            return readOf(admission).isPresent();
        }

        /** Whether its outcomes may have been told and be gone. */
        boolean mayBeForgotten(Admission admission) {
            return readOf(admission)
                    .filter(read -> admission.eventTime().isBefore(read.toldFrom()))
                    .isPresent();
        }

        private Optional<ReadBefore> readOf(Admission admission) {
            var place = admission.place();
            return place == null
                    ? Optional.empty()
                    : Optional.ofNullable(readBefore.get(new Partition(place.topic(), place.partition())))
                            .filter(read -> place.offset() < read.until());
        }
    }

    /** How far a partition had been read. */
    record ReadBefore(long until, Instant toldFrom) {}

    /** One partition of a topic that requests are read from. */
    record Partition(String topic, int number) implements Comparable<Partition> {

        @Override
        public int compareTo(Partition other) {
            return Comparator.comparing(Partition::topic)
                    .thenComparing(Partition::number)
                    .compare(this, other);
        }
    }
}
