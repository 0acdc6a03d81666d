package dev.offramp.request;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Terms;
import dev.offramp.request.Reading.Asked;
import dev.offramp.request.Reading.Fault;
import dev.offramp.request.Reading.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a record that was read: pure, from the reading, what is known, the rules and the time. */
final class Screening {

    /** The word for a (source, id) that came before with another body; no outcome has it, so it is no {@link Reason}. */
    static final String ID_REUSED = "id-reused-with-other-body";

    /** The word for a record that stands where its source's records do not stand; nobody is answered in its name. */
    static final String WRONG_TOPIC = "wrong-topic";

    /** What the sources of files begin with, see {@link JobDefinition#fileSource()}. */
    private static final String FILES = "file:";

    private static final Duration DEFAULT_VALIDITY = Duration.ofDays(30);

    private final Rules rules;
    private final SourceTopics topics;

    /** Any source may write to any topic. */
    Screening(Rules rules) {
        this(rules, SourceTopics.NONE);
    }

    Screening(Rules rules, SourceTopics topics) {
        this.rules = rules;
        this.topics = topics;
    }

    /**
     * What this installation admits.
     *
     * @param sources what each registered source may ask for; empty in observe mode: everybody may ask for anything
     * @param jobs what carries requests out, and from where each of them takes its own
     */
    record Rules(
            Mode mode,
            PartnerTenantId partner,
            Duration maxAge,
            boolean requireCustomerExpectation,
            Map<String, Set<Operation>> sources,
            Jobs jobs) {

        Rules {
            sources = Map.copyOf(sources);
        }
    }

    /** What becomes of a record. */
    sealed interface Screened {

        /** It becomes a request. */
        record Admitted(Admission admission) implements Screened {}

        /** It takes a request back; unless that comes before {@code forgetAt}, it is forgotten. */
        record Withdrawing(Admission admission, Instant forgetAt) implements Screened {}

        /** It was said before: the current state is told again. */
        record Repeated(RequestKey key) implements Screened {}

        /**
         * It becomes no request.
         *
         * @param firstDigest for a reused id: the digest of the body that came first
         * @param rejection the request that is final at once and gives the outcome, null when nobody can be answered
         */
        record Refused(
                String reason,
                String message,
                @Nullable RequestKey key,
                @Nullable String firstDigest,
                @Nullable Rejection rejection)
                implements Screened {}
    }

    /** A request that is rejected in the moment it becomes known. */
    record Rejection(Admission admission, Resolution resolution) {}

    /**
     * @param place where in Kafka it stood; null when it came by hand
     * @param known the digest of the body that came first with this source and id, if one came; looked at before anything
     *     else, so that a replay never earns a second final outcome
     */
    Screened screen(Reading reading, @Nullable Place place, Optional<String> known, Instant now) {
        if (known.isPresent()) {
            return again(reading, known.get());
        }
        var key = reading.key();
        var elsewhere =
                key == null || place == null ? Optional.<String>empty() : topics.objection(key.source(), place.topic());
        if (elsewhere.isPresent()) {
            // Whoever sent it would else use up an id of that source, or take back one of its requests.
            return new Screened.Refused(WRONG_TOPIC, elsewhere.get(), key, null, null);
        }
        return switch (reading) {
            case Fault fault -> refused(fault.reason(), fault.message(), fault.key(), fault.asked(), place, now);
            case Message(Asked asked) -> judge(asked, place, now);
        };
    }

    private static Screened again(Reading reading, String first) {
        var key = Objects.requireNonNull(reading.key(), "Only what has a key can be known");
        var digest = switch (reading) {
            case Message(Asked asked) -> asked.digest();
            case Fault fault -> fault.digest();
        };
        if (digest.equals(first)) {
            return new Screened.Repeated(key);
        }
        return new Screened.Refused(
                ID_REUSED,
                ("The id '%s' of source '%s' came before with another body (digest %s, now %s). What came first stands;"
                                + " send this one under a new id.")
                        .formatted(Cited.text(key.id()), Cited.text(key.source()), first, digest),
                key,
                first,
                null);
    }

    private Screened judge(Asked asked, @Nullable Place place, Instant now) {
        var objection = objection(asked, now);
        if (objection.isPresent()) {
            return refused(objection.get().reason(), objection.get().message(), asked.key(), asked, place, now);
        }
        var admission = admission(asked, place, now);
        return asked.operation() == Operation.WITHDRAW
                ? new Screened.Withdrawing(admission, now.plus(rules.maxAge()))
                : new Screened.Admitted(admission);
    }

    /** What becomes of a final request that a person asks for again. */
    sealed interface Again {

