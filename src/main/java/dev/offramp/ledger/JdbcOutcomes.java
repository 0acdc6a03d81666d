package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Outcomes and those to be sent in the database. */
final class JdbcOutcomes implements Outcomes {

    private static final String OUTCOME = """
            select o.number as o_number, o.sequence as o_sequence, o.reason as o_reason, o.effect as o_effect,
                   o.message as o_message, o.details as o_details, o.batch_number as o_batch_number,
                   o.created_at as o_created_at, %s as o_ticket, r.*
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
    public List<Outcome> unsent(int limit, Shards shards, Set<CustomerId> except) {
        return database.jdbc()
                .sql(unsentSql(shards, except))
                .params(parametersOf(limit, shards, except))
                .query(Rows::outcome)
                .list();
    }

    /** Decides on the page before it joins: the cost is that of the page, whatever the planner thinks of the tables. */
    static String unsentSql(Shards shards, Set<CustomerId> except) {
        return OUTCOME.formatted("page.ticket")
                + """
                join (
                    select s.outcome_number, s.ticket
                    from outcome_to_send s
                    where 1 = 1 %s %s
                    order by s.outcome_number
                    limit :limit) page on page.outcome_number = o.number
                order by o.number
                """.formatted(
                                shards.areAll() ? "" : "and mod(s.slot, :shards) in (:held)",
                                except.isEmpty() ? "" : "and s.customer_id not in (:except)");
    }

    static Map<String, Object> parametersOf(int limit, Shards shards, Set<CustomerId> except) {
        return Map.of(
                "limit",
                limit,
                "shards",
                shards.of(),
                "held",
                shards.numbers(),
                "except",
                except.stream().map(CustomerId::value).toList());
    }

    @Override
    public boolean anyUnsent() {
        return database.jdbc()
                .sql("select outcome_number from outcome_to_send order by outcome_number limit 1")
                .query(Long.class)
                .optional()
                .isPresent();
    }

    @Override
    public void sent(Collection<Long> tickets) {
        toSend.giveUp(tickets);
    }

    @Override
    public List<Outcome> of(long request) {
        return database.jdbc()
                .sql(OUTCOME.formatted("0") + """
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
