package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests in the database: each change in one transaction, announced with its commit. Rows are locked by ascending
 * number, so that two changes never wait for each other.
 */
final class JdbcRequests implements Requests {

    private final Database database;
    private final Announcements announcements;
    private final CustomerRows customers;
    private final RequestRows rows;
    private final RequestLists lists;
    private final OutcomeRows outcomes;
    private final NewRequests newRequests;
    private final Settling settling;
    private final Withdraws withdraws;
    private final OnTheWire onTheWire;

    JdbcRequests(Database database, Announcements announcements, Duration holdExpires) {
        this.database = database;
        this.announcements = announcements;
        customers = new CustomerRows(database);
        rows = new RequestRows(database);
        onTheWire = new OnTheWire(database);
        lists = new RequestLists(database, onTheWire);
        outcomes = new OutcomeRows(database, rows);
        newRequests = new NewRequests(database, customers, outcomes);
        var transitions = new Transitions(database, rows, outcomes, onTheWire, holdExpires);
        settling = new Settling(database, rows, transitions, onTheWire);
        withdraws = new Withdraws(database, rows, customers, newRequests, settling);
    }

    // Changes

    @Override
    public List<Long> admit(List<Admission> admissions, Instant now) {
        if (admissions.isEmpty()) {
            return List.of();
        }
        if (admissions.stream().anyMatch(each -> each.operation() == Operation.WITHDRAW)) {
            throw new IllegalArgumentException("A withdraw is admitted by withdraw(…)");
        }
        return database.transactions().execute(status -> {
            var numbers = newRequests.add(admissions, NewRequests.ADMITTED, now);
            customers.lockForAdmission(
                    admissions.stream().map(Admission::customerId).toList());
            withdraws.obeyRemembered(admissions, now);
            announcements.workArrives();
            return numbers;
        });
    }

    @Override
    public long reject(Admission admission, Resolution resolution, Instant now) {
        if (!resolution.status().isFinal()) {
            throw new IllegalArgumentException(
                    "Rejected with what is not final: " + resolution.reason().word());
        }
        return database.transactions().execute(status -> {
            announcements.workArrives();
            return newRequests.add(List.of(admission), resolution, now).getFirst();
        });
    }

    @Override
    public void tellAgain(Collection<RequestKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        database.transactions().executeWithoutResult(status -> {
            outcomes.tellAgain(keys);
            announcements.workArrives();
        });
    }

    @Override
    public long withdraw(Admission withdraw, Instant forgetAt, Instant now) {
        return database.transactions().execute(status -> {
            long number = withdraws.admit(withdraw, forgetAt, now);
            announcements.workArrives();
            return number;
        });
    }

    @Override
    public boolean settle(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        return announced(() -> settling.settle(asRead, resolution, fence, now));
    }

    @Override
    public boolean handBack(Request asRead, Instant dueAt, @Nullable Fence fence, Instant now) {
        return announced(() -> settling.handBack(asRead, dueAt, fence, now));
    }

    private boolean announced(BooleanSupplier change) {
        return database.transactions().execute(status -> {
            boolean changed = change.getAsBoolean();
            if (changed) {
                announcements.workArrives();
            }
            return changed;
        });
    }

    @Override
    public Optional<Request> lock(long number) {
        return rows.lock(number);
    }

    @Override
    public void lockAll(Collection<RequestKey> keys) {
        rows.lockAll(keys);
    }

    // Reading

    @Override
    public Map<RequestKey, String> digests(Collection<RequestKey> keys) {
        return rows.digests(keys);
    }

    @Override
    public Optional<Request> byNumber(long number) {
        return rows.byNumber(number);
    }

    @Override
    public Optional<Request> byKey(RequestKey key) {
        return rows.byKey(key);
    }

    @Override
    public List<Request> unfinishedOf(long batch) {
        return lists.unfinishedOf(batch);
    }

    @Override
    public List<Integer> unfinishedItems(long batch, int after, int limit) {
        return lists.unfinishedItems(batch, after, limit);
    }

    @Override
    public List<Request> ofItem(long batch, int item) {
        return lists.ofItem(batch, item);
    }

    @Override
    public List<EarlierRequest> openBefore(CustomerId customer, long number) {
        return lists.openBefore(customer, number);
    }

    @Override
    public List<Request> onTheWireAfter(CustomerId customer, long number) {
        return lists.onTheWireAfter(customer, number);
    }

    @Override
    public boolean isOnTheWire(Request request) {
        return onTheWire.includes(request);
    }

    @Override
    public List<Request> list(Filter filter, @Nullable Long before, int limit) {
        return lists.list(filter, before, limit);
    }

    @Override
    public List<Request> first(Filter filter, int limit) {
        return lists.first(filter, limit);
    }

    @Override
    public long count(Filter filter) {
        return lists.count(filter);
    }

    @Override
    public List<Long> lockAll(Filter filter) {
        return lists.lockAll(filter);
    }

    @Override
    public long countOpen() {
        return lists.countOpen();
    }

    @Override
    public Map<Status, Long> countsOf(long batch) {
        return lists.countsOf(batch);
    }
}
