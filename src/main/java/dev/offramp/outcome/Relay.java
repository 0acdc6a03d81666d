package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals;
import dev.offramp.offboarding.CustomerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what stands unsent in the ledger: outcomes in the order of their numbers for each customer, and refused
 * records.
 *
 * <p>A customer's next outcome leaves only when the one before is acknowledged and noted or noted together with it; so
 * neither a failed send nor a crash can turn their order round. What was acknowledged but not noted is sent again under
 * the same id.
 */
public final class Relay {

    /** With so many customers in trouble it is the broker that is, and the next round begins anew. */
    private static final int MOST_STUCK = 100;

    private final Outcomes outcomes;
    private final Refusals refusals;
    private final OutcomeMessages messages;
    private final Sender sender;
    private final RelayLease lease;
    private final RelayJournal journal;
    private final int page;

    /** Hands records to the broker. */
    interface Sender {

        /** Completes when the broker has acknowledged; fails, or throws a {@link KafkaException}, when it has not. */
        CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record);

        /** Lets leave at once what was handed over. */
        void flush();
    }

    /** @param page how many rows are read at a time */
    Relay(
            Outcomes outcomes,
            Refusals refusals,
            OutcomeMessages messages,
            Sender sender,
            RelayLease lease,
            RelayJournal journal,
            int page) {
        this.outcomes = outcomes;
        this.refusals = refusals;
        this.messages = messages;
        this.sender = sender;
        this.lease = lease;
        this.journal = journal;
        this.page = page;
    }

    /** What a round did. */
    public enum Round {
        /** Another node publishes. */
        NOT_MINE,
        /** Nothing is left to send. */
        IDLE,
        /** More may stand there already. */
        GO_ON,
        /** Something could not be sent and waits for a later round. */
        FAILED
    }

    /** Publishes one page of each; to be called again as long as it says {@link Round#GO_ON}. */
    public Round publishOnce() {
        // Only looking needs no lease; so an idle installation writes nothing.
        if (outcomes.unsent(1).isEmpty() && refusals.unsent(1).isEmpty()) {
            return Round.IDLE;
        }
        if (!lease.hold()) {
            return Round.NOT_MINE;
        }
        var refused = publishRefusals();
        var told = publishOutcomes();
        if (refused == Round.FAILED || told == Round.FAILED) {
            return Round.FAILED;
        }
        return refused == Round.IDLE ? told : refused;
    }

    private Round publishOutcomes() {
        var stuck = new HashSet<CustomerId>();
        var unsent = outcomes.unsent(page);
        if (unsent.isEmpty()) {
            return Round.IDLE;
        }
        while (true) {
            var told = publishPage(unsent, stuck);
            if (told != Round.GO_ON || stuck.isEmpty()) {
                return told;
            }
            // A full page may have been theirs alone, whose outcomes cannot be sent: the others are not to wait for it.
            if (unsent.size() < page || stuck.size() > MOST_STUCK) {
                return Round.FAILED;
            }
            unsent = outcomes.unsent(page, stuck);
        }
    }

    private Round publishPage(List<Outcome> unsent, Set<CustomerId> stuck) {
        var byCustomer = new LinkedHashMap<CustomerId, Deque<Outcome>>();
        unsent.forEach(outcome -> byCustomer
                .computeIfAbsent(outcome.request().customerId(), _ -> new ArrayDeque<>())
                .add(outcome));
        while (!byCustomer.isEmpty()) {
            // A wave may have taken long: go on only while nobody else publishes.
            if (!lease.hold()) {
                return Round.NOT_MINE;
            }
            if (!publishWave(byCustomer, stuck)) {
                return Round.FAILED;
            }
        }
        return Round.GO_ON;
    }

    /**
     * Sends the oldest outcome of each customer and waits for all of them; a customer whose send failed is left out from
     * then on.
     *
     * @return whether the broker is there
     */
    private boolean publishWave(Map<CustomerId, Deque<Outcome>> byCustomer, Set<CustomerId> stuck) {
        var next = byCustomer.values().stream().map(Deque::removeFirst).toList();
        var sent = sendAll(next, messages::of);
        var there = true;
        var acknowledged = new ArrayList<Outcome>();
        for (var each : sent.entrySet()) {
            var outcome = each.getKey();
            var cause = failureOf(each.getValue());
            if (cause == null) {
                acknowledged.add(outcome);
            } else {
                there &= !(cause instanceof TimeoutException);
                stuck.add(outcome.request().customerId());
                byCustomer.remove(outcome.request().customerId());
                journal.notSent(outcome, cause);
            }
        }
        byCustomer.values().removeIf(Deque::isEmpty);
        if (!acknowledged.isEmpty()) {
            journal.acknowledged(List.copyOf(acknowledged));
            outcomes.sent(acknowledged.stream().map(Outcome::number).toList());
            journal.noted(List.copyOf(acknowledged));
        }
        return there;
    }

    private Round publishRefusals() {
        var unsent = refusals.unsent(page);
        if (unsent.isEmpty()) {
            return Round.IDLE;
        }
        var sent = sendAll(unsent, messages::of);
        var acknowledged = new ArrayList<Long>();
        sent.forEach((refusal, answer) -> {
            var cause = failureOf(answer);
            if (cause == null) {
                acknowledged.add(refusal.number());
            } else {
                journal.refusalNotSent(refusal.number(), cause);
            }
        });
        if (!acknowledged.isEmpty()) {
            refusals.sent(acknowledged);
        }
        return acknowledged.size() == unsent.size() ? Round.GO_ON : Round.FAILED;
    }

    /** Hands all over, or those up to the one that told that the broker is away: each further one would wait as long. */
    private <T> Map<T, CompletableFuture<?>> sendAll(List<T> all, Function<T, ProducerRecord<byte[], byte[]>> message) {
        var sent = new LinkedHashMap<T, CompletableFuture<?>>();
        for (var each : all) {
            var answer = send(message.apply(each));
            sent.put(each, answer);
            if (answer.isCompletedExceptionally() && failureOf(answer) instanceof TimeoutException) {
                break;
            }
        }
        sender.flush();
        return sent;
    }

    private CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
        try {
            return sender.send(record);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> answer) {
        try {
            answer.join();
            return null;
        } catch (CompletionException e) {
            return rootOf(e);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        var cause = failure.getCause();
        return cause == null || cause == failure ? failure : rootOf(cause);
    }
}
