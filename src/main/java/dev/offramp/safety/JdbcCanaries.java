package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Canary;
import dev.offramp.offboarding.Canary.Ruling;
import dev.offramp.offboarding.Canary.Standing;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.CanaryBook.Flock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Who goes first, as rows: one for each group, run or window, which is locked while it is decided. */
final class JdbcCanaries implements Canaries {

    static final int CHUNK = 100;

    /** What nobody asks for any more is forgotten then. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String WHO = "Offramp";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final TransactionTemplate ofItsOwn;
    private final CanaryBook book;
    private final Requests requests;
    private final Audit audit;

    JdbcCanaries(
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            CanaryBook book,
            Requests requests,
            Audit audit) {
        this.jdbc = jdbc;
        transactions = new TransactionTemplate(transactionManager);
        ofItsOwn = new TransactionTemplate(transactionManager);
        ofItsOwn.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.book = book;
        this.requests = requests;
        this.audit = audit;
    }

    /** A row: what it says about the number of customers and the time holds for all nodes, however they are configured. */
    private record Row(long number, Canary canary, boolean confirmed) {}

    @Override
    public void lock(Collection<Request> all, Instant now) {
        var flocks = new TreeMap<String, Flock>();
        all.forEach(each -> book.of(each, now).ifPresent(flock -> flocks.put(flock.name(), flock)));
        flocks.values().stream().filter(flock -> isOpen(flock, now)).toList().forEach(flock -> lock(flock.name()));
    }

    @Override
    public Optional<String> hold(Request request, Instant now) {
        Optional<Flock> flock = book.of(request, now);
        if (flock.isEmpty()) {
            return Optional.empty();
        }
        return isOpen(flock.get(), now)
                ? Objects.requireNonNull(
                        transactions.execute(_ -> hold(request, lock(flock.get().name()), now)))
                : Optional.empty();
    }

    /** Whether anybody waits or goes first; from then on it has a row. */
    private boolean isOpen(Flock flock, Instant now) {
        Optional<Row> row = row(flock.name(), "");
        if (row.isEmpty()) {
            addRow(flock, now);
        }
        return row.filter(Row::confirmed).isEmpty();
    }

    private Optional<String> hold(Request request, Row row, Instant now) {
        if (row.confirmed() || isAttempted(request)) {
            return Optional.empty();
        }
        List<Standing> first = first(row.number());
        return switch (row.canary().rule(first, now)) {
            case Ruling.Go _ -> {
                confirm(row, now);
                yield Optional.empty();
            }
            case Ruling.Room _ -> {
                dismiss(row.number(), first);
                note(row.number(), request, true);
                yield Optional.empty();
            }
            case Ruling.Wait(String sentence) ->
                isOneOf(first, request) ? goesAsOneOf(row, request) : waits(row, request, sentence);
            case Ruling.Stopped(String sentence) -> waits(row, request, sentence);
        };
    }

    private Optional<String> goesAsOneOf(Row row, Request request) {
        note(row.number(), request, true);
        return Optional.empty();
    }

    private Optional<String> waits(Row row, Request request, String sentence) {
        if (request.released().covers(Reason.CANARY, sentence)) {
            return Optional.empty();
        }
        note(row.number(), request, false);
        return Optional.of(sentence);
    }

    @Override
    public Optional<String> wouldHold(Request request, Instant now) {
        return book.of(request, now)
                .flatMap(flock -> row(flock.name(), ""))
                .filter(row -> !row.confirmed())
                .flatMap(row -> {
                    List<Standing> first = first(row.number());
                    return switch (row.canary().rule(first, now)) {
                        case Ruling.Go _, Ruling.Room _ -> Optional.empty();
                        case Ruling.Wait(String sentence) ->
                            isOneOf(first, request) ? Optional.empty() : Optional.of(sentence);
                        case Ruling.Stopped(String sentence) -> Optional.of(sentence);
                    };
                });
    }

    private static boolean isOneOf(List<Standing> first, Request request) {
        return Canary.counted(first).contains(request.customerId());
    }

