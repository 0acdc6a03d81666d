package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Attempts.TryId;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/** What guards and gate ask of the ledger, in memory; whoever asks for more is told so. */
final class FakeLedger implements Permits {

    static final Fence OURS = new Fence(7, 1);

    private final Map<Long, Request> requests = new HashMap<>();
    private final Map<Long, List<Try>> tries = new HashMap<>();
    private final Set<String> permits = new HashSet<>();

    /** Until when the lease of the batch is ours. */
    Instant leaseUntil = Instant.MAX;

    /** What happened, in order. */
    final List<String> told = new ArrayList<>();

    Request keep(Request request) {
        requests.put(request.number(), request);
        return request;
    }

    void permit(Request request, String step) {
        permits.add(request.number() + " " + step);
    }

    @Override
    public boolean has(long request, String step) {
        return permits.contains(request + " " + step);
    }

    @Override
    public void giveBack(long request, String step) {
        told.add("gave back " + request + " " + step);
        permits.remove(request + " " + step);
    }

    /** A try of one of the request's steps; without a reply where that is null. */
    Try sent(Request request, String step, @Nullable ReplyKind kind, int status, Attempts.@Nullable Finding finding) {
        var all = tries.computeIfAbsent(request.number(), _ -> new ArrayList<>());
        var written = new Try(
                new TryId(request.number(), all.size() + 1),
                step,
                UUID.randomUUID(),
                UUID.randomUUID(),
                request.admittedAt(),
                "node-1",
                OURS.batch(),
                null,
                kind == null ? null : new RecordedReply(kind, status, null, null, null),
                null,
                finding,
                null,
                null);
        all.add(written);
        return written;
    }

    Requests requests() {
        return part(Requests.class, Map.of("lock", asked -> {
            told.add("locked " + asked[0]);
            return Optional.ofNullable(requests.get((Long) asked[0]));
        }));
    }

    Attempts attempts() {
        return part(
                Attempts.class,
                Map.of(
                        "of",
                        asked -> List.copyOf(tries.getOrDefault((Long) asked[0], List.of())),
                        "write",
                        asked -> write((Attempts.NewTry) asked[0], (Instant) asked[1])));
    }

    private Try write(Attempts.NewTry next, Instant now) {
        var all = tries.computeIfAbsent(next.request(), _ -> new ArrayList<>());
        var written = new Try(
                new TryId(next.request(), all.size() + 1),
                next.step(),
                next.msRequestId(),
                next.msCorrelationId(),
                now,
                next.node(),
                next.fence().batch(),
                next.beforeImage(),
                null,
                null,
                null,
                null,
                null);
        all.add(written);
        return written;
    }

    List<Try> tries(Request request) {
        return tries.getOrDefault(request.number(), List.of());
    }

    Batches batches() {
        return part(
                Batches.class,
                Map.of("isCurrent", asked -> asked[0].equals(OURS) && ((Instant) asked[1]).isBefore(leaseUntil)));
    }

    /** One after the other, so that nothing needs to be undone. */
    TransactionTemplate transactions() {
        return new TransactionTemplate() {
            private static final long serialVersionUID = 1L;

            @Override
            public <T> T execute(TransactionCallback<T> action) {
                T done = action.doInTransaction(new SimpleTransactionStatus());
                told.add("committed");
                return done;
            }
        };
    }

    private static <T> T part(Class<T> part, Map<String, Function<Object[], Object>> answers) {
        return part.cast(Proxy.newProxyInstance(part.getClassLoader(), new Class<?>[] {part}, (_, method, asked) -> {
            var answer = answers.get(method.getName());
            if (answer == null) {
                throw new UnsupportedOperationException(method.getName() + " is not asked for here.");
            }
            return answer.apply(asked);
        }));
    }
}
