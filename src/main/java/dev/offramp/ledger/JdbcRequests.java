package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Order;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** Requests in the database. Rows are locked by ascending number, so that two changes never wait for each other. */
final class JdbcRequests implements Requests {

    /** So many parameters at most go into one {@code in (…)}. */
    private static final int MANY = 500;

    private static final List<String> OPEN = Stream.of(Status.values())
            .filter(each -> !each.isFinal())
            .map(Status::word)
            .toList();

    private final Database database;
    private final Announcements announcements;

    JdbcRequests(Database database, Announcements announcements) {
        this.database = database;
        this.announcements = announcements;
    }

    @Override
    public Map<RequestKey, String> digests(Collection<RequestKey> keys) {
        var digests = new HashMap<RequestKey, String>();
        bySource(keys)
                .forEach((source, ids) -> database.jdbc()
                        .sql("select source, id, digest from request where source = :source and id in (:ids)")
                        .param("source", source)
                        .param("ids", ids)
                        .query(row -> {
                            digests.put(
                                    new RequestKey(row.getString("source"), row.getString("id")),
                                    row.getString("digest"));
                        }));
        return digests;
    }

    private static Map<String, List<String>> bySource(Collection<RequestKey> keys) {
        return keys.stream()
                .distinct()
                .collect(Collectors.groupingBy(
                        RequestKey::source,
                        LinkedHashMap::new,
                        Collectors.mapping(RequestKey::id, Collectors.toList())));
    }

    // Admitting

    @Override
    public List<Long> admit(List<Admission> admissions, Instant now) {
        if (admissions.isEmpty()) {
            return List.of();
        }
        if (admissions.stream().anyMatch(each -> each.operation() == Operation.WITHDRAW)) {
            throw new IllegalArgumentException("A withdraw is admitted by withdraw(…)");
        }
        return database.transactions().execute(status -> {
            var numbers = insert(admissions, State.admitted(), now);
            lockCustomersOf(admissions);
            obeyRememberedWithdraws(admissions, now);
            announcements.workArrives();
            return numbers;
        });
    }

    @Override
    public long reject(Admission admission, Resolution resolution, Instant now) {
        if (!resolution.status().isFinal()) {
            throw new IllegalArgumentException(
                    "Rejected with what is not final: " + resolution.reason().word());
        }
        return database.transactions().execute(status -> {
            announcements.workArrives();
            return insert(List.of(admission), State.of(resolution), now).getFirst();
        });
    }

    /** What a new row starts as. */
    private record State(Reason reason, Effect effect, String message, Details details) {

        static State admitted() {
            return new State(Reason.ADMITTED, Effect.NONE, "The request was admitted.", Details.NONE);
        }

        static State of(Resolution resolution) {
            return new State(resolution.reason(), resolution.effect(), resolution.message(), resolution.details());
        }
    }

    /** Writes customers, requests, their first outcomes, and that these are to be sent. */
    private List<Long> insert(List<Admission> admissions, State state, Instant now) {
        insertCustomersOf(admissions);
        var numbers = insertRequests(admissions, state, now);
        database.many()
                .batchUpdate(
                        INSERT_OUTCOME,
                        numbers.stream()
                                .map(number -> outcome(number, 1, state, null, now))
                                .toArray(SqlParameterSource[]::new));
        for (int from = 0; from < numbers.size(); from += MANY) {
            database.jdbc()
                    .sql("""
                    insert into outcome_to_send (outcome_number)
                    select number from outcome where request_number in (:numbers) and sequence = 1
                    """)
                    .param("numbers", numbers.subList(from, Math.min(from + MANY, numbers.size())))
                    .update();
        }
        return numbers;
    }

    private void insertCustomersOf(List<Admission> admissions) {
        var customers = customersOf(admissions).stream().map(CustomerId::value).toList();
        var known = new HashSet<String>();
        for (int from = 0; from < customers.size(); from += MANY) {
            known.addAll(database.jdbc()
                    .sql("select id from customer where id in (:ids)")
                    .param("ids", customers.subList(from, Math.min(from + MANY, customers.size())))
                    .query(String.class)
                    .list());
        }
        var missing = customers.stream()
                .filter(each -> !known.contains(each))
                .map(each -> Map.<String, Object>of("id", each))
                .toList();
        if (!missing.isEmpty()) {
            database.dialect().insertMissing(database.many(), "customer (id)", ":id", missing);
        }
    }

