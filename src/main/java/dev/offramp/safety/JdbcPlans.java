package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.safety.Plan.Applied;
import dev.offramp.safety.Plan.Approval;
import dev.offramp.safety.Plan.Fate;
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
final class JdbcPlans implements Plans, PlanBudgets {

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
                               and state in ('making', 'made', 'approved')
                            """).param("plan", plan).update() == 1;
            if (discarded) {
                audit.add(new Audit.Entry(who, "plan discarded", "plan " + plan, cause, ""), now);
            }
            return discarded;
        }));
    }

    @Override
    public Optional<Plan> lock(long number) {
        return locked("number", number);
    }

    @Override
    public Optional<Plan> lockOf(long decision) {
        return locked("decision_number", decision);
    }

    private Optional<Plan> locked(String column, long value) {
        return jdbc.sql("select number from plan where %s = :value for update".formatted(column))
                .param("value", value)
                .query(Long.class)
                .optional()
                .flatMap(this::byNumber);
    }

    @Override
    public void awaits(long plan, long decision) {
        jdbc.sql("update plan set decision_number = :decision where number = :plan")
                .param("decision", decision)
                .param("plan", plan)
                .update();
    }

    @Override
    public boolean approve(long plan, String who, String cause, boolean alone, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            PlanTotals totals =
                    PlanTotals.of(items(plan).stream().filter(Item::isToGo).toList());
            boolean approved = jdbc.sql("""
                            update plan
                               set state = 'approved',
                                   approved_by = :who,
                                   approved_at = :now,
                                   approved_cause = :cause,
                                   approved_alone = :alone,
                                   customers = :customers,
                                   calls = :calls
                             where number = :plan
                               and state = 'made'
                            """)
                            .param("who", who)
                            .param("now", now.atOffset(ZoneOffset.UTC))
                            .param("cause", cause)
                            .param("alone", alone)
                            .param("customers", totals.customers())
                            .param("calls", totals.calls())
                            .param("plan", plan)
                            .update()
                    == 1;
            if (approved) {
                audit.add(
                        new Audit.Entry(
                                who,
                                "plan approved",
                                "plan " + plan,
                                cause,
                                "%d customers, %d calls; SHA-256 %s"
                                        .formatted(
                                                totals.customers(),
                                                totals.calls(),
                                                byNumber(plan).orElseThrow().hash())),
                        now);
            }
            return approved;
        }));
    }

    @Override
    public boolean apply(long plan, String who, String cause, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            boolean applied = jdbc.sql("""
                            update plan
                               set state = 'applied',
                                   applied_by = :who,
                                   applied_at = :now
                             where number = :plan
                               and state = 'approved'
                            """)
                            .param("who", who)
                            .param("now", now.atOffset(ZoneOffset.UTC))
                            .param("plan", plan)
                            .update()
                    == 1;
            if (applied) {
                audit.add(new Audit.Entry(who, "plan applied", "plan " + plan, cause, ""), now);
            }
            return applied;
        }));
    }

    @Override
    public void succeed(long plan, long request, long successor) {
        note(plan, request, "successor", successor);
    }

    @Override
    public void skip(long plan, long request, String why) {
        note(plan, request, "skipped", why);
    }

    private void note(long plan, long request, String column, Object value) {
        jdbc.sql("update plan_item set %s = :value where plan_number = :plan and request_number = :request"
                        .formatted(column))
                .param("value", value)
                .param("plan", plan)
                .param("request", request)
                .update();
    }

    @Override
    public List<Fate> fates(long plan) {
        return jdbc.sql("""
                        select i.request_number, i.successor, i.skipped, s.source, s.id, s.status, s.reason, s.message
                          from plan_item i
                          left join request s on s.number = i.successor
                         where i.plan_number = :plan
                           and (i.successor is not null or i.skipped is not null)
                         order by i.request_number
                        """).param("plan", plan).query((row, _) -> fate(row)).list();
    }

    private static Fate fate(ResultSet row) throws SQLException {
        Long successor = row.getObject("successor", Long.class);
        boolean isThere = row.getString("id") != null;
        return new Fate(
                row.getLong("request_number"),
                successor,
                isThere ? row.getString("source") + "/" + row.getString("id") : null,
                isThere ? row.getString("status") + ": " + row.getString("reason") : null,
                row.getString("message"),
                row.getString("skipped"));
    }

    @Override
    public Optional<Planned> planned(Request successor) {
        Long plan = successor.plan();
        return plan == null
                ? Optional.empty()
                : jdbc.sql("""
                                select i.judged
                                  from plan_item i
                                  join plan p on p.number = i.plan_number
                                 where i.successor = :successor
                                   and i.plan_number = :plan
                                   and p.state = 'applied'
                                """)
                        .param("successor", successor.number())
                        .param("plan", plan)
                        .query((row, _) -> JSON.readValue(row.getString("judged"), Judged.class))
                        .optional()
                        .map(judged -> new Planned(plan, judged.steps(), judged.facts()));
    }

    @Override
    public List<Budget> of(long plan) {
        return jdbc.sql("select customers, calls from plan where number = :plan and state = 'applied'")
                .param("plan", plan)
                .query((row, _) -> PlanBudgets.of(plan, row.getInt("customers"), row.getInt("calls")))
                .optional()
                .orElseGet(() -> PlanBudgets.of(plan, 0, 0));
    }

    @Override
    public List<Long> lately(Instant since) {
        return jdbc.sql("select number from plan where applied_at > :since order by number")
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .list();
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
                row.getString("hash"),
                row.getObject("decision_number", Long.class),
                approval(row),
                applied(row));
    }

    private static @Nullable Approval approval(ResultSet row) throws SQLException {
        Instant at = time(row, "approved_at");
        return at == null
                ? null
                : new Approval(
                        Objects.requireNonNull(row.getString("approved_by")), at, row.getBoolean("approved_alone"));
    }

    private static @Nullable Applied applied(ResultSet row) throws SQLException {
        Instant at = time(row, "applied_at");
        return at == null ? null : new Applied(Objects.requireNonNull(row.getString("applied_by")), at);
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
