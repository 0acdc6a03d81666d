package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Canary;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /** Guards that know budgets and the protected list only. */
    public static Guards guards(Ledger ledger, Budgets budgets, Set<CustomerId> protectedCustomers) {
        return guards(ledger, protectedCustomers, budgets, NO_BURSTS, First.NOBODY, PlanRule.NONE);
    }

    public static Guards guards(
            Ledger ledger,
            Set<CustomerId> protectedCustomers,
            Budgets budgets,
            Bursts bursts,
            First first,
            PlanRule plans) {
        return new Guards(
                ProtectedCustomers.of(protectedCustomers, Admissions.PARTNER),
                bursts,
                first.canaries(),
                budgets,
                new Delays(CoolingOff.NONE, FreezeCalendar.EMPTY, Jobs.of(List.of()), _ -> Optional.empty()),
                ledger.attempts(),
                plans);
    }

    /** Who goes before the rest of a group. */
    public static final class First {

        /** Nobody goes first, and nobody waits. */
        public static final First NOBODY = new First(Canaries.NONE);

        private final Canaries canaries;

        private First(Canaries canaries) {
            this.canaries = canaries;
        }

        private Canaries canaries() {
            return canaries;
        }

        /** Lets those go on that need not wait any more. */
        public void review(Instant now) {
            canaries.review(now, () -> false);
        }
    }

    /** The real decisions about who goes first, over rows that stand elsewhere. */
    public static First first(
            int customers,
            Duration settle,
            CanaryTables tables,
            TransactionTemplate transactions,
            Requests requests,
            Audit audit) {
        return new First(new FirstCustomers(
                new CanaryRowsOverTables(tables),
                transactions,
                new CanaryBook(Jobs.of(List.of()), customers, settle),
                requests,
                audit));
    }

    /** The first of a group, as their row keeps them. */
    public record Flight(long number, String name, Canary canary, boolean confirmed) {}

    /**
     * A request that goes first or waits for those that do, as it stands.
     *
     * @param attempted whether it has an attempt
     * @param confirmed whether its final outcome says by what it was confirmed
     */
    public record Follower(
            long flight, Request request, boolean leads, boolean attempted, boolean confirmed, Instant changedAt) {}

    /** The rows of canaries. */
    public interface CanaryTables {

        List<Flight> flights();

        /** In a transaction of its own, unless it is there. */
        void add(String name, Canary canary);

        /** As it stands, and locked. */
        Optional<Flight> lock(String name);

        void confirm(Flight flight);

        boolean isAttempted(long request);

        /** In ledger order. */
        List<Follower> followers();

        void put(long flight, long request, boolean leads);

        void remove(long flight, long request);
    }

    private record CanaryRowsOverTables(CanaryTables tables) implements CanaryRows {

        @Override
        public Optional<Row> named(String name) {
            return tables.flights().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .map(CanaryRowsOverTables::row);
        }

        private static Row row(Flight flight) {
            return new Row(flight.number(), flight.canary(), flight.confirmed());
        }

        private Optional<Flight> flight(long number) {
            return tables.flights().stream()
                    .filter(each -> each.number() == number)
                    .findFirst();
        }

        @Override
        public void add(CanaryBook.Flock flock, Instant now) {
            tables.add(flock.name(), flock.canary());
        }

        @Override
        public Row lock(String name) {
            return tables.lock(name).map(CanaryRowsOverTables::row).orElseThrow();
        }

        @Override
        public Optional<Row> lock(long number) {
            return flight(number).flatMap(each -> tables.lock(each.name())).map(CanaryRowsOverTables::row);
        }

        @Override
        public void confirm(long number, Instant now) {
            flight(number).ifPresent(tables::confirm);
        }

        @Override
        public boolean isAttempted(Request request) {
            return tables.isAttempted(request.number());
        }

        private Stream<Follower> followers(long number) {
            return tables.followers().stream().filter(each -> each.flight() == number);
        }

        @Override
        public List<Canary.Standing> first(long number) {
            return followers(number)
                    .filter(Follower::leads)
                    .map(each -> new Canary.Standing(
                            each.request().customerId(),
                            each.request().key().source() + " "
                                    + each.request().key().id(),
                            each.request().reason(),
                            each.request().effect(),
                            each.request().batch() != null,
                            each.attempted(),
                            each.confirmed(),
                            each.changedAt()))
                    .toList();
        }

        @Override
        public void dismiss(long number, CustomerId customer) {
            followers(number)
                    .filter(each -> each.leads() && each.request().customerId().equals(customer))
                    .forEach(each -> tables.remove(number, each.request().number()));
        }

        @Override
        public void note(long number, Request request, boolean leads) {
            boolean led = followers(number)
                    .anyMatch(each -> each.leads() && each.request().number() == request.number());
            tables.put(number, request.number(), led || leads);
        }

        @Override
        public void forgetWaiting(long number, long request) {
            followers(number)
                    .filter(each -> !each.leads() && each.request().number() == request)
                    .forEach(each -> tables.remove(number, request));
        }

        private Stream<Follower> held() {
            var all = tables.followers();
            return all.stream()
                    .filter(each -> each.request().reason() == Reason.CANARY)
                    .filter(each -> all.stream()
                            .noneMatch(newer ->
                                    newer.request().number() == each.request().number()
                                            && newer.flight() > each.flight()));
        }

        private List<Long> held(long number, int limit, Predicate<Follower> which) {
            return held().filter(each -> each.flight() == number)
                    .filter(which)
                    .map(each -> each.request().number())
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<Long> waitedFor() {
            return held().map(Follower::flight).distinct().sorted().toList();
        }

        @Override
        public List<Long> held(long number, int limit) {
            return held(number, limit, _ -> true);
        }

        @Override
        public List<Long> heldOfTheFirst(long number, int limit) {
            return held(number, limit, Follower::leads);
        }

        @Override
        public List<Long> heldWithAnother(String sentence, long number, int limit) {
            return held(number, limit, each -> !each.request().message().equals(sentence));
        }

        @Override
        public void forget(Instant begunBefore) {
            // No schedule takes so long.
        }
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

    /** What applied plans allow. */
    public interface PlanLimits {

        /** Of one plan; empty when it is not applied. */
        Optional<Limits> limits(long plan);

        /** How many customers and calls. */
        record Limits(int customers, int calls) {}
    }

    private record PlanBudgetsOverLimits(PlanLimits limits) implements PlanBudgets {

        @Override
        public List<Budget> of(long plan) {
            var of = limits.limits(plan).orElse(new PlanLimits.Limits(0, 0));
            return PlanBudgets.of(plan, of.customers(), of.calls());
        }

        @Override
        public List<Long> lately(Instant since) {
            return List.of();
        }
    }

    /** The fingerprint of a plan. */
    public static String sha256(String text) {
        return JdbcPlans.sha256(text);
    }

    /** One person approves a plan as it stands. */
    public static boolean approve(Plans plans, Requests requests, Plan plan, DecisionBook.Asker by, Instant now) {
        if (new PlanApprovals(plans, requests, new NoDecisions())
                        .propose(plan.number(), Objects.requireNonNullElse(plan.hash(), ""), by, now)
                instanceof Approvals.Proposal.Of proposal) {
            proposal.alone().run();
            return true;
        }
        return false;
    }

    /** Carries an approved plan out. */
    public static PlanApplying applying(
            Plans plans, Ledger ledger, PlanApplying.Successors successors, TransactionTemplate transactions) {
        return new PlanApplying(
                plans,
                ledger.requests(),
                ledger.attempts(),
                new NoDecisions(),
                new FourEyes(1_000, Duration.ofDays(1), Duration.ofDays(1), Set.of()),
                successors,
                Mode.LIVE,
                transactions);
    }

    /** One person is enough for whatever there is. */
    private static final class NoDecisions implements DecisionBook {

        @Override
        public Set<CustomerId> lockAlone(Instant since) {
            return Set.of();
        }

        @Override
        public void noteAlone(Collection<CustomerId> customers, String who, Instant now, Instant countedSince) {}

        @Override
        public PendingDecision ask(
                PendingDecision.Kind kind,
                List<Request> requests,
                Asker asker,
                Person.Known person,
                Instant now,
                Instant until) {
            throw new UnsupportedOperationException("One person is enough.");
        }

        @Override
        public Optional<PendingDecision> byNumber(long number) {
            return Optional.empty();
        }

        @Override
        public Optional<PendingDecision> lock(long number) {
            return Optional.empty();
        }

        @Override
        public List<PendingDecision> list(
                PendingDecision.@Nullable State state, @Nullable Long before, int limit, Instant now) {
            return List.of();
        }

        @Override
        public List<PendingDecision.Item> items(long number) {
            return List.of();
        }

        @Override
        public void skip(long number, long request, String why) {}

        @Override
        public void decided(
                long number, PendingDecision.State state, Asker by, @Nullable Integer carriedOut, Instant now) {}
    }

    /** Budgets that decide as the real ones do, over rows that stand elsewhere. */
    public static Budgets budgets(Allowance allowance, PermitRows rows, Bursts bursts, PlanLimits plans) {
        return new BudgetsOverRows(allowance.book().with(new PlanBudgetsOverLimits(plans)), rows, bursts);
    }

    private record BudgetsOverRows(BudgetBook book, PermitRows rows, Bursts bursts) implements Budgets {

        @Override
        public Reservation reserve(Request request, String step, Instant now) {
            return rows.inTransaction(() -> {
                book.locks(request).forEach(rows::lock);
                var onHold = bursts.hold(request);
                if (onHold.isPresent()) {
                    return new Reservation.OnHold(onHold.get());
                }
                var own = rows.all().stream()
                        .filter(each -> each.request().number() == request.number()
                                && each.step().equals(step))
                        .map(Kept::reservedAt)
                        .findFirst();
                return switch (book.judge(request, own, OptionalLong.empty(), this::count, now)) {
                    case BudgetBook.Answer.FoundAgain _ -> new Reservation.Reserved();
                    case BudgetBook.Answer.UsedUp(Exceeded exceeded) -> {
                        if (request.plan() == null) {
                            bursts.open(request, exceeded, false, now);
                        }
                        yield new Reservation.UsedUp(exceeded);
                    }
                    case BudgetBook.Answer.Fits _ -> {
                        rows.write(request, step, now);
                        yield new Reservation.Reserved();
                    }
                };
            });
        }

        private BudgetBook.Counts count(BudgetBook.Place place, CustomerId customer) {
            var counted = counted(place);
            return new BudgetBook.Counts(
                    counted.stream()
                            .map(each -> each.request().customerId())
                            .distinct()
                            .count(),
                    counted.size(),
                    counted.stream()
                            .filter(each -> each.request().customerId().equals(customer))
                            .count());
        }

        private List<Kept> counted(BudgetBook.Place place) {
            return rows.all().stream()
                    .filter(each -> each.reservedAt().isAfter(place.after()))
                    .filter(each -> isIn(place.scope(), each.request()))
                    .toList();
        }

        private static boolean isIn(Budget.Scope scope, Request request) {
            return switch (scope.kind()) {
                case OPERATION -> request.operation().word().equals(scope.name());
                case SOURCE -> request.key().source().equals(scope.name());
                case PLAN -> scope.name().equals(String.valueOf(request.plan()));
                case JOB, RUN -> false;
            };
        }

        private Used used(BudgetBook.Place place) {
            var counted = counted(place);
            return new Used(
                    counted.stream()
                            .map(each -> each.request().customerId())
                            .collect(Collectors.toCollection(HashSet::new)),
                    counted.stream()
                            .map(each -> each.request().number())
                            .collect(Collectors.toCollection(HashSet::new)),
                    new Used.Calls(counted.size()));
        }

        @Override
        public Forecast forecast(Instant now) {
            return book.forecast(this::used, OptionalLong::empty, now);
        }

        @Override
        public List<Standing> list(Instant now) {
            return List.of();
        }
    }

    /** What does not fit into a budget is held by itself, and nothing with it. */
    public static final Bursts NO_BURSTS = new Bursts() {
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