        /** It becomes a new request. */
        record Admitted(Admission admission) implements Again {}

        /** Its source may not ask for it any more. */
        record Refused(String reason, String sentence) implements Again {}
    }

    /**
     * Asks again for what was asked for, by the rules of today.
     *
     * @param key of the new request
     */
    Again again(Request old, RequestKey key, Instant now) {
        var asked = old.admission();
        var source = key.source();
        var objection = (source.startsWith(FILES) ? Optional.<Objection>empty() : unknownSource(source))
                .or(() -> notAllowed(source, asked.operation()))
                .or(() -> wrongTenant(asked.partnerTenantId()));
        if (objection.isPresent()) {
            return new Again.Refused(
                    objection.get().reason().word(), objection.get().message());
        }
        var terms = asked.terms();
        var begin = terms.notBefore() == null || terms.notBefore().isBefore(now) ? now : terms.notBefore();
        return new Again.Admitted(asked.again(
                key,
                with(terms, terms.planOnly(), begin.plus(DEFAULT_VALIDITY)),
                rules.mode(),
                now,
                old.number(),
                null));
    }

    /**
     * What an approved plan makes of a request that it is about: the same, to be carried out, by the rules of today, and no
     * longer than its source wanted.
     *
     * @param key of the new request
     */
    Again planned(Request old, RequestKey key, long plan, Instant now) {
        var asked = old.admission();
        return switch (again(old, key, now)) {
            case Again.Admitted _ ->
                new Again.Admitted(asked.again(
                        key,
                        with(asked.terms(), false, asked.terms().notAfter()),
                        rules.mode(),
                        now,
                        old.number(),
                        plan));
            case Again.Refused refused -> refused;
        };
    }

    private static Terms with(Terms terms, boolean planOnly, Instant notAfter) {
        return new Terms(
                planOnly,
                terms.notBefore(),
                notAfter,
                terms.ifWindowClosed(),
                terms.onActiveSubscriptions(),
                terms.onActiveAzureSubscriptions(),
                terms.expect());
    }

    private record Objection(Reason reason, String message) {}

    private Optional<Objection> objection(Asked asked, Instant now) {
        return tooOld(asked, now)
                .or(() -> unknownSource(asked.key().source()))
                .or(() -> notAllowed(asked.key().source(), asked.operation()))
                .or(() -> fromFilesOnly(asked))
                .or(() -> wrongTenant(asked.partnerTenantId()))
                .or(() -> expired(asked, now))
                .or(() -> neverInTime(asked, now))
                .or(() -> unexpected(asked));
    }

    /** What stands against a row of a file, in a sentence; the job's definition has registered its source. */
    Optional<String> objectionToRow(Asked asked, Instant now) {
        return tooOld(asked, now)
                .or(() -> wrongTenant(asked.partnerTenantId()))
                .or(() -> expired(asked, now))
                .or(() -> neverInTime(asked, now))
                .or(() -> unexpected(asked))
                .map(Objection::message);
    }

