package dev.offramp.ledger;

import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** Outcomes as they come into being: each is written once and noted to be sent. */
final class OutcomeRows {

    private static final String INSERT = """
            insert into outcome
                (request_number, sequence, status, reason, effect, message, details, batch_number, created_at, final_of)
            values
                (:request, :sequence, :status, :reason, :effect, :message, :details, :batch, :now, :finalOf)
            """;

    private final Database database;
    private final RequestRows requests;
    private final ToSend toSend;

    OutcomeRows(Database database, RequestRows requests) {
        this.database = database;
        this.requests = requests;
        toSend = ToSend.outcomes(database);
    }

    /** Writes the first outcome of each of these requests. */
    void addFirst(List<Long> numbers, Resolution resolution, Instant now) {
        database.many()
                .batchUpdate(
                        INSERT,
                        numbers.stream()
                                .map(number -> outcome(number, 1, resolution, null, now))
                                .toArray(SqlParameterSource[]::new));
        for (var portion : Parameters.portions(numbers)) {
            noteToSend(portion, 1);
        }
    }

    /** Writes what became of a request next. */
    void addNext(Request asRead, Resolution resolution, Instant now) {
        int sequence = asRead.sequence() + 1;
        database.many().update(INSERT, outcome(asRead.number(), sequence, resolution, asRead.batch(), now));
        noteToSend(List.of(asRead.number()), sequence);
    }

    private void noteToSend(List<Long> numbers, int sequence) {
        database.jdbc()
                .sql("""
                insert into outcome_to_send (outcome_number, customer_id, slot)
                select o.number, r.customer_id, %s
                from outcome o
                join request r on r.number = o.request_number
                where o.request_number in (:numbers) and o.sequence = :sequence
                """.formatted(ToSend.SLOT))
                .param("numbers", numbers)
                .param("sequence", sequence)
                .update();
    }

    /** Notes the newest outcome of each to be sent again, one more time where it is being sent right now. */
    void tellAgain(Collection<RequestKey> keys) {
        var newest = requests.numbersFor(keys, """
                select o.number
                from %s
                join outcome o on o.request_number = r.number and o.sequence = r.sequence
                """.formatted(RequestRows.OF_SOURCE_AND_IDS));
        toSend.onceMore(newest);
    }

    private static SqlParameterSource outcome(
            long request, int sequence, Resolution resolution, @Nullable Long batch, Instant now) {
        var status = resolution.status();
        return new MapSqlParameterSource()
                .addValue("request", request)
                .addValue("sequence", sequence)
                .addValue("status", status.word())
                .addValue("reason", resolution.reason().word())
                .addValue("effect", resolution.effect().word())
                .addValue("message", resolution.message())
                .addValue("details", Json.write(resolution.details()))
                .addValue("batch", batch, Types.BIGINT)
                .addValue("now", Parameters.time(now))
                .addValue("finalOf", status.isFinal() ? request : null, Types.BIGINT);
    }
}
