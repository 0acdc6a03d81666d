package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Outcomes and those to be sent in the database. */
final class JdbcOutcomes implements Outcomes {

    private static final String OUTCOME = """
            select o.number as o_number, o.sequence as o_sequence, o.reason as o_reason, o.effect as o_effect,
                   o.message as o_message, o.details as o_details, o.batch_number as o_batch_number,
                   o.created_at as o_created_at, r.*
            from outcome o
            join request r on r.number = o.request_number
            """;

    private final Database database;
    private final ToSend toSend;

    JdbcOutcomes(Database database) {
        this.database = database;
        toSend = ToSend.outcomes(database);
    }

    @Override
    public List<Outcome> unsent(int limit, Set<CustomerId> except) {
        return database.jdbc()
                .sql(OUTCOME + """
                join outcome_to_send s on s.outcome_number = o.number
                where r.customer_id not in (:except)
                order by s.outcome_number
                limit :limit
                """)
                .param("limit", limit)
                // "in ()" is not SQL; no customer is the empty text.
                .param(
                        "except",
                        Stream.concat(Stream.of(""), except.stream().map(CustomerId::value))
                                .toList())
                .query(Rows::outcome)
                .list();
    }

    @Override
    public void sent(Collection<Long> numbers) {
        toSend.remove(numbers);
    }

    @Override
    public List<Outcome> of(long request) {
        return database.jdbc()
                .sql(OUTCOME + """
                where o.request_number = :request
                order by o.sequence
                """)
                .param("request", request)
                .query(Rows::outcome)
                .list();
    }

    @Override
    public long countUnsent() {
        return toSend.count();
    }
}
