package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.Budgets.Reservation;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionTemplate;

/** The real gate and guards, for a simulation that lives in another package. */
public final class SafetyUnderSimulation {

    private SafetyUnderSimulation() {}

    /** Where permits stand. */
    public interface PermitBook {

        boolean has(long request, String step);

        void giveBack(long request, String step);
    }

    /** A gate in live mode with the usual times. */
    public static Gate gate(
            String node,
            PermitBook book,
            Ledger ledger,
            Brake brake,
            TenantDoubt doubt,
            TransactionTemplate transactions,
            InstantSource clock,
            LongSupplier nanos) {
        var permits = new Permits() {
            @Override
            public boolean has(long request, String step) {
                return book.has(request, step);
            }

            @Override
            public void giveBack(long request, String step) {
                book.giveBack(request, step);
            }
        };
        return new Gate(
                permits,
                transactions,
                ledger.requests(),
                ledger.attempts(),
                ledger.batches(),
                brake,
                doubt,
                clock,
                nanos,
                ProtectedCustomers.of(Set.of(), Admissions.PARTNER),
                new Gate.Terms(Mode.LIVE, node, Duration.ofSeconds(30), Duration.ofSeconds(1)),
                new GateJournal() {});
    }

    public static Guards guards(Ledger ledger, Budgets budgets, Set<CustomerId> protectedCustomers) {
        return new Guards(
                ProtectedCustomers.of(protectedCustomers, Admissions.PARTNER),
                NO_BURSTS,
                Canaries.NONE,
                budgets,
                new Delays(CoolingOff.NONE, FreezeCalendar.EMPTY, Jobs.of(List.of()), _ -> Optional.empty()),
                ledger.attempts());
    }

    /** A permit as its rows keep it. */
    public record Kept(Request request, String step, Instant reservedAt) {}

    /** The rows of the permits, and those that are locked while one is reserved. */
    public interface PermitRows {

        Reservation inTransaction(Supplier<Reservation> reservation);

        /** Waits for the row of a budget, and holds it to the end of the transaction. */
        void lock(String budget);

        List<Kept> all();

        void write(Request request, String step, Instant now);
    }

    /**
     * What may be touched without a person in the window; in each number the customers of it, but for the calls.
     *
     * @param source whose requests have a budget of their own
     */
    public record Allowance(
            Duration window, int cancels, int callsOfCancels, int unlinks, String source, int customersOfSource) {

        private BudgetBook book() {
            return BudgetBook.over(window)
                    .operation(Operation.CANCEL_SUBSCRIPTION.word(), Unit.CUSTOMERS, Limit.of(cancels))
                    .operation(Operation.CANCEL_SUBSCRIPTION.word(), Unit.CALLS, Limit.of(callsOfCancels))
                    .operation(Operation.REMOVE_RESELLER_RELATIONSHIP.word(), Unit.CUSTOMERS, Limit.of(unlinks))
                    .source(source, Unit.CUSTOMERS, Limit.of(customersOfSource))
                    .build();
        }
    }

    /** Budgets that decide as the real ones do, over rows that stand elsewhere. */
    public static Budgets budgets(Allowance allowance, PermitRows rows) {
        return new BudgetsOverRows(allowance.book(), rows);
    }

    private record BudgetsOverRows(BudgetBook book, PermitRows rows) implements Budgets {

        @Override
        public Reservation reserve(Request request, String step, Instant now) {
            var concerned = book.of(request);
            return rows.inTransaction(() -> {
                concerned.stream()
                        .map(each -> each.scope().toString())
                        .distinct()
                        .sorted()
                        .forEach(rows::lock);
                var own = rows.all().stream()
                        .filter(each -> each.request().number() == request.number()
                                && each.step().equals(step))
                        .findFirst();
                if (own.isPresent()
                        && concerned.stream()
                                .flatMap(each -> each.period().at(now).stream())
                                .allMatch(span -> span.holds(own.get().reservedAt()))) {
                    return new Reservation.Reserved();
                }
                var exceeded = request.released().contains(Reason.BUDGET_EXCEEDED)
                        ? Optional.<Exceeded>empty()
                        : Charge.exceeded(concerned.stream()
                                .flatMap(each -> charge(each, request, now).stream())
                                .toList());
                if (exceeded.isPresent()) {
                    return new Reservation.UsedUp(exceeded.get());
                }
                rows.write(request, step, now);
                return new Reservation.Reserved();
            });
        }

        private Optional<Charge> charge(Budget budget, Request request, Instant now) {
            return budget.period().at(now).map(span -> {
                var counted = counted(budget, span);
                var customers = counted.stream()
                        .map(each -> each.request().customerId())
                        .collect(Collectors.toSet());
                return budget.unit() == Unit.CUSTOMERS
                        ? new Charge(
                                budget,
                                budget.limit().number(),
                                customers.size(),
                                customers.contains(request.customerId()))
                        : new Charge(budget, budget.limit().number(), counted.size(), false);
            });
        }

        private List<Kept> counted(Budget budget, Budget.Span span) {
            return rows.all().stream()
                    .filter(each -> span.holds(each.reservedAt()))
                    .filter(each -> isIn(budget.scope(), each.request()))
                    .toList();
        }

        private static boolean isIn(Budget.Scope scope, Request request) {
            return switch (scope.kind()) {
                case OPERATION -> request.operation().word().equals(scope.name());
                case SOURCE -> request.key().source().equals(scope.name());
                case JOB, RUN -> false;
            };
        }

        @Override
        public Forecast forecast(Instant now) {
            return new Forecast() {

                private final Map<Budget.Scope, Used> used = new HashMap<>();

                private Used used(Budget budget) {
                    return used.computeIfAbsent(budget.scope(), _ -> {
                        var counted = counted(budget, budget.period().at(now).orElseThrow());
                        return new Used(
                                counted.stream()
                                        .map(each -> each.request().customerId())
                                        .collect(Collectors.toCollection(HashSet::new)),
                                counted.stream()
                                        .map(each -> each.request().number())
                                        .collect(Collectors.toCollection(HashSet::new)),
                                new Used.Calls(counted.size()));
                    });
                }

                @Override
                public Optional<Exceeded> exceeded(Request request) {
                    return Charge.exceeded(book.of(request).stream()
                            .map(each -> used(each).charge(each, each.limit().number(), request))
                            .toList());
                }

                @Override
                public void count(Request request) {
                    book.of(request).stream().map(this::used).distinct().forEach(each -> each.count(request));
                }
            };
        }

        @Override
        public List<Standing> list(Instant now) {
            return List.of();
        }
    }

    /** What does not fit into a budget is held by itself, and nothing with it. */
    static final Bursts NO_BURSTS = new Bursts() {
        @Override
        public Optional<Burst> of(Request request) {
            return Optional.empty();
        }

        @Override
        public boolean isAttempted(Request request) {
            return false;
        }

        @Override
        public void lock(Set<Operation> operations) {}

        @Override
        public void open(Request request, Exceeded exceeded, boolean inOrder, Instant now) {}

        @Override
        public List<Open> list() {
            return List.of();
        }

        @Override
        public boolean end(Rest rest, String who, String cause, Instant now) {
            return false;
        }

        @Override
        public int endFinished(Instant now) {
            return 0;
        }
    };
}