    private Optional<Objection> tooOld(Asked asked, Instant now) {
        var from = asked.eventTime();
        if (from == null || !from.isBefore(now.minus(rules.maxAge()))) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.TOO_OLD,
                "The request is from %s, older than the %s that are allowed (offramp.request.max-age). If it still holds, send a new one."
                        .formatted(from, inWords(rules.maxAge()))));
    }

    private Optional<Objection> unknownSource(String source) {
        if (source.startsWith(FILES) && !rules.sources().containsKey(source)) {
            return Optional.of(new Objection(
                    Reason.UNKNOWN_SOURCE,
                    "The source '%s' is kept for runs of files: only bin/offramp run brings its requests. Send the request with your own source, under a new id."
                            .formatted(Cited.text(source))));
        }
        var everybody = rules.mode() == Mode.OBSERVE && rules.sources().isEmpty();
        if (everybody || rules.sources().containsKey(source)) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.UNKNOWN_SOURCE,
                "The source '%s' is not registered here. Let the operator add it to offramp.request.sources, then send the request under a new id."
                        .formatted(Cited.text(source))));
    }

    private Optional<Objection> notAllowed(String source, Operation operation) {
        var allowed = rules.sources().get(source);
        // Taking one's own request back destroys nothing: whoever may ask may also withdraw.
        if (allowed == null || operation == Operation.WITHDRAW || allowed.contains(operation)) {
            return Optional.empty();
        }
        var words = allowed.stream().map(Operation::word).collect(Collectors.toCollection(TreeSet::new));
        return Optional.of(new Objection(
                Reason.OPERATION_NOT_ALLOWED,
                "The source '%s' may not ask for %s, only for %s. Let the operator allow it in offramp.request.sources."
                        .formatted(Cited.text(source), operation.word(), String.join(", ", words))));
    }

    /** Only where definitions exist for it: what none is about goes on as ever. */
    private Optional<Objection> fromFilesOnly(Asked asked) {
        if (!rules.jobs().carryOut(asked.operation())
                || rules.jobs().fromTopic(asked.operation()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.OPERATION_NOT_ALLOWED,
                "No job of this installation takes %s from the topic, only from files (bin/offramp run). Bring it as a file, or let the operator add topic to 'takes' in the job's job.yaml."
                        .formatted(asked.operation().word())));
    }

    private Optional<Objection> wrongTenant(@Nullable PartnerTenantId named) {
        if (named == null || named.equals(rules.partner())) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.WRONG_PARTNER_TENANT,
                "The partner tenant is %s, but this installation works for %s. Send the request to the installation of that tenant."
                        .formatted(named, rules.partner())));
    }

    private static Optional<Objection> expired(Asked asked, Instant now) {
        var notAfter = notAfter(asked, now);
        if (notAfter.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.EXPIRED,
                "The request could be begun until %s (notAfter), and it is %s. If it still holds, send a new one."
                        .formatted(notAfter, now)));
    }

    /** With both given the reader sees it; here the end is the default one. */
    private static Optional<Objection> neverInTime(Asked asked, Instant now) {
        var notBefore = asked.notBefore();
        var notAfter = notAfter(asked, now);
        if (notBefore == null || notAfter.isAfter(notBefore)) {
            return Optional.empty();
        }
        return Optional.of(new Objection(
                Reason.INVALID_MESSAGE,
                "notBefore (%s) is not before notAfter (%s, the default when none is given), so that nothing could ever be done. Give a later notAfter."
                        .formatted(notBefore, notAfter)));
    }

    private Optional<Objection> unexpected(Asked asked) {
        if (!rules.requireCustomerExpectation()
                || asked.operation() != Operation.REMOVE_RESELLER_RELATIONSHIP
                || asked.expect().namesTheCustomer()) {
            return Optional.empty();
        }
        return Optional.of(
                new Objection(
                        Reason.INVALID_MESSAGE,
                        "The member '/data/expect' names no customer. Add expect.customerDomain or expect.customerName, so that the wrong customer is not removed."));
    }

    private Screened refused(
            Reason reason,
            String message,
            @Nullable RequestKey key,
            @Nullable Asked asked,
            @Nullable Place place,
            Instant now) {
        var rejection = asked == null
                ? null
                : new Rejection(
                        admission(asked, place, now), Resolution.of(reason, Effect.NONE, message, Details.NONE));
        return new Screened.Refused(reason.word(), message, key, null, rejection);
    }

    private Admission admission(Asked asked, @Nullable Place place, Instant now) {
        var job = rules.jobs()
                .fromTopic(asked.operation())
                .map(JobDefinition::name)
                .orElse(Admission.OTHER_JOB);
        return admission(asked, asked.key(), place, null, job, now);
    }

    /** A row of a file that becomes a request. */
    Admission admissionOfRow(Asked asked, RequestKey key, Admission.Line line, String job, Instant now) {
        return admission(asked, key, null, line, job, now);
    }

    private Admission admission(
            Asked asked,
            RequestKey key,
            Admission.@Nullable Place place,
            Admission.@Nullable Line line,
            String job,
            Instant now) {
        return new Admission(
                key,
                asked.digest(),
                asked.operation(),
                Objects.requireNonNullElse(asked.partnerTenantId(), rules.partner()),
                asked.customerId(),
                asked.subscriptionId(),
                asked.order(),
                asked.withdrawsId(),
                new Terms(
                        asked.planOnly(),
                        asked.notBefore(),
                        notAfter(asked, now),
                        asked.ifWindowClosed(),
                        asked.onActiveSubscriptions(),
                        asked.onActiveAzureSubscriptions(),
                        asked.expect()),
                rules.mode(),
                asked.group(),
                asked.reference(),
                asked.requestedBy(),
                asked.cause(),
                asked.correlationId(),
                asked.traceParent(),
                Objects.requireNonNullElse(asked.eventTime(), now),
                place,
                line,
                job,
                null,
                null);
    }

    private static Instant notAfter(Asked asked, Instant now) {
        var named = asked.notAfter();
        return named == null
                ? Objects.requireNonNullElse(asked.eventTime(), now).plus(DEFAULT_VALIDITY)
                : named;
    }

    private static String inWords(Duration age) {
        return age.toDays() > 0 ? age.toDays() + " days" : age.toString();
    }
}
