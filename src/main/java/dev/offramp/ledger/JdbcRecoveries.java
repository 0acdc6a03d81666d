package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Recoveries in the database. */
final class JdbcRecoveries implements Recoveries {

    private static final String NAME = "ledger";

    private static final String ACCEPTED_ONCE =
            "Partner Center had accepted a call for it when the newer database was lost. ";
    private static final String FORGOTTEN =
            "It was read before the newer database was lost, and the outcomes of that time are gone: it may have been carried out. ";
    private static final String ADVICE =
            "Look at its target in Partner Center: release it if it is still to be done, else reject it.";

    private final Database database;
    private final Requests all;
    private final RequestRows requests;
    private final NewRequests newRequests;
    private final OutcomeRows outcomes;
    private final Settling settling;
    private final ToSend toSend;
    private final JdbcLostCalls lostCalls;

    JdbcRecoveries(Database database, Requests all, Duration holdExpires) {
        this.database = database;
        this.all = all;
        requests = new RequestRows(database);
        outcomes = new OutcomeRows(database, requests);
        newRequests = new NewRequests(database, new CustomerRows(database), outcomes);
        var onTheWire = new OnTheWire(database);
        settling = new Settling(
                database, requests, new Transitions(database, requests, outcomes, onTheWire, holdExpires), onTheWire);
        toSend = ToSend.outcomes(database);
        lostCalls = new JdbcLostCalls(database);
    }

    @Override
    public Optional<Recovery> open() {
        return database.jdbc()
                .sql("select state, found_at, words, calls_from from recovery where name = :name")
                .param("name", NAME)
                .query((row, _) -> new Recovery(
                        Parameters.named(State.class, Rows.text(row, "state")),
                        Rows.time(row, "found_at"),
                        Rows.text(row, "words"),
                        Rows.timeOrNull(row, "calls_from")))
                .optional();
    }

    @Override
    public void need(String words, Instant now) {
        write(State.NEEDED, words, null, now);
    }

    private void write(State state, String words, @Nullable Instant callsFrom, Instant now) {
        database.transactions().executeWithoutResult(_ -> {
            database.dialect()
                    .insertMissing(
                            database.many(),
                            "recovery (name, state, found_at, words)",
                            ":name, :state, :now, :words",
                            List.of(Map.of(
                                    "name", NAME, "state", state.word(), "now", Parameters.time(now), "words", words)));
            database.jdbc()
                    .sql("""
                    update recovery
                    set state = :state, words = :words, calls_from = :callsFrom
                    where name = :name
                    """)
                    .param("state", state.word())
                    .param("words", words)
                    .param("callsFrom", Parameters.timeOrNull(callsFrom))
                    .param("name", NAME)
                    .update();
        });
    }

    // What was told

    @Override
    public void remember(Collection<Told> told) {
        var newest = new LinkedHashMap<RequestKey, Told>();
        told.forEach(each ->
                newest.merge(each.key(), each, (one, other) -> other.sequence() >= one.sequence() ? other : one));
        database.transactions().executeWithoutResult(_ -> {
            var known = toldOf(newest.keySet());
            newest.values().stream()
                    .filter(each -> !known.containsKey(each.key())
                            || known.get(each.key()).sequence() < each.sequence())
                    .filter(each -> !isInLedger(each))
                    .forEach(this::write);
        });
    }

    private void write(Told told) {
        forget(told.key());
        database.jdbc()
                .sql("""
                insert into told_before (source, id, sequence, reason, effect, message, details, told_at)
                values (:source, :id, :sequence, :reason, :effect, :message, :details, :at)
                """)
                .param("source", told.key().source())
                .param("id", told.key().id())
                .param("sequence", told.sequence())
                .param("reason", told.reason().word())
                .param("effect", told.effect().word())
                .param("message", told.message())
                .param("details", Json.write(told.details()))
                .param("at", Parameters.time(told.at()))
                .update();
    }

    private void forget(RequestKey key) {
        database.jdbc()
                .sql("delete from told_before where source = :source and id = :id")
                .param("source", key.source())
                .param("id", key.id())
                .update();
    }

    @Override
    public Optional<Instant> newestOutcome() {
        return database.jdbc()
                .sql("select created_at from outcome order by number desc limit 1")
                .query((row, _) -> Rows.time(row, "created_at"))
                .optional();
    }

    @Override
    public long countRemembered() {
        return database.jdbc()
                .sql("select count(*) from told_before")
                .query(Long.class)
                .single();
    }

    @Override
    public boolean knows(Told told) {
        return isInLedger(told) || toldOf(List.of(told.key())).containsKey(told.key());
    }

