package dev.offramp.request;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Judges the rows of files by the schemas and rules that hold for messages. Pure: the same row is always judged alike. */
public final class RowScreening {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final MessageSchemas schemas;
    private final Screening screening;
    private final int maxSize;

    private RowScreening(MessageSchemas schemas, Screening screening, int maxSize) {
        this.schemas = schemas;
        this.screening = screening;
        this.maxSize = maxSize;
    }

    /** Judges as an installation with these settings judges messages. */
    public static RowScreening of(Mode mode, PartnerTenantId partner, RequestProperties properties) {
        var rules = new Screening.Rules(
                mode,
                partner,
                properties.maxAge(),
                properties.requireCustomerExpectation(),
                Map.of(),
                Jobs.of(List.of()));
        return new RowScreening(
                new MessageSchemas(),
                new Screening(rules),
                Math.toIntExact(properties.maxSize().toBytes()));
    }

    /**
     * What the rows of one file have in common.
     *
     * @param source the source of all its rows
     * @param since the time of each of its requests: when the run began
     * @param plan whether its requests are read and judged only
     * @param requestedBy who asks, where a row does not say it
     * @param cause why, where a row does not say it
     * @param judgedAt the time by which it is judged whether something is too old
     */
    public record Origin(
            String job,
            Operation operation,
            String source,
            Instant since,
            boolean plan,
            @Nullable String requestedBy,
            String cause,
            Instant judgedAt) {}

    /** What a row is. */
    public sealed interface Judged {

        /** A request, if it is new. */
        record Good(Admission admission) implements Judged {}

        /** Against which something speaks unless it came before. */
        record Objected(RequestKey key, String digest, String message) implements Judged {}

        /** No request. */
        record Bad(String message) implements Judged {}
    }

    /** The longest text of a row, in bytes. */
    public int longest() {
        return maxSize;
    }

    /**
     * Judges a row.
     *
     * @param said the members of a message's {@code data} as the row itself says them
     * @param id the request's id as the row gives it, or as it was derived
     * @param keptAs the id under which it is kept
     */
    public Judged judge(ObjectNode said, String id, String keptAs, Admission.Line line, Origin origin) {
        if (said.has("mode")) {
            return new Judged.Bad(
                    "The member 'mode' is not a row's to say; leave it out and run the whole file with --plan, or without.");
        }
        var unstorable = said.properties().stream()
                .filter(each -> each.getValue().isString()
                        && JsonText.unstorableIn(each.getValue().stringValue()) != null)
                .findFirst();
        if (unstorable.isPresent()) {
            return new Judged.Bad(
                    "'%s' holds U+0000 or half a surrogate pair, which cannot be stored. Write it without."
                            .formatted(Cited.text(unstorable.get().getKey())));
        }
        var event = event(said, id, origin);
        var request = new RequestEvent(event);
        var violation = schemas.violation(origin.operation(), event).or(request::contradiction);
        if (violation.isPresent()) {
            return new Judged.Bad(violation.get());
        }
        var key = new RequestKey(origin.source(), keptAs);
        var digest = digest(said, keptAs, origin);
        var asked = request.asked((Instant) null, digest)
                .orElseThrow(() -> new IllegalStateException("A row that keeps its schema cannot be read: " + digest));
        return screening
                .objectionToRow(asked, origin.judgedAt())
                .<Judged>map(message -> new Judged.Objected(key, digest, message))
                .orElseGet(() ->
                        new Judged.Good(screening.admissionOfRow(asked, key, line, origin.job(), origin.judgedAt())));
    }

    private static ObjectNode event(ObjectNode said, String id, Origin origin) {
        var data = NODES.objectNode();
        data.setAll(said);
        if (!data.has("reason")) {
            data.put("reason", origin.cause());
        }
        if (!data.has("requestedBy") && origin.requestedBy() != null) {
            data.put("requestedBy", origin.requestedBy());
        }
        if (origin.plan()) {
            data.put("mode", "plan");
        }
        var event = NODES.objectNode();
        event.put("specversion", "1.0");
        event.put("id", id);
        event.put("source", origin.source());
        event.put("type", type(origin));
        event.put("time", origin.since().toString());
        event.set("data", data);
        return event;
    }

    /** Over what the row itself says, so that another run's person or time does not make it another row. */
    private static String digest(ObjectNode said, String id, Origin origin) {
        var body = NODES.objectNode();
        body.put("source", origin.source());
        body.put("id", id);
        body.put("type", type(origin));
        body.set("data", said);
        return Body.digest(body);
    }

    private static String type(Origin origin) {
        return "dev.offramp." + origin.operation().word() + ".v1";
    }

    /** A JSON text as strictly read as a message's, or why it is none. */
    public static Parsed parse(String text) {
        try {
            var read = JsonText.of(text.getBytes(StandardCharsets.UTF_8));
            if (!read.duplicates().isEmpty()) {
                return new Parsed(
                        null,
                        "The member '%s' occurs more than once, so that it is open which one counts. Write it once."
                                .formatted(Cited.text(read.duplicates().getFirst())));
            }
            if (!read.unstorable().isEmpty()) {
                return new Parsed(
                        null,
                        "The text at '%s' holds U+0000 or half a surrogate pair, which cannot be stored. Write it without."
                                .formatted(Cited.text(read.unstorable().getFirst())));
            }
            return new Parsed(read.tree(), null);
        } catch (JacksonException e) {
            return new Parsed(
                    null, "The line is not JSON: %s.".formatted(Cited.text(String.valueOf(e.getOriginalMessage()))));
        }
    }

    /** One of the two is null. */
    public record Parsed(@Nullable JsonNode tree, @Nullable String fault) {}

    /** Foreign text as it may stand in a sentence. */
    public static String cited(String foreign) {
        return Cited.text(foreign);
    }
}