    private boolean isAttempted(Request request) {
        return jdbc.sql("select count(*) from attempt where request_number = :request")
                        .param("request", request.number())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** In a transaction of its own: where two insert one row at once, one of them waits for the other's end. */
    private void addRow(Flock flock, Instant now) {
        synchronized (this) {
            try {
                ofItsOwn.executeWithoutResult(_ -> jdbc.sql("""
                                insert into canary (name, in_words, customers, settle_seconds, opened_at)
                                select cast(:name as varchar), cast(:inWords as varchar), cast(:customers as integer),
                                       cast(:settle as bigint), cast(:now as timestamp with time zone)
                                 where not exists (select 1 from canary where name = :name)
                                """)
                        .param("name", flock.name())
                        .param("inWords", flock.canary().of())
                        .param("customers", flock.canary().customers())
                        .param("settle", flock.canary().settle().toSeconds())
                        .param("now", time(now))
                        .update());
            } catch (DuplicateKeyException anotherNodeWasFaster) {
                // The row is there.
            }
        }
    }

    private Row lock(String name) {
        return row(name, "for update").orElseThrow();
    }

    private Optional<Row> row(String name, String lock) {
        return jdbc.sql("""
                        select *
                          from canary
                         where name = :name
                        """ + lock)
                .param("name", name)
                .query((row, _) -> row(row))
                .optional();
    }

    private Optional<Row> lock(long number) {
        return jdbc.sql("""
                        select *
                          from canary
                         where number = :number
                           for update
                        """).param("number", number).query((row, _) -> row(row)).optional();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("number"),
                new Canary(
                        text(row, "in_words"),
                        row.getInt("customers"),
                        Duration.ofSeconds(row.getLong("settle_seconds"))),
                row.getObject("confirmed_at", OffsetDateTime.class) != null);
    }

    /** How the requests of the first customers stand. */
    private List<Standing> first(long number) {
        return jdbc.sql("""
                        select r.customer_id, r.source, r.id, r.reason, r.effect, r.changed_at,
                               case when r.batch_number is null then 0 else 1 end as working,
                               case when exists (select 1 from attempt a where a.request_number = r.number)
                                    then 1 else 0 end as attempted,
                               case when exists (
                                        select 1
                                          from outcome o
                                         where o.final_of = r.number
                                           and o.details like '%"confirmedBy":%')
                                    then 1 else 0 end as confirmed
                          from canary_request c
                          join request r on r.number = c.request_number
                         where c.canary_number = :number
                           and c.leads
                         order by r.number
                        """)
                .param("number", number)
                .query((row, _) -> new Standing(
                        CustomerId.of(text(row, "customer_id")),
                        text(row, "source") + " " + text(row, "id"),
                        Reason.named(text(row, "reason")),
                        Effect.named(text(row, "effect")),
                        row.getInt("working") == 1,
                        row.getInt("attempted") == 1,
                        row.getInt("confirmed") == 1,
                        Objects.requireNonNull(row.getObject("changed_at", OffsetDateTime.class))
                                .toInstant()))
                .list();
    }

    /** Those that say nothing about the list are no longer among the first. */
    private void dismiss(long number, List<Standing> first) {
        List<CustomerId> counted = Canary.counted(first);
        first.stream()
                .map(Standing::customer)
                .distinct()
                .filter(each -> !counted.contains(each))
                .forEach(each -> jdbc.sql("""
                                delete from canary_request
                                 where canary_number = :number
                                   and customer_id = :customer
                                   and leads
                                """)
                        .param("number", number)
                        .param("customer", each.value())
                        .update());
    }

    private void note(long number, Request request, boolean leads) {
        int known = jdbc.sql("""
                        update canary_request
                           set leads = case when leads then leads else :leads end
                         where canary_number = :number
                           and request_number = :request
                        """)
                .param("leads", leads)
                .param("number", number)
                .param("request", request.number())
                .update();
        if (known == 0) {
            jdbc.sql("""
                            insert into canary_request (canary_number, request_number, customer_id, leads)
                            values (:number, :request, :customer, :leads)
                            """)
                    .param("number", number)
                    .param("request", request.number())
                    .param("customer", request.customerId().value())
                    .param("leads", leads)
                    .update();
        }
    }

    private void confirm(Row row, Instant now) {
        jdbc.sql("update canary set confirmed_at = :now where number = :number")
                .param("now", time(now))
                .param("number", row.number())
                .update();
        audit.add(
                new Audit.Entry(
                        WHO,
                        "canaries confirmed",
                        "canary of " + row.canary().of(),
                        "its first customers are well",
                        "the rest goes on"),
                now);
    }

    @Override
    public int review(Instant now, BooleanSupplier stopping) {
        int all = 0;
        for (long number : waitedFor()) {
            int chunk = CHUNK;
            while (chunk >= CHUNK && !stopping.getAsBoolean()) {
                chunk = Objects.requireNonNull(transactions.execute(_ -> chunk(number, now)));
                all += chunk;
            }
        }
        forget(now);
        return all;
    }