    /** What the ledger keeps of a request for long is its digest; so one that is known and has no row is final. */
    private boolean isInLedger(Told told) {
        return requests.byKey(told.key())
                .map(each -> each.isFinal() || each.sequence() >= told.sequence())
                .orElseGet(() -> all.digests(List.of(told.key())).containsKey(told.key()));
    }

    private Map<RequestKey, Told> toldOf(Collection<RequestKey> keys) {
        var found = new HashMap<RequestKey, Told>();
        keys.stream().map(RequestKey::source).distinct().forEach(source -> {
            var ids = keys.stream()
                    .filter(each -> each.source().equals(source))
                    .map(RequestKey::id)
                    .toList();
            for (var portion : Parameters.portions(ids)) {
                database.jdbc()
                        .sql("select * from told_before where source = :source and id in (:ids)")
                        .param("source", source)
                        .param("ids", portion)
                        .query(JdbcRecoveries::told)
                        .list()
                        .forEach(each -> found.put(each.key(), each));
            }
        });
        return found;
    }

    private static Told told(ResultSet row, int index) throws SQLException {
        return new Told(
                new RequestKey(Rows.text(row, "source"), Rows.text(row, "id")),
                row.getInt("sequence"),
                Reason.named(Rows.text(row, "reason")),
                Effect.named(Rows.text(row, "effect")),
                Rows.text(row, "message"),
                Json.read(Rows.text(row, "details"), Details.class),
                Rows.time(row, "told_at"));
    }

    // Taking over

    @Override
    public TakenOver takeOver(Instant now) {
        var numbers = database.jdbc().sql("""
                select r.number
                from told_before t
                join request r on r.source = t.source and r.id = t.id
                where r.settled_at is null and t.sequence > r.sequence
                order by r.number
                """).query(Long.class).list();
        int ended = 0;
        int held = 0;
        for (long number : numbers) {
            var status = database.transactions().execute(_ -> takeOver(number, now));
            ended += status != null && status.isFinal() ? 1 : 0;
            held += status == Status.HELD ? 1 : 0;
        }
        return new TakenOver(ended, numbers.size() - ended - held, held);
    }

    private Status takeOver(long number, Instant now) {
        var request = requests.lock(number).orElseThrow();
        var told = toldOf(List.of(request.key())).get(request.key());
        if (told == null || request.isFinal()) {
            return request.status();
        }
        forget(told.key());
        if (told.reason().status().isFinal()) {
            // Consumers have it under this number already.
            settling.settle(withSequence(request, told.sequence() - 1), resolution(told), null, now);
            unsend(number, told.sequence());
        } else if (told.reason() == Reason.ACCEPTED_BY_PARTNER_CENTER) {
            settling.settle(withSequence(request, told.sequence()), held(ACCEPTED_ONCE), null, now);
        } else {
            tellAgain(request, told.sequence() + 1, now);
        }
        return requests.byNumber(number).orElseThrow().status();
    }

    /** Its state as it stands, under a number that nobody has seen. */
    private void tellAgain(Request request, int sequence, Instant now) {
        database.jdbc()
                .sql("""
                insert into outcome
                    (request_number, sequence, status, reason, effect, message, details, batch_number, created_at, final_of)
                select request_number, :sequence, status, reason, effect, message, details, batch_number, :now, null
                from outcome
                where request_number = :request and sequence = :newest
                """)
                .param("sequence", sequence)
                .param("now", Parameters.time(now))
                .param("request", request.number())
                .param("newest", request.sequence())
                .update();
        database.jdbc()
                .sql("update request set sequence = :sequence, version = version + 1 where number = :request")
                .param("sequence", sequence)
                .param("request", request.number())
                .update();
        outcomes.tellAgain(List.of(request.key()));
    }

    private void unsend(long request, int sequence) {
        toSend.remove(database.jdbc()
                .sql("select number from outcome where request_number = :request and sequence = :sequence")
                .param("request", request)
                .param("sequence", sequence)
                .query(Long.class)
                .list());
    }

    private static Resolution resolution(Told told) {
        return Resolution.of(told.reason(), told.effect(), told.message(), told.details());
    }

    private static Resolution held(String why) {
        return Resolution.of(
                Reason.APPROVAL_NEEDED,
                Effect.UNKNOWN,
                why + ADVICE,
                Details.with().advice(ADVICE).build());
    }