    private static List<CustomerId> customersOf(List<Admission> admissions) {
        return admissions.stream()
                .map(Admission::customerId)
                .distinct()
                .sorted(Comparator.comparing(CustomerId::value))
                .toList();
    }

    private List<Long> insertRequests(List<Admission> admissions, State state, Instant now) {
        var keys = new GeneratedKeyHolder();
        database.many()
                .batchUpdate(
                        """
                        insert into request
                            (source, id, digest, operation, partner_tenant_id, customer_id, subscription_id,
                             withdraws_id, terms, mode, group_name, reference, requested_by, cause, correlation_id,
                             trace_parent, event_time, admitted_at, topic, partition_no, offset_no,
                             status, reason, effect, message, version, sequence, due_at,
                             deferrals, not_done_reads, changed_at, settled_at)
                        values
                            (:source, :id, :digest, :operation, :partnerTenantId, :customerId, :subscriptionId,
                             :withdrawsId, :terms, :mode, :group, :reference, :requestedBy, :cause, :correlationId,
                             :traceParent, :eventTime, :now, :topic, :partition, :offset,
                             :status, :reason, :effect, :message, 1, 1, :dueAt,
                             0, 0, :now, :settledAt)
                        """,
                        admissions.stream()
                                .map(each -> request(each, state, now))
                                .toArray(SqlParameterSource[]::new),
                        keys,
                        new String[] {"number"});
        return keys.getKeyList().stream()
                .map(key -> ((Number) key.values().iterator().next()).longValue())
                .toList();
    }