    private static final String HELD = """
            from canary_request c
            join request r on r.number = c.request_number
           where r.status = 'held'
             and r.reason = 'canary'
             and c.canary_number = (
                     select max(newest.canary_number)
                       from canary_request newest
                      where newest.request_number = c.request_number)
           """;

    private List<Long> waitedFor() {
        return jdbc.sql("select distinct c.canary_number " + HELD + " order by c.canary_number")
                .query(Long.class)
                .list();
    }

    /** @return how many were settled anew */
    private int chunk(long number, Instant now) {
        Optional<Row> found = lock(number);
        if (found.isEmpty()) {
            return 0;
        }
        Row row = found.get();
        if (row.confirmed()) {
            return goOn(row, held(number, "", CHUNK), now);
        }
        List<Standing> first = first(number);
        return switch (row.canary().rule(first, now)) {
            case Ruling.Go _ -> {
                confirm(row, now);
                yield goOn(row, held(number, "", CHUNK), now);
            }
            case Ruling.Room(int customers) -> {
                dismiss(number, first);
                yield goOn(row, next(number, customers, Set.copyOf(Canary.counted(first))), now);
            }
            case Ruling.Wait(String sentence) ->
                goOn(row, held(number, "and c.leads", CHUNK), now) + say(number, sentence, now);
            case Ruling.Stopped(String sentence) -> say(number, sentence, now);
        };
    }

    /** The held requests of the customers that go first now: those that go already, and the next of them in ledger order. */
    private List<Request> next(long number, int customers, Set<CustomerId> already) {
        List<Request> held = held(number, "", 50 * CHUNK);
        Set<CustomerId> next = held.stream()
                .map(Request::customerId)
                .filter(each -> !already.contains(each))
                .distinct()
                .limit(customers)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        next.addAll(already);
        List<Request> theirs =
                held.stream().filter(each -> next.contains(each.customerId())).toList();
        theirs.forEach(each -> note(number, each, true));
        return theirs;
    }

    private List<Request> held(long number, String which, int limit) {
        return jdbc
                .sql("select r.number " + HELD + " and c.canary_number = :number " + which
                        + " order by r.number limit :limit")
                .param("number", number)
                .param("limit", limit)
                .query(Long.class)
                .list()
                .stream()
                .flatMap(each -> requests.byNumber(each).stream())
                .toList();
    }

    private int goOn(Row row, List<Request> held, Instant now) {
        int gone = 0;
        for (Request request : held) {
            if (requests.settle(
                    request,
                    Resolution.of(
                            Reason.ADMITTED,
                            request.effect(),
                            "It waits no longer for the first customers of %s: it goes on."
                                    .formatted(row.canary().of()),
                            Details.NONE),
                    null,
                    now)) {
                gone++;
            }
            jdbc.sql("""
                            delete from canary_request
                             where canary_number = :number
                               and request_number = :request
                               and not leads
                            """)
                    .param("number", row.number())
                    .param("request", request.number())
                    .update();
        }
        return gone;
    }

    /** To those to whom something else was said before. */
    private int say(long number, String sentence, Instant now) {
        List<Long> others = jdbc.sql("select r.number " + HELD
                        + " and c.canary_number = :number and r.message <> :sentence order by r.number limit :limit")
                .param("number", number)
                .param("sentence", sentence)
                .param("limit", CHUNK)
                .query(Long.class)
                .list();
        for (long each : others) {
            requests.byNumber(each)
                    .ifPresent(request -> requests.settle(request, Guards.canary(request, sentence), null, now));
        }
        return others.size();
    }

    private void forget(Instant now) {
        String old = """
                select k.number
                  from canary k
                 where k.opened_at < :before
                   and not exists (
                           select 1
                             from canary_request c
                             join request r on r.number = c.request_number
                            where c.canary_number = k.number
                              and r.settled_at is null)
                """;
        transactions.executeWithoutResult(_ -> {
            var before = time(now.minus(KEPT));
            jdbc.sql("delete from canary_request where canary_number in (%s)".formatted(old))
                    .param("before", before)
                    .update();
            jdbc.sql("""
                            delete from canary
                             where opened_at < :before
                               and not exists (select 1 from canary_request c where c.canary_number = canary.number)
                            """).param("before", before).update();
        });
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column));
    }
}
