package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** People's decisions as rows. */
final class JdbcDecisionBook implements DecisionBook {

    private final JdbcClient jdbc;

    JdbcDecisionBook(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<CustomerId> lockAlone(Instant since) {
        jdbc.sql("select name from four_eyes where name = 'released-alone' for update")
                .query(String.class)
                .single();
        return new HashSet<>(jdbc.sql("""
                        select distinct customer_id
                          from released_alone
                         where released_at > :since
                        """)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query((row, _) -> CustomerId.of(row.getString(1)))
                .list());
    }

    @Override
    public void noteAlone(Collection<CustomerId> customers, String who, Instant now, Instant countedSince) {
        jdbc.sql("delete from released_alone where released_at <= :since")
                .param("since", countedSince.atOffset(ZoneOffset.UTC))
                .update();
        for (CustomerId customer : new HashSet<>(customers)) {
            jdbc.sql("""
                            insert into released_alone (customer_id, released_by, released_at)
                            values (:customer, :who, :now)
                            """)
                    .param("customer", customer.value())
                    .param("who", who)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    @Override
    public PendingDecision ask(
            PendingDecision.Kind kind,
            List<Request> requests,
            Asker asker,
            Person.Known person,
            Instant now,
            Instant until) {
        var key = new GeneratedKeyHolder();
        jdbc.sql("""
                        insert into pending_decision (kind, state, requests, customers, asked_by, asker_kind, asker_name,
                               cause, asked_at, expires_at)
                        values (:kind, 'waiting', :requests, :customers, :askedBy, :askerKind, :askerName,
                               :cause, :now, :until)
                        """)
                .param("kind", kind.word())
                .param("requests", requests.size())
                .param(
                        "customers",
                        requests.stream().map(Request::customerId).distinct().count())
                .param("askedBy", asker.signature())
                .param("askerKind", person.kind().word())
                .param("askerName", person.name())
                .param("cause", asker.cause())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("until", until.atOffset(ZoneOffset.UTC))
                .update(key, "number");
        long number = Objects.requireNonNull(key.getKey()).longValue();
        for (Request request : requests) {
            jdbc.sql("""
                            insert into pending_decision_item (decision_number, request_number, version, customer_id)
                            values (:decision, :request, :version, :customer)
                            """)
                    .param("decision", number)
                    .param("request", request.number())
                    .param("version", request.version())
                    .param("customer", request.customerId().value())
                    .update();
        }
        return byNumber(number).orElseThrow();
    }

    @Override
    public Optional<PendingDecision> byNumber(long number) {
        return one(number, "");
    }

    @Override
    public Optional<PendingDecision> lock(long number) {
        return one(number, " for update");
    }

    private Optional<PendingDecision> one(long number, String lock) {
        return jdbc.sql("select * from pending_decision where number = :number" + lock)
                .param("number", number)
                .query((row, _) -> decision(row))
                .optional();
    }

    @Override
    public List<PendingDecision> list(@Nullable State state, @Nullable Long before, int limit, Instant now) {
        String which = state == null
                ? ""
                : switch (state) {
                    case WAITING -> "and state = 'waiting' and expires_at > :now";
                    case EXPIRED -> "and state = 'waiting' and expires_at <= :now";
                    case CARRIED_OUT, REJECTED -> "and state = '%s'".formatted(state.word());
                };
        return jdbc.sql("""
                        select *
                          from pending_decision
                         where number < :before
                           and asked_at <= :now
                           %s
                         order by number desc
                         limit :limit
                        """.formatted(which))
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query((row, _) -> decision(row))
                .list();
    }

    @Override
    public List<Item> items(long number) {
        return jdbc.sql("""
                        select request_number, version, customer_id, skipped
                          from pending_decision_item
                         where decision_number = :number
                         order by request_number
                        """)
                .param("number", number)
                .query((row, _) -> new Item(
                        row.getLong("request_number"),
                        row.getLong("version"),
                        row.getString("customer_id"),
                        row.getString("skipped")))
                .list();
    }

    @Override
    public void skip(long number, long request, String why) {
        jdbc.sql("""
                        update pending_decision_item
                           set skipped = :why
                         where decision_number = :number
                           and request_number = :request
                        """)
                .param("why", why)
                .param("number", number)
                .param("request", request)
                .update();
    }

    @Override
    public void decided(long number, State state, Asker by, @Nullable Integer carriedOut, Instant now) {
        jdbc.sql("""
                        update pending_decision
                           set state = :state,
                               decided_by = :by,
                               decided_at = :now,
                               decided_cause = :cause,
                               carried_out = :carriedOut
                         where number = :number
                           and state = 'waiting'
                        """)
                .param("state", state.word())
                .param("by", by.signature())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("cause", by.cause())
                .param("carriedOut", carriedOut)
                .param("number", number)
                .update();
    }

    private static PendingDecision decision(ResultSet row) throws SQLException {
        Integer carriedOut = row.getObject("carried_out", Integer.class);
        OffsetDateTime decidedAt = row.getObject("decided_at", OffsetDateTime.class);
        return new PendingDecision(
                row.getLong("number"),
                PendingDecision.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                State.named(row.getString("state")),
                row.getInt("requests"),
                row.getInt("customers"),
                row.getString("asked_by"),
                new Person.Known(
                        Person.Kind.valueOf(row.getString("asker_kind").toUpperCase(Locale.ROOT)),
                        row.getString("asker_name")),
                row.getString("cause"),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getString("decided_by"),
                decidedAt == null ? null : decidedAt.toInstant(),
                row.getString("decided_cause"),
                carriedOut);
    }
}
