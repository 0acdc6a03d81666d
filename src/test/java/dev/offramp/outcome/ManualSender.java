package dev.offramp.outcome;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A broker that takes what the test lets it take. */
final class ManualSender implements Relay.Sender {

    final List<String> taken = new ArrayList<>();
    final List<String> tried = new ArrayList<>();
    private Function<String, @Nullable Exception> trouble = id -> null;

    void failWhen(Function<String, @Nullable Exception> trouble) {
        this.trouble = trouble;
    }

    void heal() {
        trouble = id -> null;
    }

    @Override
    public CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
        var id = idOf(record);
        tried.add(id);
        var failure = trouble.apply(id);
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        taken.add(id);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void flush() {}

    /** The outcome's id without the source, or where the refused record stood. */
    private static String idOf(ProducerRecord<byte[], byte[]> record) {
        var offset = record.headers().lastHeader("offramp-offset");
        if (offset != null) {
            return "refused@" + new String(offset.value(), StandardCharsets.UTF_8);
        }
        var id = JsonMapper.shared().readTree(record.value()).get("id").stringValue();
        return id.substring(id.indexOf(' ') + 1);
    }
}
