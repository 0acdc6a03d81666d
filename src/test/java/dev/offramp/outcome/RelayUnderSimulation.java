package dev.offramp.outcome;

import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Outcomes.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The real relay, for a simulation that lives in another package. */
public final class RelayUnderSimulation {

    private static final OutcomeMessages MESSAGES =
            new OutcomeMessages("offramp.outcomes", "offramp.requests.refused", "/offramp/simulated", 900_000);

    private final Relay relay;

    /**
     * @param hold whether this node publishes
     * @param broker takes an outcome's id under a customer's key, and says what went wrong
     */
    public RelayUnderSimulation(
            Ledger ledger,
            InstantSource clock,
            BooleanSupplier hold,
            BiFunction<String, String, @Nullable Exception> broker) {
        var lease = new RelayLease() {
            @Override
            public Shards hold() {
                return hold.getAsBoolean() ? Shards.ALL : new Shards(1, Set.of());
            }

            @Override
            public boolean keep(Shards held) {
                return hold.getAsBoolean();
            }

            @Override
            public void giveBack() {}
        };
        var sender = new Relay.Sender() {
            @Override
            public CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
                var failure = broker.apply(new String(record.key(), StandardCharsets.UTF_8), idOf(record.value()));
                return failure == null
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure);
            }

            @Override
            public void flush() {}
        };
        relay = new Relay(
                ledger.outcomes(),
                ledger.refusals(),
                MESSAGES,
                sender,
                lease,
                new Stuck(clock, Duration.ofSeconds(10)),
                new RelayJournal() {},
                10);
    }

    private static String idOf(byte[] value) {
        var text = new String(value, StandardCharsets.UTF_8);
        int from = text.indexOf("\"id\":\"") + 6;
        return text.substring(from, text.indexOf('"', from));
    }

    public Relay.Round publishOnce() {
        return relay.publishOnce();
    }
}
