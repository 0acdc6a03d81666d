package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Outcomes.Shards;
import dev.offramp.ledger.Refusals;
import dev.offramp.offboarding.CustomerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
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
    private static final int MOST_STUCK = 5_000;

    /** Refused records have no customer: whoever has this shard publishes them. */
    private static final int SHARD_OF_REFUSALS = 0;

    private final Outcomes outcomes;
    private final Refusals refusals;
    private final OutcomeMessages messages;
    private final Sender sender;
    private final RelayLease lease;
    private final Stuck stuck;
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
            Stuck stuck,
            RelayJournal journal,
            int page) {
        this.outcomes = outcomes;
        this.refusals = refusals;
        this.messages = messages;
        this.sender = sender;
        this.lease = lease;
        this.stuck = stuck;
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
        /** What some customers were to be told could not be sent; the others are not to wait for it. */
        STUCK,
        /** Something could not be sent and waits for a later round. */
        FAILED
    }

    /** Publishes one page of each; to be called again as long as it says {@link Round#GO_ON}. */
    public Round publishOnce() {
        // Only looking needs no lease; so an idle installation writes nothing.
        if (!outcomes.anyUnsent() && refusals.unsent(1).isEmpty()) {
            return Round.IDLE;
        }
        var held = lease.hold();
        if (held.isEmpty()) {
            return Round.NOT_MINE;
        }
        var refused = held.numbers().contains(SHARD_OF_REFUSALS) ? publishRefusals() : Round.IDLE;
        var told = publishOutcomes(held);
        if (refused == Round.FAILED || told == Round.FAILED) {
            return Round.FAILED;
        }
        return refused == Round.IDLE ? told : refused;
    }

    private Round publishOutcomes(Shards held) {
        var failed = false;
        while (true) {
            var leftOut = stuck.now();
            var unsent = outcomes.unsent(page, held, leftOut);
            var told = unsent.isEmpty() ? Round.IDLE : publishPage(unsent, held);
            failed |= told == Round.STUCK;
            // A full page may have been theirs alone, whose outcomes cannot be sent: the others are not to wait for it.
            if (told != Round.STUCK || unsent.size() < page || leftOut.size() > MOST_STUCK) {
                return failed ? Round.FAILED : told;
            }
        }
    }

    private Round publishPage(List<Outcome> unsent, Shards held) {
        var byCustomer = new LinkedHashMap<CustomerId, Deque<Outcome>>();
        unsent.forEach(outcome -> byCustomer
                .computeIfAbsent(outcome.request().customerId(), _ -> new ArrayDeque<>())
                .add(outcome));
        var result = Round.GO_ON;
        while (!byCustomer.isEmpty()) {
            // A wave may have taken long: go on only while nobody else publishes.
            if (!lease.keep(held)) {
                return Round.NOT_MINE;
            }
            var wave = publishWave(byCustomer);
            if (wave == Round.FAILED) {
                return wave;
            }
            result = wave == Round.STUCK ? wave : result;
        }
        return result;
    }

    /**
     * Sends the oldest outcome of each customer and waits for all of them; a customer whose send failed is left out from
     * then on.
     *
     * @return stuck when some could not be sent; failed when the broker took none in time
     */
    private Round publishWave(Map<CustomerId, Deque<Outcome>> byCustomer) {
        var next = byCustomer.values().stream().map(Deque::removeFirst).toList();
        var sent = sendAll(next, messages::of);
        var acknowledged = new ArrayList<Outcome>();
        var failures = new LinkedHashMap<Outcome, Throwable>();
        sent.forEach((outcome, answer) -> {
            var cause = failureOf(answer);
            if (cause == null) {
                acknowledged.add(outcome);
                stuck.remove(outcome.request().customerId());
            } else {
                failures.put(outcome, cause);
            }
        });
        var away = isAway(next.size(), sent.size(), acknowledged.size(), failures.values());
        failures.forEach((outcome, cause) -> {
            stuck.add(outcome.request().customerId(), away);
            byCustomer.remove(outcome.request().customerId());
            if (!away) {
                journal.notSent(outcome, cause);
            }
        });
        if (away) {
            journal.brokerAway(next.size() - acknowledged.size(), oneOf(failures));
        }
        byCustomer.values().removeIf(Deque::isEmpty);
        if (!acknowledged.isEmpty()) {
            journal.acknowledged(List.copyOf(acknowledged));
            outcomes.sent(acknowledged.stream().map(Outcome::ticket).toList());
            journal.noted(List.copyOf(acknowledged));
        }
        if (away) {
            return Round.FAILED;
        }
        return failures.isEmpty() ? Round.GO_ON : Round.STUCK;
    }

    private Round publishRefusals() {
        var unsent = refusals.unsent(page);
        if (unsent.isEmpty()) {
            return Round.IDLE;
        }
        var sent = sendAll(unsent, messages::of);
        var acknowledged = new ArrayList<Long>();
        var failures = new LinkedHashMap<Long, Throwable>();
        sent.forEach((refusal, answer) -> {
            var cause = failureOf(answer);
            if (cause == null) {
                acknowledged.add(refusal.number());
            } else {
                failures.put(refusal.number(), cause);
            }
        });
        if (isAway(unsent.size(), sent.size(), acknowledged.size(), failures.values())) {
            journal.brokerAway(unsent.size() - acknowledged.size(), oneOf(failures));
        } else {
            failures.forEach(journal::refusalNotSent);
        }
        if (!acknowledged.isEmpty()) {
            refusals.sent(acknowledged);
        }
        return acknowledged.size() == unsent.size() ? Round.GO_ON : Round.FAILED;
    }

    /** The broker took none in time, or said at once that it is away. */
    private static boolean isAway(int wanted, int sent, int acknowledged, Collection<Throwable> failures) {
        return sent < wanted || acknowledged == 0 && failures.stream().anyMatch(Relay::saysAway);
    }

    /** Without an address that can be resolved there is no producer. */
    private static boolean saysAway(@Nullable Throwable cause) {
        return cause instanceof TimeoutException || cause instanceof ConfigException;
    }

    private static Throwable oneOf(Map<?, Throwable> failures) {
        return failures.values().iterator().next();
    }

    /** Hands all over, or those up to the one that told that the broker is away: each further one would wait as long. */
    private <T> Map<T, CompletableFuture<?>> sendAll(List<T> all, Function<T, ProducerRecord<byte[], byte[]>> message) {
        var sent = new LinkedHashMap<T, CompletableFuture<?>>();
        for (var each : all) {
            var answer = send(message.apply(each));
            sent.put(each, answer);
            if (answer.isCompletedExceptionally() && saysAway(failureOf(answer))) {
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
