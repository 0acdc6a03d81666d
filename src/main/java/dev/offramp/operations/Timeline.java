package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Decisions.Decision;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is known about a request, in one order of time: from its message to what people decided. */
final class Timeline {

    private final Requests requests;
    private final Attempts attempts;
    private final Decisions decisions;
    private final Outcomes outcomes;
    private final Audit audit;

    Timeline(Requests requests, Attempts attempts, Decisions decisions, Outcomes outcomes, Audit audit) {
        this.requests = requests;
        this.attempts = attempts;
        this.decisions = decisions;
        this.outcomes = outcomes;
        this.audit = audit;
    }

    /** What kind of thing happened; in the order in which things of one moment happen. */
    enum Kind {
        MESSAGE,
        DECISION,
        TRY,
        REPLY,
        PERSON,
        OUTCOME;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing that happened.
     *
     * @param kind message, decision, try, reply, person or outcome
     * @param title in a few words
     * @param details what else is known, by name
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(Instant at, String kind, String title, Map<String, Object> details) {}

    /** A request's story, and what it was told from. */
    record Story(List<Event> told, List<Try> tries, List<Decision> decisions, List<Outcome> outcomes) {}

    Story of(Request request) {
        var tries = attempts.of(request.number());
        var decided = decisions.of(request.number());
        var outcomesOf = outcomes.of(request.number());
        var events = new ArrayList<Dated>();
        events.add(message(request));
        decided.forEach(each -> events.add(decision(each)));
        tries.forEach(each -> events.addAll(tried(each)));
        outcomesOf.forEach(each -> events.add(outcome(each)));
        audit.of("request " + request.number()).forEach(each -> events.add(person(each)));
        return new Story(
                events.stream()
                        .sorted(Comparator.comparing(Dated::at).thenComparing(Dated::kind))
                        .map(Dated::event)
                        .toList(),
                tries,
                decided,
                outcomesOf);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private record Dated(Instant at, Kind kind, String title, Map<String, Object> details) {

        Event event() {
            return new Event(at, kind.word(), title, details);
        }
    }

    private Dated message(Request request) {
        var admission = request.admission();
        var place = admission.place();
        var line = admission.line();
        var details = new Known()
                .and("digest", admission.digest())
                .and("requestedBy", admission.requestedBy())
                .and("reason", admission.cause())
                .and("correlationId", admission.correlationId())
                .and("eventTime", admission.eventTime());
        String title;
        if (place != null) {
            title = "Read from the topic %s".formatted(place.topic());
            details.and("topic", place.topic())
                    .and("partition", place.partition())
                    .and("offset", place.offset());
        } else if (line != null) {
            title = "Line %d of run %d".formatted(line.number(), line.run());
            details.and("run", line.run()).and("line", line.number());
        } else if (admission.resubmits() != null) {
            title = admission.plan() == null
                    ? "Asked for again after request %d".formatted(admission.resubmits())
                    : "Made by plan %d for request %d".formatted(admission.plan(), admission.resubmits());
            details.and("plan", admission.plan())
                    .and("resubmits", admission.resubmits())
                    .and(
                            "of",
                            requests.byNumber(admission.resubmits())
                                    .map(old -> old.key().toString())
                                    .orElse(null));
        } else {
            title = "Sent to the API";
        }
        return new Dated(request.admittedAt(), Kind.MESSAGE, title, details.all());
    }

    private static Dated decision(Decision decision) {
        return new Dated(
                decision.at(),
                Kind.DECISION,
                "Facts were read and judged",
                new Known()
                        .and("facts", decision.facts())
                        .and("verdict", decision.verdict())
                        .all());
    }

    private static List<Dated> tried(Try each) {
        var events = new ArrayList<Dated>();
        events.add(new Dated(
                each.gatedAt(),
                Kind.TRY,
                "Try %d of %s passed the gate".formatted(each.id().number(), each.step()),
                of(each).and("node", each.node())
                        .and("batch", "B-" + each.batch())
                        .all()));
        RecordedReply reply = each.reply();
        if (reply != null && each.repliedAt() != null) {
            events.add(new Dated(
                    each.repliedAt(),
                    Kind.REPLY,
                    "Partner Center's reply to try %d of %s: %s"
                            .formatted(each.id().number(), each.step(), word(reply.kind())),
                    of(each).and("reply", word(reply.kind()))
                            .and("httpStatus", reply.httpStatus() == 0 ? null : (Integer) reply.httpStatus())
                            .and("code", reply.code())
                            .and("words", reply.words())
                            .all()));
        }
        Finding finding = each.finding();
        if (finding != null && each.foundAt() != null) {
            events.add(new Dated(
                    each.foundAt(),
                    each.foundBy() == null ? Kind.REPLY : Kind.PERSON,
                    "%s that try %d of %s was %s"
                            .formatted(
                                    foundBy(each, finding),
                                    each.id().number(),
                                    each.step(),
                                    finding == Finding.DONE ? "done" : "not done"),
                    of(each).and("finding", word(finding))
                            .and("foundBy", each.foundBy())
                            .all()));
        }
        return events;
    }

    private static String foundBy(Try each, Finding finding) {
        if (each.foundBy() != null) {
            return "%s decided".formatted(each.foundBy());
        }
        return finding == Finding.DONE ? "A read shows" : "Reads show";
    }

    private static Known of(Try each) {
        return new Known()
                .and("step", each.step())
                .and("try", each.id().number())
                .and("msRequestId", each.msRequestId().toString())
                .and("msCorrelationId", each.msCorrelationId().toString());
    }

    private static Dated outcome(Outcome outcome) {
        return new Dated(
                outcome.createdAt(),
                Kind.OUTCOME,
                "%s: %s"
                        .formatted(
                                outcome.reason().status().word(),
                                outcome.reason().word()),
                new Known()
                        .and("sequence", outcome.sequence())
                        .and("effect", outcome.effect().word())
                        .and("message", outcome.message())
                        .and("advice", outcome.details().advice())
                        .and("decidedBy", outcome.details().decidedBy())
                        .and("batch", outcome.batch() == null ? null : "B-" + outcome.batch())
                        .all());
    }

    private static Dated person(Audit.Written written) {
        var entry = written.entry();
        return new Dated(
                written.at(),
                Kind.PERSON,
                "%s: %s".formatted(entry.who(), entry.what()),
                new Known()
                        .and("who", entry.who())
                        .and("what", entry.what())
                        .and("reason", entry.cause())
                        .and("details", entry.details())
                        .all());
    }

    /** Members in order, without those that nobody knows. */
    private static final class Known {

        private final Map<String, Object> members = new LinkedHashMap<>();

        private Known and(String name, @Nullable Object value) {
            if (value != null) {
                members.put(name, value);
            }
            return this;
        }

        private Map<String, Object> all() {
            return members;
        }
    }
}
