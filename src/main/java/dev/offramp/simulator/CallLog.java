package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that arrived, in order: calls that ask for a change, and the latest of the reads. */
final class CallLog {

    /** Changes are kept to the last one; of reads there can be millions. */
    private static final int MOST_READS = 250_000;

    private final List<Call> calls = new ArrayList<>();
    private final ArrayDeque<ReadEntry> reads = new ArrayDeque<>();
    private final EnumMap<Operation, Integer> counts = new EnumMap<>(Operation.class);
    private int readNumber;

    /** Writes the call down before anything is done about it; the entry's number leads back to it. */
    synchronized Entry arrived(Instant time, Operation operation, Target target, HttpRequest request) {
        if (operation.reads()) {
            counts.merge(operation, 1, Integer::sum);
            ReadEntry entry = new ReadEntry(
                    new Read(++readNumber, time, operation, target.customer(), target.subscription(), "pending", null));
            if (reads.size() >= MOST_READS) {
                reads.removeFirst();
            }
            reads.addLast(entry);
            return entry;
        }
        int number = calls.size() + 1;
        Call call = new Call(
                number,
                time,
                operation,
                target.customer() == null ? "" : target.customer(),
                target.subscription(),
                target.item(),
                request.header("MS-RequestId").orElse(null),
                request.header("MS-CorrelationId").orElse(null),
                request.header("If-Match").orElse(null),
                "pending",
                null,
                null,
                false,
                false,
                null,
                request.text());
        calls.add(call);
        return new CallEntry(call);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized List<Read> reads() {
        return reads.stream().map(entry -> entry.latest).toList();
    }

    synchronized Map<String, Integer> readCounts() {
        Map<String, Integer> byWord = new TreeMap<>();
        counts.forEach((operation, count) -> byWord.put(operation.word(), count));
        return byWord;
    }

    synchronized void clear() {
        calls.clear();
        reads.clear();
        counts.clear();
        readNumber = 0;
    }

    /** The status, or nothing when the exchange ended before anything was decided. */
    private static @Nullable Integer decided(HttpAnswer answer) {
        return answer.status() == 0 ? null : answer.status();
    }

    /** Where the story of one arrival goes on. */
    sealed interface Entry {

        void tookEffect();

        void answered(HttpAnswer answer, @Nullable String code, boolean replayed, Instant at);

        /** A name for the call such as the real server makes up for its own people. */
        String vector();
    }

    private final class ReadEntry implements Entry {

        private Read latest;

        private ReadEntry(Read first) {
            latest = first;
        }

        @Override
        public void tookEffect() {
            throw new IllegalStateException("a read changes nothing: " + latest);
        }

        @Override
        public void answered(HttpAnswer answer, @Nullable String code, boolean replayed, Instant at) {
            synchronized (CallLog.this) {
                latest = latest.withReply(answer.ending().word(), decided(answer));
            }
        }

        @Override
        public String vector() {
            return "simulator.r" + latest.number() + ".0";
        }
    }

    private final class CallEntry implements Entry {

        private Call latest;

        private CallEntry(Call first) {
            latest = first;
        }

        @Override
        public void tookEffect() {
            become(latest.withEffect());
        }

        @Override
        public void answered(HttpAnswer answer, @Nullable String code, boolean replayed, Instant at) {
            become(latest.withReply(answer.ending().word(), decided(answer), code, replayed, at));
        }

        @Override
        public String vector() {
            return "simulator.c" + latest.number() + ".0";
        }

        private void become(Call next) {
            synchronized (CallLog.this) {
                int index = latest.number() - 1;
                if (index < calls.size() && calls.get(index) == latest) {
                    calls.set(index, next);
                }
                latest = next;
            }
        }
    }
}
