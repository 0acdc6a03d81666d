package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plan.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Plans as rows, each request of one with what was found out as JSON. */
final class JdbcPlans implements Plans {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;
    private final Duration expires;

    JdbcPlans(JdbcClient jdbc, TransactionTemplate transactions, Audit audit, Duration expires) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
        this.expires = expires;
    }

    @Override
    public Plan ask(String about, List<Request> requests, String who, String cause, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            var key = new GeneratedKeyHolder();
            jdbc.sql("""
                            insert into plan (state, about, requests, made_by, cause, asked_at)
                            values ('making', :about, :requests, :who, :cause, :now)
                            """)
                    .param("about", about)
                    .param("requests", requests.size())
                    .param("who", who)
                    .param("cause", cause)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update(key, "number");
            long number = Objects.requireNonNull(key.getKey()).longValue();
            for (Request request : requests) {
                jdbc.sql("""
                                insert into plan_item (plan_number, request_number, version)
                                values (:plan, :request, :version)
                                """)
                        .param("plan", number)
                        .param("request", request.number())
                        .param("version", request.version())
                        .update();
            }
            audit.add(
                    new Audit.Entry(
                            who,
                            "plan asked for",
                            "plan " + number,
                            cause,
                            "%d requests: %s".formatted(requests.size(), about)),
                    now);
            return byNumber(number).orElseThrow();
        }));
    }

    private static final String PLAN = """
            select p.*, (select count(*) from plan_item i where i.plan_number = p.number and i.judged is not null) as done
              from plan p
            """;

    @Override
    public Optional<Plan> byNumber(long number) {
        return jdbc.sql(PLAN + " where p.number = :number")
                .param("number", number)
                .query((row, _) -> plan(row))
                .optional();
    }

    @Override
    public List<Plan> list(@Nullable Long before, int limit) {
        return jdbc.sql(PLAN + " where p.number < :before order by p.number desc limit :limit")
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query((row, _) -> plan(row))
                .list();
    }

    @Override
    public Optional<Plan> unmade() {
        return jdbc.sql(PLAN + " where p.state = 'making' order by p.number limit 1")
                .query((row, _) -> plan(row))
                .optional();
    }

    @Override
    public List<Long> unread(long plan, long after, int limit) {
        return jdbc.sql("""
                        select request_number
                          from plan_item
                         where plan_number = :plan
                           and request_number > :after
                           and judged is null
                         order by request_number
                         limit :limit
                        """)
                .param("plan", plan)
                .param("after", after)
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    @Override
    public void judge(long plan, long request, Judged judged) {
        transactions.executeWithoutResult(_ -> jdbc.sql("""
                        update plan_item
                           set judged = :judged
                         where plan_number = :plan
                           and request_number = :request
                           and judged is null
                        """)
                .param("judged", JSON.writeValueAsString(judged))
                .param("plan", plan)
                .param("request", request)
                .update());
    }

    @Override
    public List<Item> items(long plan) {
        return jdbc.sql("""
                        select i.request_number, i.version, i.judged, i.held_back_by,
                               r.source, r.id, r.operation, r.customer_id, r.subscription_id, r.order_id
                          from plan_item i
                          join request r on r.number = i.request_number
                         where i.plan_number = :plan
                         order by i.request_number
                        """).param("plan", plan).query((row, _) -> item(row)).list();
    }

    @Override
    public boolean made(long plan, Map<Long, String> heldBack, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            jdbc.sql("select number from plan where number = :plan for update")
                    .param("plan", plan)
                    .query(Long.class)
                    .optional();
            Optional<Plan> making = byNumber(plan).filter(each -> each.state() == State.MAKING);
            if (making.isEmpty()) {
                return false;
            }
            heldBack.forEach((request, guard) -> jdbc.sql("""
                            update plan_item
                               set held_back_by = :guard
                             where plan_number = :plan
                               and request_number = :request
                            """)
                    .param("guard", guard)
                    .param("plan", plan)
                    .param("request", request)
                    .update());
            return jdbc.sql("""
                            update plan
                               set state = 'made',
                                   made_at = :now,
                                   expires_at = :expiresAt,
                                   hash = :hash
                             where number = :plan
                               and state = 'making'
                            """)
                            .param("now", now.atOffset(ZoneOffset.UTC))
                            .param("expiresAt", now.plus(expires).atOffset(ZoneOffset.UTC))
                            .param("hash", sha256(content(making.get())))
                            .param("plan", plan)
                            .update()
                    == 1;
        }));
    }

    @Override
    public boolean discard(long plan, String who, String cause, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            boolean discarded = jdbc.sql("""
                            update plan
                               set state = 'discarded'
                             where number = :plan
                               and state in ('making', 'made')
                            """).param("plan", plan).update() == 1;
            if (discarded) {
                audit.add(new Audit.Entry(who, "plan discarded", "plan " + plan, cause, ""), now);
            }
            return discarded;
        }));
    }

    /** What the hash covers: everything that is decided upon, and nothing that changes later. */
    private record Content(long plan, String about, String madeBy, List<Item> items) {}

    @Override
    public String content(Plan plan) {
        return JSON.writeValueAsString(new Content(plan.number(), plan.about(), plan.madeBy(), items(plan.number())));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Plan plan(ResultSet row) throws SQLException {
        return new Plan(
                row.getLong("number"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("about"),
                row.getInt("requests"),
                row.getInt("done"),
                row.getString("made_by"),
                row.getString("cause"),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                time(row, "made_at"),
                time(row, "expires_at"),
                row.getString("hash"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Item item(ResultSet row) throws SQLException {
        String judged = row.getString("judged");
        return new Item(
                row.getLong("request_number"),
                row.getLong("version"),
                row.getString("source"),
                row.getString("id"),
                row.getString("operation"),
                row.getString("customer_id"),
                row.getString("subscription_id"),
                row.getString("order_id"),
                judged == null ? null : JSON.readValue(judged, Judged.class),
                row.getString("held_back_by"));
    }
}
