package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * What proves one request to somebody who doubts it: who asked for it, what was read before each decision, each resource
 * as it was before it was changed, each call with its answer, what was read afterwards, and who decided something.
 */
final class Evidence {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The name under which a batch notes that it looked for an effect. */
    private static final String READ_BACK = "ReadBack";

    private final Attempts attempts;
    private final Decisions decisions;
    private final Outcomes outcomes;
    private final Audit audit;

    Evidence(Attempts attempts, Decisions decisions, Outcomes outcomes, Audit audit) {
        this.attempts = attempts;
        this.decisions = decisions;
        this.outcomes = outcomes;
        this.audit = audit;
    }

    /**
     * All of it.
     *
     * @param asked where the request came from and in whose name
     * @param read facts and verdicts, oldest first
     * @param changes by step, in the order of their first calls
     * @param confirmed how the success is known; null while it is none
     * @param outcomes what was told, oldest first
     * @param people what persons decided about it, with the number of the audit entry that is sealed
     * @param missing what cannot be shown any more, and why; empty when nothing is missing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Proof(
            RequestView request,
            Asked asked,
            List<Read> read,
            List<Change> changes,
            @Nullable Confirmation confirmed,
            List<RequestsApi.OutcomeView> outcomes,
            List<Person> people,
            List<String> missing) {}

    /**
     * Where the request came from.
     *
     * @param digest SHA-256 of its content, in hexadecimal
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Asked(
            String digest,
            String requestedBy,
            String reason,
            Instant eventTime,
            Instant admittedAt,
            @Nullable String correlationId,
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable Long run,
            @Nullable Long line,
            @Nullable Long resubmits,
            @Nullable Long plan) {

        static Asked of(Request request) {
            var admission = request.admission();
            var place = admission.place();
            var line = admission.line();
            return new Asked(
                    admission.digest(),
                    admission.requestedBy(),
                    admission.cause(),
                    admission.eventTime(),
                    request.admittedAt(),
                    admission.correlationId(),
                    place == null ? null : place.topic(),
                    place == null ? null : (Integer) place.partition(),
                    place == null ? null : (Long) place.offset(),
                    line == null ? null : (Long) line.run(),
                    line == null ? null : (Long) line.number(),
                    admission.resubmits(),
                    admission.plan());
        }
    }

    /** What was read at one time, and what was decided over it. */
    record Read(Instant at, JsonNode facts, JsonNode verdict) {}

    /** One step that changes something, with each of its calls. */
    record Change(String step, List<Call> calls) {}

    /**
     * One call that was written down before it left.
     *
     * @param before the resource as it was just before this call; null when none was kept
     * @param answer what Partner Center sent back, as far as it was kept
     * @param found when it became known otherwise than by the answer what became of it; null while nobody had to look
     * @param readBacks what was read afterwards to see the effect, oldest first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Call(
            RequestsApi.TryView call,
            @Nullable JsonNode before,
            @Nullable JsonNode answer,
            @Nullable Instant found,
            List<ReadBack> readBacks) {}

    /**
     * One read after a call.
     *
     * @param shows effect, no-effect or cannot-tell
     */
    record ReadBack(Instant at, JsonNode read, String shows) {}

    /**
     * How a success is known.
     *
     * @param by response, read-back or audit-record
     * @param after the resource as it was read or answered afterwards
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Confirmation(
            String by,
            Instant at,
            String sentence,
            @Nullable JsonNode after) {}

    /** What a person did; {@code entry} is the number by which {@code audit export} lists it. */
    record Person(long entry, Instant at, String who, String what, String reason, String details) {}

    Proof of(Request request) {
        var tries = attempts.of(request.number());
        var told = outcomes.of(request.number());
        var reads = decisions.of(request.number()).stream()
                .map(each -> new Read(each.at(), json(each.facts()), json(each.verdict())))
                .toList();
        return new Proof(
                RequestView.of(request),
                Asked.of(request),
                reads.stream().filter(each -> !isReadBack(each)).toList(),
                changes(tries, reads.stream().filter(Evidence::isReadBack).toList()),
                confirmation(told),
                told.stream().map(RequestsApi.OutcomeView::of).toList(),
                audit.of("request " + request.number()).stream()
                        .map(Evidence::person)
                        .toList(),
                missing(request, tries));
    }

    private static List<Change> changes(List<Try> tries, List<Read> readBacks) {
        Map<String, List<Try>> bySteps = new LinkedHashMap<>();
        tries.forEach(each ->
                bySteps.computeIfAbsent(each.step(), _ -> new ArrayList<>()).add(each));
        var changes = new ArrayList<Change>();
        bySteps.forEach((step, of) -> changes.add(
                new Change(step, of.stream().map(each -> call(each, readBacks)).toList())));
        return changes;
    }

    private static Call call(Try each, List<Read> readBacks) {
        RecordedReply reply = each.reply();
        return new Call(
                RequestsApi.TryView.of(each),
                kept(each.beforeImage()),
                reply == null ? null : kept(reply.detail()),
                each.foundAt(),
                readBacks.stream()
                        .filter(read -> isAbout(each, read.verdict().path(READ_BACK)))
                        .map(read -> new ReadBack(
                                read.at(),
                                read.facts(),
                                read.verdict().path(READ_BACK).path("shows").asString("")))
                        .toList());
    }

    private static boolean isReadBack(Read read) {
        return read.verdict().has(READ_BACK);
    }

    private static boolean isAbout(Try each, JsonNode readBack) {
        return each.step().equals(readBack.path("step").asString(""))
                && each.id().number() == readBack.path("of").asInt(0);
    }

    /** The last outcome that says how it is known. */
    private static @Nullable Confirmation confirmation(List<Outcome> told) {
        return told.reversed().stream()
                .filter(each -> each.details().confirmedBy() != null)
                .findFirst()
                .map(each -> new Confirmation(
                        String.valueOf(each.details().confirmedBy()),
                        each.createdAt(),
                        each.message(),
                        kept(each.details().after())))
                .orElse(null);
    }

    private static Person person(Audit.Written written) {
        var entry = written.entry();
        return new Person(written.number(), written.at(), entry.who(), entry.what(), entry.cause(), entry.details());
    }

    private static List<String> missing(Request request, List<Try> tries) {
        var missing = new ArrayList<String>();
        if (tries.isEmpty() && request.isFinal() && request.effect() != Effect.NONE) {
            missing.add(
                    "Facts, before-images and replies were deleted when they were older than offramp.retention.details;"
                            + " what was asked and the final outcome are kept.");
        }
        if (tries.stream().anyMatch(Try::inDoubt)) {
            missing.add("The answer to a call is not known yet: it is looked for, or a person decides.");
        }
        return missing;
    }

    private static @Nullable JsonNode kept(@Nullable String text) {
        return text == null || text.isEmpty() ? null : json(text);
    }

    /** Resources are kept as they came; what is no JSON is a text. */
    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return StringNode.valueOf(text);
        }
    }
}
