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
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.CanaryBook.Flock;
import dev.offramp.safety.CanaryRows.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides who goes first, under the locked row of the group, run or window. */
final class FirstCustomers implements Canaries {

    static final int CHUNK = 100;

    /** What nobody asks for any more is forgotten then. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String WHO = "Offramp";

    private final CanaryRows rows;
    private final TransactionTemplate transactions;
    private final CanaryBook book;
    private final Requests requests;
    private final Audit audit;

    FirstCustomers(CanaryRows rows, TransactionTemplate transactions, CanaryBook book, Requests requests, Audit audit) {
        this.rows = rows;
        this.transactions = transactions;
        this.book = book;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public void lock(Collection<Request> all, Instant now) {
        var flocks = new TreeMap<String, Flock>();
        all.forEach(each -> book.of(each, now).ifPresent(flock -> flocks.put(flock.name(), flock)));
        flocks.values().stream().filter(flock -> isOpen(flock, now)).toList().forEach(flock -> rows.lock(flock.name()));
    }

    @Override
    public Optional<String> hold(Request request, Instant now) {
        Optional<Flock> flock = book.of(request, now);
        if (flock.isEmpty()) {
            return Optional.empty();
        }
        return isOpen(flock.get(), now)
                ? Objects.requireNonNull(transactions.execute(
                        _ -> hold(request, rows.lock(flock.get().name()), now)))
                : Optional.empty();
    }

    /** Whether anybody waits or goes first; from then on it has a row. */
    private boolean isOpen(Flock flock, Instant now) {
        Optional<Row> row = rows.named(flock.name());
        if (row.isEmpty()) {
            rows.add(flock, now);
        }
        return row.filter(Row::confirmed).isEmpty();
    }

    private Optional<String> hold(Request request, Row row, Instant now) {
        if (row.confirmed() || rows.isAttempted(request)) {
            return Optional.empty();
        }
        List<Standing> first = rows.first(row.number());
        return switch (row.canary().rule(first, now)) {
            case Ruling.Go _ -> {
                confirm(row, now);
                yield Optional.empty();
            }
            case Ruling.Room _ -> {
                dismiss(row.number(), first);
                rows.note(row.number(), request, true);
                yield Optional.empty();
            }
            case Ruling.Wait(String sentence) ->
                isOneOf(first, request) ? goesAsOneOf(row, request) : waits(row, request, sentence);
            case Ruling.Stopped(String sentence) -> waits(row, request, sentence);
        };
    }

    private Optional<String> goesAsOneOf(Row row, Request request) {
        rows.note(row.number(), request, true);
        return Optional.empty();
    }

    private Optional<String> waits(Row row, Request request, String sentence) {
        if (request.released().covers(Reason.CANARY, sentence)) {
            return Optional.empty();
        }
        rows.note(row.number(), request, false);
        return Optional.of(sentence);
    }

    @Override
    public Optional<String> wouldHold(Request request, Instant now) {
        return book.of(request, now)
                .flatMap(flock -> rows.named(flock.name()))
                .filter(row -> !row.confirmed())
                .flatMap(row -> {
                    List<Standing> first = rows.first(row.number());
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

    @Override
    public int review(Instant now, BooleanSupplier stopping) {
        int all = 0;
        for (long number : rows.waitedFor()) {
            int chunk = CHUNK;
            while (chunk >= CHUNK && !stopping.getAsBoolean()) {
                chunk = Objects.requireNonNull(transactions.execute(_ -> chunk(number, now)));
                all += chunk;
            }
        }
        rows.forget(now.minus(KEPT));
        return all;
    }

    /** @return how many were settled anew */
    private int chunk(long number, Instant now) {
        Optional<Row> found = rows.lock(number);
        if (found.isEmpty()) {
            return 0;
        }
        Row row = found.get();
        if (row.confirmed()) {
            return goOn(row, read(rows.held(number, CHUNK)), now);
        }
        List<Standing> first = rows.first(number);
        return switch (row.canary().rule(first, now)) {
            case Ruling.Go _ -> {
                confirm(row, now);
                yield goOn(row, read(rows.held(number, CHUNK)), now);
            }
            case Ruling.Room(int customers) -> {
                dismiss(number, first);
                yield goOn(row, next(number, customers, Set.copyOf(Canary.counted(first))), now);
            }
            case Ruling.Wait(String sentence) ->
                goOn(row, read(rows.heldOfTheFirst(number, CHUNK)), now) + say(number, sentence, now);
            case Ruling.Stopped(String sentence) -> say(number, sentence, now);
        };
    }

    /** The held requests of the customers that go first now: those that go already, and the next of them in ledger order. */
    private List<Request> next(long number, int customers, Set<CustomerId> already) {
        List<Request> held = read(rows.held(number, 50 * CHUNK));
        Set<CustomerId> next = held.stream()
                .map(Request::customerId)
                .filter(each -> !already.contains(each))
                .distinct()
                .limit(customers)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        next.addAll(already);
        List<Request> theirs =
                held.stream().filter(each -> next.contains(each.customerId())).toList();
        theirs.forEach(each -> rows.note(number, each, true));
        return theirs;
    }

    private List<Request> read(List<Long> numbers) {
        return numbers.stream()
                .flatMap(each -> requests.byNumber(each).stream())
                .toList();
    }

    /** Those that say nothing about the list are no longer among the first. */
    private void dismiss(long number, List<Standing> first) {
        List<CustomerId> counted = Canary.counted(first);
        first.stream()
                .map(Standing::customer)
                .distinct()
                .filter(each -> !counted.contains(each))
                .forEach(each -> rows.dismiss(number, each));
    }

    private void confirm(Row row, Instant now) {
        rows.confirm(row.number(), now);
        audit.add(
                new Audit.Entry(
                        WHO,
                        "canaries confirmed",
                        "canary of " + row.canary().of(),
                        "its first customers are well",
                        "the rest goes on"),
                now);
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
            rows.forgetWaiting(row.number(), request.number());
        }
        return gone;
    }

    /** To those to whom something else was said before. */
    private int say(long number, String sentence, Instant now) {
        List<Long> others = rows.heldWithAnother(sentence, number, CHUNK);
        read(others).forEach(each -> requests.settle(each, Guards.canary(each, sentence), null, now));
        return others.size();
    }
}