    private static Request withSequence(Request request, int sequence) {
        return new Request(
                request.number(),
                request.admission(),
                request.admittedAt(),
                request.status(),
                request.reason(),
                request.effect(),
                request.message(),
                request.version(),
                sequence,
                request.dueAt(),
                request.waitsFor(),
                request.batch(),
                request.item(),
                request.lastBatch(),
                request.withdrawnBy(),
                request.deferrals(),
                request.notDoneReads(),
                request.doubtSince(),
                request.settledAt(),
                request.released());
    }

    // Beginning and end

    @Override
    public void begin(String words, Instant callsFrom, Map<Partition, Long> until, Instant toldFrom, Instant now) {
        database.transactions().executeWithoutResult(_ -> {
            write(State.UNDER_WAY, words, callsFrom, now);
            lostCalls.addOpen();
            database.jdbc().sql("delete from recovery_offset").update();
            new TreeMap<>(until)
                    .forEach((partition, offset) -> database.jdbc()
                            .sql("""
                            insert into recovery_offset (topic, partition_no, until_offset, told_from)
                            values (:topic, :partition, :until, :toldFrom)
                            """)
                            .param("topic", partition.topic())
                            .param("partition", partition.number())
                            .param("until", offset)
                            .param("toldFrom", Parameters.time(toldFrom))
                            .update());
        });
    }

    @Override
    public boolean end(Instant now) {
        return database.write(database.jdbc().sql("""
                        delete from recovery
                        where name = :name and state = 'under-way' and calls_from <= :now
                          and not exists (
                              select 1
                              from recovery_offset o
                              left join intake_offset i on i.topic = o.topic and i.partition_no = o.partition_no
                              where coalesce(i.next_offset, 0) < o.until_offset)
                        """).param("name", NAME).param("now", Parameters.time(now))) == 1;
    }

    // What comes again

    @Override
    public Past past(Collection<RequestKey> keys) {
        var read = new HashMap<Partition, ReadBefore>();
        database.jdbc()
                .sql("select topic, partition_no, until_offset, told_from from recovery_offset")
                .query(row -> {
                    read.put(
                            new Partition(Rows.text(row, "topic"), row.getInt("partition_no")),
                            new ReadBefore(row.getLong("until_offset"), Rows.time(row, "told_from")));
                });
        return read.isEmpty() ? Past.NONE : new Past(toldOf(keys), Map.copyOf(read));
    }

    @Override
    public void admit(Admission admission, Past past, Instant now) {
        var told = past.told().get(admission.key());
        database.transactions().executeWithoutResult(_ -> {
            if (told == null) {
                var number = all.admit(List.of(admission), now).getFirst();
                lostCalls.add(number);
                if (past.mayBeForgotten(admission)) {
                    hold(number, FORGOTTEN, now);
                }
            } else if (told.reason().status().isFinal()) {
                forget(told.key());
                var number = newRequests
                        .add(List.of(admission), resolution(told), now)
                        .getFirst();
                raise(number, told.sequence() - 1);
                if (past.hadRead(admission)) {
                    // Consumers have it under this number already.
                    unsend(number, told.sequence());
                }
            } else {
                forget(told.key());
                var number = all.admit(List.of(admission), now).getFirst();
                lostCalls.add(number);
                raise(number, told.sequence());
                if (told.reason() == Reason.ACCEPTED_BY_PARTNER_CENTER) {
                    hold(number, ACCEPTED_ONCE, now);
                }
            }
        });
    }

    @Override
    public Optional<Instant> lookAgainAt(long request, Instant readAt, Duration between) {
        return lostCalls.lookAgainAt(request, readAt, between);
    }

    @Override
    public void raise(RequestKey key, Past past) {
        var told = past.told().get(key);
        if (told != null) {
            database.transactions().executeWithoutResult(_ -> {
                forget(key);
                requests.numberOf(key).ifPresent(number -> raise(number, told.sequence()));
            });
        }
    }

    private void hold(long number, String why, Instant now) {
        requests.lock(number)
                .filter(each -> !each.isFinal())
                .ifPresent(each -> settling.settle(each, held(why), null, now));
    }

    /** Gives all its outcomes higher numbers; the highest first, so that no two are ever the same. */
    private void raise(long request, int by) {
        database.jdbc()
                .sql("select number from outcome where request_number = :request order by sequence desc")
                .param("request", request)
                .query(Long.class)
                .list()
                .forEach(outcome -> database.jdbc()
                        .sql("update outcome set sequence = sequence + :by where number = :outcome")
                        .param("by", by)
                        .param("outcome", outcome)
                        .update());
        database.jdbc()
                .sql("update request set sequence = sequence + :by where number = :request")
                .param("by", by)
                .param("request", request)
                .update();
    }
}
