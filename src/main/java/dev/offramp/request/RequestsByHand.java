package dev.offramp.request;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.request.Screening.Again;
import dev.offramp.request.Screening.Screened;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/** Requests that a person brings: a message that is sent directly, or a final request that is asked for again. */
public final class RequestsByHand {

    private static final String OF_FILES = "file:";
    private static final int TRIES = 3;

    private final MessageReader reader;
    private final Screening screening;
    private final Requests requests;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    RequestsByHand(
            MessageReader reader,
            Screening screening,
            Requests requests,
            TransactionTemplate transactions,
            InstantSource clock) {
        this.reader = reader;
        this.screening = screening;
        this.requests = requests;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What became of it; whoever brought it is answered, so that what is refused is written nowhere. */
    public sealed interface Brought {

        /** It is a new request. */
        record Admitted(Request request) implements Brought {}

        /** It was said before: its current state is told again. */
        record Repeated(Request request) implements Brought {}

        /**
         * It became no request.
         *
         * @param reason the word that says why, e.g. {@code invalid-message}
         * @param sentence what is wrong, where, and what to do
         */
        record Refused(String reason, String sentence) implements Brought {}
    }

    /** Done in the transaction that writes the request; the audit trail. */
    public interface Afterwards {

        void admitted(Request request, Instant now);
    }

    /**
     * Takes a message as from the topic: the same reading, the same screening, the same ledger.
     *
     * @param stream is read no further than a message may be long
     * @param mayAsk throws when whoever brings it may not ask in the name of that source
     */
    public Brought send(InputStream stream, Consumer<String> mayAsk, Afterwards afterwards) throws IOException {
        var message = stream.readNBytes(reader.maxSize() + 1);
        for (int number = 1; ; number++) {
            try {
                return in(() -> sendOnce(message, mayAsk, afterwards));
            } catch (DuplicateKeyException e) {
                // The topic brought the same id in this moment; the next look finds it.
                if (number == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Brought sendOnce(byte[] message, Consumer<String> mayAsk, Afterwards afterwards) {
        var now = clock.instant();
        var reading = reader.read(new IncomingRecord(null, null, null, message, List.of()));
        var key = reading.key();
        if (key != null) {
            mayAsk.accept(key.source());
        }
        if (key != null && key.source().startsWith(OF_FILES)) {
            return new Brought.Refused(
                    "unknown-source",
                    "The source '%s' is that of a file. Send it with a source of its own, or load the file."
                            .formatted(Cited.text(key.source())));
        }
        var known = key == null
                ? Optional.<String>empty()
                : Optional.ofNullable(requests.digests(Set.of(key)).get(key));
        return switch (screening.screen(reading, null, known, now)) {
            case Screened.Admitted(Admission admission) ->
                admitted(requests.admit(List.of(admission), now).getFirst(), afterwards, now);
            case Screened.Withdrawing(Admission admission, Instant forgetAt) ->
                admitted(requests.withdraw(admission, forgetAt, now), afterwards, now);
            case Screened.Repeated(RequestKey repeated) -> {
                requests.tellAgain(List.of(repeated));
                yield new Brought.Repeated(requests.byKey(repeated).orElseThrow());
            }
            case Screened.Refused refused -> new Brought.Refused(refused.reason(), refused.message());
        };
    }

    /**
     * Asks again for what a final request asked for: the same source, the id with {@code ~<n>} behind it, the mode of
     * today, a fresh end of validity. Its row is locked by the caller.
     */
    public Brought again(Request old, Afterwards afterwards) {
        return in(() -> {
            var now = clock.instant();
            return switch (screening.again(old, freeKey(old), now)) {
                case Again.Admitted(Admission admission) ->
                    admitted(requests.admit(List.of(admission), now).getFirst(), afterwards, now);
                case Again.Refused(String reason, String sentence) -> new Brought.Refused(reason, sentence);
            };
        });
    }

    /**
     * What an approved plan makes of one of its requests: the same source, the id with {@code ~plan-<n>} behind it, so that
     * it can be made only once. Both rows, the plan's and the request's, are locked by the caller.
     */
    public Brought planned(Request old, long plan, Afterwards afterwards) {
        return in(() -> {
            var now = clock.instant();
            var key = new RequestKey(
                    old.key().source(), "%s%splan-%d".formatted(old.key().id(), Admission.AGAIN, plan));
            return switch (screening.planned(old, key, plan, now)) {
                case Again.Admitted(Admission admission) ->
                    admitted(requests.admit(List.of(admission), now).getFirst(), afterwards, now);
                case Again.Refused(String reason, String sentence) -> new Brought.Refused(reason, sentence);
            };
        });
    }

    private RequestKey freeKey(Request old) {
        for (int number = 1; ; number++) {
            var key = new RequestKey(old.key().source(), old.key().id() + Admission.AGAIN + number);
            if (requests.byKey(key).isEmpty()) {
                return key;
            }
        }
    }

    private Brought admitted(long number, Afterwards afterwards, Instant now) {
        var request = requests.byNumber(number).orElseThrow();
        afterwards.admitted(request, now);
        return new Brought.Admitted(request);
    }

    private Brought in(java.util.function.Supplier<Brought> work) {
        return java.util.Objects.requireNonNull(transactions.execute(_ -> work.get()));
    }
}