    private static SqlParameterSource request(Admission admission, State state, Instant now) {
        boolean isFinal = state.reason().status().isFinal();
        var notBefore = admission.terms().notBefore();
        var subscription = admission.subscriptionId();
        var place = admission.place();
        return new MapSqlParameterSource()
                .addValue("source", admission.key().source())
                .addValue("id", admission.key().id())
                .addValue("digest", admission.digest())
                .addValue("operation", admission.operation().word())
                .addValue("partnerTenantId", admission.partnerTenantId().value())
                .addValue("customerId", admission.customerId().value())
                .addValue("subscriptionId", subscription == null ? null : subscription.value(), Types.VARCHAR)
                .addValue("withdrawsId", admission.withdrawsId(), Types.VARCHAR)
                .addValue("terms", Json.write(admission.terms()))
                .addValue("mode", admission.mode().word())
                .addValue("group", admission.group(), Types.VARCHAR)
                .addValue("reference", admission.reference(), Types.VARCHAR)
                .addValue("requestedBy", admission.requestedBy())
                .addValue("cause", admission.cause())
                .addValue("correlationId", admission.correlationId(), Types.VARCHAR)
                .addValue("traceParent", admission.traceParent(), Types.VARCHAR)
                .addValue("eventTime", Parameters.time(admission.eventTime()))
                .addValue("now", Parameters.time(now))
                .addValue("topic", place == null ? null : place.topic(), Types.VARCHAR)
                .addValue("partition", place == null ? null : place.partition(), Types.INTEGER)
                .addValue("offset", place == null ? null : place.offset(), Types.BIGINT)
                .addValue("status", state.reason().status().word())
                .addValue("reason", state.reason().word())
                .addValue("effect", state.effect().word())
                .addValue("message", state.message())
                .addValue(
                        "dueAt",
                        isFinal
                                ? null
                                : Parameters.time(notBefore == null || notBefore.isBefore(now) ? now : notBefore),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("settledAt", isFinal ? Parameters.time(now) : null, Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static final String INSERT_OUTCOME = """
            insert into outcome
                (request_number, sequence, status, reason, effect, message, details, batch_number, created_at, final_of)
            values
                (:request, :sequence, :status, :reason, :effect, :message, :details, :batch, :now, :finalOf)
            """;

    private static SqlParameterSource outcome(
            long request, int sequence, State state, @Nullable Long batch, Instant now) {
        var status = state.reason().status();
        return new MapSqlParameterSource()
                .addValue("request", request)
                .addValue("sequence", sequence)
                .addValue("status", status.word())
                .addValue("reason", state.reason().word())
                .addValue("effect", state.effect().word())
                .addValue("message", state.message())
                .addValue("details", Json.write(state.details()))
                .addValue("batch", batch, Types.BIGINT)
                .addValue("now", Parameters.time(now))
                .addValue("finalOf", status.isFinal() ? request : null, Types.BIGINT);
    }

    @Override
    public void tellAgain(Collection<RequestKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        database.transactions().executeWithoutResult(status -> {
            var newest = new ArrayList<Map<String, Object>>();
            bySource(keys)
                    .forEach((source, ids) -> database.jdbc()
                            .sql("""
                    select o.number
                    from request r
                    join outcome o on o.request_number = r.number and o.sequence = r.sequence
                    where r.source = :source and r.id in (:ids)
                    """)
                            .param("source", source)
                            .param("ids", ids)
                            .query(Long.class)
                            .list()
                            .forEach(number -> newest.add(Map.of("number", number))));
            newest.sort(Comparator.comparing(row -> (Long) row.get("number")));
            if (!newest.isEmpty()) {
                database.dialect()
                        .insertMissing(database.many(), "outcome_to_send (outcome_number)", ":number", newest);
            }
            announcements.workArrives();
        });
    }

    // Withdrawing

    @Override
    public long withdraw(Admission withdraw, Instant forgetAt, Instant now) {
        var targetKey = new RequestKey(withdraw.key().source(), targetIdOf(withdraw));
        return database.transactions().execute(status -> {
            insertCustomersOf(List.of(withdraw));
            var target = numberOf(targetKey)
                    .or(() -> {
                        // Whoever is just admitting a request of this customer is waited for; whoever comes later finds
                        // this withdraw. Only now: a writer locks requests first and their customer afterwards.
                        lockCustomer(withdraw.customerId());
                        return numberOf(targetKey);
                    })
                    .flatMap(this::lock);
            long number = insert(List.of(withdraw), State.admitted(), now).getFirst();
            announcements.workArrives();
            if (target.isEmpty()) {
                setDue(number, forgetAt);
            } else {
                setDue(number, null);
                takeBack(target.get(), lock(number).orElseThrow(), now);
            }
            return number;
        });
    }

    private static String targetIdOf(Admission withdraw) {
        var id = withdraw.withdrawsId();
        if (withdraw.operation() != Operation.WITHDRAW || id == null) {
            throw new IllegalArgumentException("Not a withdraw that names a request: " + withdraw.key());
        }
        return id;
    }

    private void lockCustomer(CustomerId customer) {
        database.jdbc()
                .sql("select id from customer where id = :id for update")
                .param("id", customer.value())
                .query(String.class)
                .single();
    }

    private void lockCustomersOf(List<Admission> admissions) {
        var customers = customersOf(admissions);
        for (int from = 0; from < customers.size(); from += MANY) {
            database.dialect()
                    .lockForAdmission(
                            database.many(), customers.subList(from, Math.min(from + MANY, customers.size())));
        }
    }

    private Optional<Long> numberOf(RequestKey key) {
        return database.jdbc()
                .sql("select number from request where source = :source and id = :id")
                .param("source", key.source())
                .param("id", key.id())
                .query(Long.class)
                .optional();
    }

    private void setDue(long number, @Nullable Instant dueAt) {
        database.jdbc()
                .sql("update request set due_at = :dueAt where number = :number")
                .param("dueAt", Parameters.timeOrNull(dueAt))
                .param("number", number)
                .update();
    }

    /** A withdraw that came before the request that it names takes effect now. */
    private void obeyRememberedWithdraws(List<Admission> admissions, Instant now) {
        var remembered = new ArrayList<Long>();
        bySource(admissions.stream().map(Admission::key).toList())
                .forEach((source, ids) -> remembered.addAll(database.jdbc()
                        .sql("""
                        select number from request
                        where source = :source and withdraws_id in (:ids)
                          and operation = 'withdraw' and settled_at is null
                        """)
                        .param("source", source)
                        .param("ids", ids)
                        .query(Long.class)
                        .list()));
        for (long number : remembered.stream().sorted().toList()) {
            var withdraw = lock(number).orElseThrow();
            if (!withdraw.isFinal()) {
                var target = numberOf(new RequestKey(withdraw.key().source(), targetIdOf(withdraw.admission())))
                        .flatMap(this::lock)
                        .orElseThrow();
                takeBack(target, withdraw, now);
            }
        }
    }

    /** Lets a withdraw take effect on its target, wait for it, or come too late; both rows are locked. */
    private void takeBack(Request target, Request withdraw, Instant now) {
        if (target.operation() == Operation.WITHDRAW) {
            change(
                    withdraw,
                    Resolution.of(
                            Reason.OPERATION_NOT_ALLOWED,
                            Effect.NONE,
                            "Request %s is a withdraw itself and cannot be withdrawn."
                                    .formatted(target.key().id()),
                            Details.NONE),
                    null,
                    now);
        } else if (target.isFinal()) {
            change(withdraw, tooLate(target), null, now);
        } else if (onTheWire(List.of(target.number())).contains(target.number())) {
            database.jdbc()
                    .sql("update request set withdrawn_by = :withdraw where number = :target and withdrawn_by is null")
                    .param("withdraw", withdraw.number())
                    .param("target", target.number())
                    .update();
        } else {
            change(
                    target,
                    Resolution.of(
                            Reason.BY_SOURCE,
                            target.effect(),
                            "The request was withdrawn by its source (request %s)."
                                    .formatted(withdraw.key().id()),
                            Details.NONE),
                    null,
                    now);
            // Another withdraw of the same target may have been settled together with it.
            lock(withdraw.number())
                    .filter(each -> !each.isFinal())
                    .ifPresent(each -> change(each, takenBack(target), null, now));
        }
    }

    private static Resolution takenBack(Request target) {
        return Resolution.of(
                Reason.DONE,
                Effect.NONE,
                "Request %s was withdrawn.".formatted(target.key().id()),
                Details.NONE);
    }

    private static Resolution tooLate(Request target) {
        return Resolution.of(
                Reason.TOO_LATE,
                Effect.NONE,
                "Request %s is final already: %s: %s, effect %s."
                        .formatted(
                                target.key().id(),
                                target.status().word(),
                                target.reason().word(),
                                target.effect().word()),
                Details.NONE);
    }

    /**
     * Those of the given requests of which a try is unanswered or accepted, or done without that the request's state
     * says so: not settled yet, or still being confirmed.
     */
    private Set<Long> onTheWire(Collection<Long> numbers) {
        if (numbers.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(database.jdbc()
                .sql("""
                select distinct a.request_number
                from attempt a
                join attempt_try t on t.attempt_number = a.number
                join request r on r.number = a.request_number
                where a.request_number in (:numbers)
                  and (t.finding is null or t.finding <> 'not-done')
                  and (t.reply is null
                      or t.reply in ('lost', 'accepted')
                      or (t.reply = 'done'
                          and (r.effect in ('none', 'unknown')
                              or r.reason in ('confirming', 'in-doubt')
                              or t.replied_at >= r.changed_at)))
                """)
                .param("numbers", numbers)
                .query(Long.class)
                .list());
    }

    // Settling

    @Override
    public boolean settle(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        return database.transactions().execute(status -> {
            var changed = change(asRead, resolution, fence, now);
            if (changed) {
                announcements.workArrives();
            }
            return changed;
        });
    }

    /** The one way from one state to the next. */
    private boolean change(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        // Before its own row, since it has the smaller number: the end of that request cannot slip between here and the
        // update, so no wake-up is lost.
        var awaited = resolution.waitsFor() == null ? Optional.<Request>empty() : lock(resolution.waitsFor());
        boolean waits = awaited.filter(each -> mustStillWait(asRead, each)).isPresent();
        if (!write(asRead, resolution, waits, fence, now)) {
            return false;
        }
        if (!saysTheSame(asRead, resolution)) {
            tell(asRead, resolution, now);
        }
        returnPermits(asRead.number(), resolution.status());
        if (resolution.status().isFinal()) {
            wakeDependents(asRead.number(), now);
        } else if (standsStill(resolution.status())
                && asRead.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                && !onTheWire(List.of(asRead.number())).contains(asRead.number())) {
            wakeCancellations(asRead.number(), now);
        }
        settleWithdraws(asRead.number(), now);
        return true;
    }

    private boolean write(Request asRead, Resolution resolution, boolean waits, @Nullable Fence fence, Instant now) {
        var status = resolution.status();
        boolean leaves = status == Status.DEFERRED || status == Status.HELD;
        return database.jdbc()
                        .sql("""
                        update request
                        set status = :status, reason = :reason, effect = :effect, message = :message,
                            version = version + 1, sequence = :sequence,
                            due_at = :dueAt, waits_for = :waitsFor,
                            batch_number = :batch, item_number = :item, last_batch = :lastBatch,
                            deferrals = :deferrals, not_done_reads = :notDoneReads, doubt_since = :doubtSince,
                            changed_at = :now, settled_at = :settledAt
                        where number = :number and version = :version and settled_at is null
                        """ + within(fence))
                        .param("status", status.word())
                        .param("reason", resolution.reason().word())
                        .param("effect", resolution.effect().word())
                        .param("message", resolution.message())
                        .param("sequence", asRead.sequence() + (saysTheSame(asRead, resolution) ? 0 : 1))
                        .param("dueAt", Parameters.timeOrNull(dueAt(resolution, waits, now)))
                        .param("waitsFor", waits ? resolution.waitsFor() : null)
                        .param("batch", leaves ? null : asRead.batch())
                        .param("item", leaves ? null : asRead.item())
                        .param("lastBatch", leaves && asRead.batch() != null ? asRead.batch() : asRead.lastBatch())
                        .param("deferrals", status == Status.DEFERRED ? asRead.deferrals() + 1 : 0)
                        .param("notDoneReads", resolution.doubt().notDoneReads())
                        .param(
                                "doubtSince",
                                Parameters.timeOrNull(resolution.doubt().since()))
                        .param("now", Parameters.time(now))
                        .param("settledAt", status.isFinal() ? Parameters.time(now) : null)
                        .param("number", asRead.number())
                        .param("version", asRead.version())
                        .params(parametersOf(fence))
                        .update()
                == 1;
    }

    private static @Nullable Instant dueAt(Resolution resolution, boolean waits, Instant now) {
        if (resolution.status() != Status.DEFERRED) {
            return null;
        }
        return resolution.waitsFor() != null && !waits ? now : resolution.wakeAt();
    }

    private static String within(@Nullable Fence fence) {
        return fence == null ? "" : """
                and batch_number = :fenceBatch
                and exists (
                    select 1 from batch b
                    where b.number = :fenceBatch and b.lease_number = :fenceLease
                      and b.state = 'running' and b.lease_until > :now)
                """;
    }

    private static Map<String, Object> parametersOf(@Nullable Fence fence) {
        return fence == null ? Map.of() : Map.of("fenceBatch", fence.batch(), "fenceLease", fence.leaseNumber());
    }

    /** Whether nobody would learn anything from another outcome. */
    private static boolean saysTheSame(Request asRead, Resolution resolution) {
        return (resolution.status() == Status.DEFERRED || resolution.status() == Status.STALLED)
                && asRead.reason() == resolution.reason()
                && asRead.effect() == resolution.effect();
    }

    private void tell(Request asRead, Resolution resolution, Instant now) {
        int sequence = asRead.sequence() + 1;
        database.many()
                .update(INSERT_OUTCOME, outcome(asRead.number(), sequence, State.of(resolution), asRead.batch(), now));
        database.jdbc()
                .sql("""
                insert into outcome_to_send (outcome_number)
                select number from outcome where request_number = :request and sequence = :sequence
                """)
                .param("request", asRead.number())
                .param("sequence", sequence)
                .update();
    }

    /** A permit is spent once a try may have left; otherwise it goes back, unless the request goes on as it stands. */
    private void returnPermits(long request, @Nullable Status status) {
        database.jdbc().sql("""
                update permit
                set state = 'spent'
                where request_number = :request and state = 'reserved'
                  and exists (
                      select 1
                      from attempt a
                      join attempt_try t on t.attempt_number = a.number
                      where a.request_number = permit.request_number and a.step = permit.step
                        and (t.reply is null or t.reply <> 'not-sent'))
                """).param("request", request).update();
        if (status != Status.STALLED) {
            database.jdbc()
                    .sql("delete from permit where request_number = :request and state = 'reserved'")
                    .param("request", request)
                    .update();
        }
    }

    private void wakeDependents(long number, Instant now) {
        database.jdbc()
                .sql("""
                update request
                set due_at = :now, waits_for = null
                where waits_for = :number and status = 'deferred' and batch_number is null
                """)
                .param("now", Parameters.time(now))
                .param("number", number)
                .update();
    }

    /** A cancellation does not wait behind an unlink that stands still. */
    private void wakeCancellations(long number, Instant now) {
        database.jdbc()
                .sql("""
                update request
                set due_at = :now, waits_for = null
                where waits_for = :number and status = 'deferred' and batch_number is null
                  and operation = 'cancel-subscription'
                """)
                .param("now", Parameters.time(now))
                .param("number", number)
                .update();
    }

    private static boolean standsStill(Status status) {
        return status == Status.HELD || status == Status.DEFERRED;
    }

    /** Whether the earlier request still stands before this one, now that its row is locked. */
    private boolean mustStillWait(Request request, Request earlier) {
        boolean onTheWire = onTheWire(List.of(earlier.number())).contains(earlier.number());
        return !Order.mustWaitFor(standing(request, false), List.of(standing(earlier, onTheWire)))
                .isEmpty();
    }

    private static Order.Standing standing(Request request, boolean onTheWire) {
        return new Order.Standing(
                request.number(), request.operation(), request.subscriptionId(), request.status(), onTheWire);
    }

    /** Withdraws that wait for this request are settled as soon as it can be told. */
    private void settleWithdraws(long number, Instant now) {
        var target = byNumber(number).orElseThrow();
        if (target.withdrawnBy() == null) {
            return;
        }
        var waiting = database.jdbc()
                .sql("""
                select * from request
                where source = :source and withdraws_id = :id
                  and operation = 'withdraw' and settled_at is null
                order by number
                for update
                """)
                .param("source", target.key().source())
                .param("id", target.key().id())
                .query(Rows::request)
                .list();
        for (var withdraw : waiting) {
            var stands = byNumber(number).orElseThrow();
            if (stands.reason() == Reason.BY_SOURCE) {
                change(withdraw, takenBack(stands), null, now);
            } else {
                takeBack(stands, withdraw, now);
            }
        }
    }

    @Override
    public boolean handBack(Request asRead, Instant dueAt, Fence fence, Instant now) {
        return database.transactions().execute(status -> {
            var changed = database.jdbc()
                            .sql("""
                            update request
                            set version = version + 1, due_at = :dueAt,
                                batch_number = null, item_number = null, last_batch = :lastBatch
                            where number = :number and version = :version and settled_at is null
                            """ + within(fence))
                            .param("dueAt", Parameters.time(dueAt))
                            .param("lastBatch", fence.batch())
                            .param("number", asRead.number())
                            .param("version", asRead.version())
                            .param("now", Parameters.time(now))
                            .params(parametersOf(fence))
                            .update()
                    == 1;
            if (changed) {
                returnPermits(asRead.number(), null);
                settleWithdraws(asRead.number(), now);
                announcements.workArrives();
            }
            return changed;
        });
    }

    // Reading

    @Override
    public Optional<Request> byNumber(long number) {
        return database.jdbc()
                .sql("select * from request where number = :number")
                .param("number", number)
                .query(Rows::request)
                .optional();
    }

    @Override
    public Optional<Request> lock(long number) {
        return database.jdbc()
                .sql("select * from request where number = :number for update")
                .param("number", number)
                .query(Rows::request)
                .optional();
    }

    @Override
    public void lockAll(Collection<RequestKey> keys) {
        var numbers = new ArrayList<Long>();
        bySource(keys)
                .forEach((source, ids) -> numbers.addAll(database.jdbc()
                        .sql("select number from request where source = :source and id in (:ids)")
                        .param("source", source)
                        .param("ids", ids)
                        .query(Long.class)
                        .list()));
        var inOrder = numbers.stream().sorted().toList();
        for (int from = 0; from < inOrder.size(); from += MANY) {
            database.jdbc()
                    .sql("select number from request where number in (:numbers) order by number for update")
                    .param("numbers", inOrder.subList(from, Math.min(from + MANY, inOrder.size())))
                    .query(Long.class)
                    .list();
        }
    }

    @Override
    public Optional<Request> byKey(RequestKey key) {
        return database.jdbc()
                .sql("select * from request where source = :source and id = :id")
                .param("source", key.source())
                .param("id", key.id())
                .query(Rows::request)
                .optional();
    }

    @Override
    public List<Request> unfinishedOf(long batch) {
        return database.jdbc()
                .sql("""
                select * from request
                where batch_number = :batch and settled_at is null
                order by number
                """)
                .param("batch", batch)
                .query(Rows::request)
                .list();
    }

    @Override
    public List<Integer> unfinishedItems(long batch, int after, int limit) {
        return database.jdbc()
                .sql("""
                select distinct item_number
                from request
                where batch_number = :batch and item_number > :after and settled_at is null
                order by item_number
                limit :limit
                """)
                .param("batch", batch)
                .param("after", after)
                .param("limit", limit)
                .query(Integer.class)
                .list();
    }

    @Override
    public List<Request> ofItem(long batch, int item) {
        return database.jdbc()
                .sql("""
                select * from request
                where batch_number = :batch and item_number = :item and settled_at is null
                order by number
                """)
                .param("batch", batch)
                .param("item", item)
                .query(Rows::request)
                .list();
    }

    @Override
    public List<EarlierRequest> openBefore(CustomerId customer, long number) {
        var earlier = database.jdbc()
                .sql("""
                select * from request
                where customer_id = :customer and settled_at is null and number < :number
                  and operation <> 'withdraw'
                order by number
                """)
                .param("customer", customer.value())
                .param("number", number)
                .query(Rows::request)
                .list();
        var onTheWire = onTheWire(earlier.stream().map(Request::number).toList());
        return earlier.stream()
                .map(each -> new EarlierRequest(each, onTheWire.contains(each.number())))
                .toList();
    }

    @Override
    public List<Request> list(@Nullable Status status, @Nullable Long before, int limit) {
        var filter = status == null ? "" : "and status = :status";
        var statement = database.jdbc()
                .sql("""
                select * from request
                where number < :before %s
                order by number desc
                limit :limit
                """.formatted(filter))
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit);
        return (status == null ? statement : statement.param("status", status.word()))
                .query(Rows::request)
                .list();
    }

    @Override
    public List<Request> held(HeldFilter filter, int limit) {
        return database.jdbc()
                .sql("select * from request " + where(filter) + " order by number limit :limit")
                .params(parametersOf(filter))
                .param("limit", limit)
                .query(Rows::request)
                .list();
    }

    @Override
    public long countHeld(HeldFilter filter) {
        return database.jdbc()
                .sql("select count(*) from request " + where(filter))
                .params(parametersOf(filter))
                .query(Long.class)
                .single();
    }

    private static String where(HeldFilter filter) {
        var conditions = new StringBuilder("where status = 'held'");
        parametersOf(filter)
                .keySet()
                .forEach(column ->
                        conditions.append(" and ").append(column).append(" = :").append(column));
        return conditions.toString();
    }

    private static Map<String, Object> parametersOf(HeldFilter filter) {
        var parameters = new LinkedHashMap<String, Object>();
        if (filter.source() != null) {
            parameters.put("source", filter.source());
        }
        if (filter.operation() != null) {
            parameters.put("operation", filter.operation().word());
        }
        if (filter.reason() != null) {
            parameters.put("reason", filter.reason());
        }
        if (filter.group() != null) {
            parameters.put("group_name", filter.group());
        }
        if (filter.number() != null) {
            parameters.put("number", filter.number());
        }
        return parameters;
    }

    @Override
    public long countOpen() {
        return database.jdbc()
                .sql("select count(*) from request where status in (:open)")
                .param("open", OPEN)
                .query(Long.class)
                .single();
    }

    @Override
    public Map<Status, Long> countsOf(long batch) {
        var counts = new EnumMap<Status, Long>(Status.class);
        database.jdbc().sql("""
                select status, count(*) as counted
                from (
                    select status from request where batch_number = :batch
                    union all
                    select status from request where last_batch = :batch and batch_number is null
                ) of_batch
                group by status
                """).param("batch", batch).query(row -> {
            counts.put(Status.named(Rows.text(row, "status")), row.getLong("counted"));
        });
        return counts;
    }
}
