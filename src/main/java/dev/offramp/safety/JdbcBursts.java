package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Operation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Bursts as rows; who opens or ends one holds the row of its operation's budget. */
final class JdbcBursts implements Bursts {

    static final String WHO = "Offramp";

    private static final String NO_GROUP = "";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Audit audit;

    JdbcBursts(JdbcClient jdbc, TransactionTemplate transactions, Audit audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
    }

    @Override
    public Optional<Burst> of(Request request) {
        return of(Rest.of(request));
    }

    @Override
    public boolean isAttempted(Request request) {
        return jdbc.sql("select count(*) from attempt where request_number = :request")
                        .param("request", request.number())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private Optional<Burst> of(Rest rest) {
        return concerning("""
                        select *
                          from burst
                         where source = :source
                           and operation = :operation
                           and group_name = :group
                        """, rest).query((row, _) -> open(row).burst()).optional();
    }

    @Override
    public void open(Request request, Exceeded exceeded, boolean inOrder, Instant now) {
        Rest rest = Rest.of(request);
        transactions.executeWithoutResult(_ -> {
            lock(rest.operation());
            if (of(rest).isPresent()) {
                return;
            }
            concerning("""
                            insert into burst (source, operation, group_name, since, request_number, request, breach, in_order)
                            values (:source, :operation, :group, :now, :number, :request, :breach, :inOrder)
                            """, rest)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("number", request.number())
                    .param("request", request.key().toString())
                    .param("breach", exceeded.sentence())
                    .param("inOrder", inOrder)
                    .update();
            audit.add(
                    new Audit.Entry(
                            WHO,
                            "burst on hold",
                            target(rest),
                            "a budget was exceeded",
                            of(rest).orElseThrow().sentence()),
                    now);
        });
    }

    @Override
    public void lock(Set<Operation> operations) {
        operations.stream().sorted().forEach(this::lock);
    }

    private void lock(Operation operation) {
        jdbc.sql("""
                        select scope
                          from budget
                         where scope = :scope
                           for update
                        """)
                .param("scope", "operation:" + operation.word())
                .query(String.class)
                .single();
    }

    @Override
    public List<Open> list() {
        return jdbc.sql("""
                        select *
                          from burst
                         order by since, source, operation, group_name
                        """).query((row, _) -> open(row)).list();
    }

    @Override
    public boolean end(Rest rest, String who, String cause, Instant now) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            lock(rest.operation());
            return remove(rest, who, cause, now);
        }));
    }

    @Override
    public int endFinished(Instant now) {
        int ended = 0;
        for (Open open : list()) {
            if (Boolean.TRUE.equals(transactions.execute(_ -> {
                lock(open.rest().operation());
                return !isOpen(open.rest()) && remove(open.rest(), WHO, "nothing of it is open any more", now);
            }))) {
                ended++;
            }
        }
        return ended;
    }

    /** Open requests are found by their status: their index is as small as what is open. */
    private boolean isOpen(Rest rest) {
        return concerning("""
                        select count(*)
                          from (select number
                                  from request
                                 where status in ('accepted', 'deferred', 'held', 'stalled')
                                   and source = :source
                                   and operation = :operation
                                   and coalesce(group_name, '') = :group
                                 limit 1) open_one
                        """, rest).query(Long.class).single() > 0;
    }

    private boolean remove(Rest rest, String who, String cause, Instant now) {
        boolean removed = concerning("""
                        delete from burst
                         where source = :source
                           and operation = :operation
                           and group_name = :group
                        """, rest).update() == 1;
        if (removed) {
            audit.add(new Audit.Entry(who, "burst ended", target(rest), cause, ""), now);
        }
        return removed;
    }

    private JdbcClient.StatementSpec concerning(String sql, Rest rest) {
        return jdbc.sql(sql)
                .param("source", rest.source())
                .param("operation", rest.operation().word())
                .param("group", rest.group() == null ? NO_GROUP : rest.group());
    }

    private static String target(Rest rest) {
        return "burst of %s of %s%s"
                .formatted(
                        rest.operation().word(),
                        rest.source(),
                        rest.group() == null ? "" : " in group " + rest.group());
    }

    private static Open open(ResultSet row) throws SQLException {
        String group = text(row, "group_name");
        var rest = new Rest(
                text(row, "source"),
                Operation.of(text(row, "operation")).orElseThrow(),
                group.equals(NO_GROUP) ? null : group);
        return new Open(
                rest,
                new Burst(
                        rest.inWords(),
                        Objects.requireNonNull(row.getObject("since", OffsetDateTime.class))
                                .toInstant(),
                        row.getLong("request_number"),
                        text(row, "request"),
                        text(row, "breach"),
                        row.getBoolean("in_order")));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column));
    }
}
