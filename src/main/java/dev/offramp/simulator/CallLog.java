package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that arrived, in order: calls that ask for a change, and reads. */
final class CallLog {

    private final List<Call> calls = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();

    /** Writes the call down before anything is done about it; the entry's number leads back to it. */
    synchronized Entry arrived(Instant time, Operation operation, Target target, HttpRequest request) {
        if (operation.reads()) {
            int number = reads.size() + 1;
            Read read = new Read(number, time, operation, target.customer(), target.subscription(), "pending", null);
            reads.add(read);
            return new ReadEntry(read);
        }
        int number = calls.size() + 1;
        Call call = new Call(
                number,
                time,
                operation,
                target.customer() == null ? "" : target.customer(),
                target.subscription(),
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
        return List.copyOf(reads);
    }

    synchronized Map<String, Integer> readCounts() {
        Map<String, Integer> counts = new TreeMap<>();
        reads.forEach(read -> counts.merge(read.operation().word(), 1, Integer::sum));
        return counts;
    }

    synchronized void clear() {
        calls.clear();
        reads.clear();
    }

    /** The status, or nothing when the exchange ended before anything was decided. */
    private static @Nullable Integer decided(HttpAnswer answer) {
        return answer.status() == 0 ? null : answer.status();
    }

    /** Where the story of one arrival goes on. */
    sealed interface Entry {

        void tookEffect();

        void answered(HttpAnswer answer, @Nullable String code, boolean replayed, Instant at);
    }

    private final class ReadEntry implements Entry {

        private final Read first;

        private ReadEntry(Read first) {
            this.first = first;
        }

        @Override
        public void tookEffect() {
            throw new IllegalStateException("a read changes nothing: " + first);
        }

        @Override
        public void answered(HttpAnswer answer, @Nullable String code, boolean replayed, Instant at) {
            synchronized (CallLog.this) {
                int index = first.number() - 1;
                if (index < reads.size() && reads.get(index) == first) {
                    reads.set(index, first.withReply(answer.ending().word(), decided(answer)));
                }
            }
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
