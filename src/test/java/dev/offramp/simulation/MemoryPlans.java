package dev.offramp.simulation;

import dev.offramp.ledger.Request;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Applied;
import dev.offramp.safety.Plan.Approval;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plan.State;
import dev.offramp.safety.PlanTotals;
import dev.offramp.safety.Plans;
import dev.offramp.safety.SafetyUnderSimulation;
import dev.offramp.safety.SafetyUnderSimulation.PlanLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Plans as rows in memory. */
final class MemoryPlans implements Plans, PlanLimits {

    private static final Duration EXPIRES = Duration.ofHours(24);

    private final MemoryRows rows;
    private final MemoryDatabase database;

    MemoryPlans(MemoryRows rows) {
        this.rows = rows;
        database = rows.database;
    }

    /** A plan with the budget that it has once it is approved. */
    record Row(Plan plan, int customers, int calls) {

        private Row with(Plan other) {
            return new Row(other, customers, calls);
        }
    }

    /** Which request of which plan. */
    record ItemKey(long plan, long request) implements Comparable<ItemKey> {

        @Override
        public int compareTo(ItemKey key) {
            int by = Long.compare(plan, key.plan);
            return by == 0 ? Long.compare(request, key.request) : by;
        }
    }

    /** A request of a plan, and what became of it. */
    record ItemRow(
            ItemKey key,
            long version,
            @Nullable Judged judged,
            @Nullable String heldBackBy,
            @Nullable Long successor,
            @Nullable String skipped) {}

    @Override
    public Plan ask(String about, List<Request> requests, String who, String cause, Instant now) {
        return database.write("ask for a plan", requests.size(), () -> {
            long number = ++rows.lastPlan;
            var plan = new Plan(
                    number,
                    State.MAKING,
                    about,
                    requests.size(),
                    0,
                    who,
                    cause,
                    now,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            rows.plans.put(number, new Row(plan, 0, 0));
            for (var request : requests) {
                var key = new ItemKey(number, request.number());
                rows.planItems.put(key, new ItemRow(key, request.version(), null, null, null, null));
            }
            return plan;
        });
    }

    private Optional<Row> row(long number) {
        return Optional.ofNullable(rows.plans.get(number));
    }

    private List<ItemRow> rowsOf(long plan) {
        var found = new ArrayList<ItemRow>();
        for (var each : rows.planItems.all()) {
            if (each.key().plan() == plan) {
                found.add(each);
            }
        }
        return found;
    }

    @Override
    public Optional<Plan> byNumber(long number) {
        return database.read("read plan", number, () -> row(number).map(Row::plan));
    }

    @Override
    public List<Plan> list(@Nullable Long before, int limit) {
        throw new UnsupportedOperationException("Nobody leafs through plans.");
    }

    @Override
    public Optional<Plan> unmade() {
        return database.read(
                "a plan to be made?",
                () -> rows.plans.all().stream()
                        .map(Row::plan)
                        .filter(each -> each.state() == State.MAKING)
                        .findFirst());
    }

    @Override
    public List<Long> unread(long plan, long after, int limit) {
        return database.read(
                "unread of plan",
                plan,
                () -> rowsOf(plan).stream()
                        .filter(each -> each.judged() == null && each.key().request() > after)
                        .map(each -> each.key().request())
                        .limit(limit)
                        .toList());
    }

    @Override
    public void judge(long plan, long request, Judged judged) {
        item(
                plan,
                request,
                each -> each.judged() != null
                        ? each
                        : new ItemRow(
                                each.key(),
                                each.version(),
                                judged,
                                each.heldBackBy(),
                                each.successor(),
                                each.skipped()));
    }

    private void item(long plan, long request, UnaryOperator<ItemRow> change) {
        database.write("write what a plan says about", request, () -> {
            var key = new ItemKey(plan, request);
            rows.planItems.lock(key);
            rows.planItems.put(key, change.apply(Objects.requireNonNull(rows.planItems.get(key))));
            return true;
        });
    }

    @Override
    public List<Item> items(long plan) {
        return database.read("items of plan", plan, () -> itemsNow(plan));
    }

    private List<Item> itemsNow(long plan) {
        return rowsOf(plan).stream().map(this::item).toList();
    }

    private Item item(ItemRow row) {
        var request = rows.asked(row.key().request()).request();
        return new Item(
                request.number(),
                row.version(),
                request.key().source(),
                request.key().id(),
                request.operation().word(),
                request.customerId().value(),
                request.subscriptionId() == null
                        ? null
                        : request.subscriptionId().value(),
                null,
                row.judged(),
                row.heldBackBy());
    }

    @Override
    public boolean made(long plan, Map<Long, String> heldBack, Instant now) {
        return database.write("the plan is made", plan, () -> {
            rows.plans.lock(plan);
            var row = row(plan).filter(each -> each.plan().state() == State.MAKING);
            if (row.isEmpty()) {
                return false;
            }
            heldBack.forEach((request, guard) -> item(
                    plan,
                    request,
                    each -> new ItemRow(
                            each.key(), each.version(), each.judged(), guard, each.successor(), each.skipped())));
            var made = row.get().plan();
            rows.plans.put(
                    plan,
                    row.get()
                            .with(new Plan(
                                    plan,
                                    State.MADE,
                                    made.about(),
                                    made.requests(),
                                    made.requests(),
                                    made.madeBy(),
                                    made.cause(),
                                    made.askedAt(),
                                    now,
                                    now.plus(EXPIRES),
                                    SafetyUnderSimulation.sha256(content(made)),
                                    null,
                                    null,
                                    null)));
            return true;
        });
    }

    @Override
    public boolean discard(long plan, String who, String cause, Instant now) {
        return change(
                plan,
                "the plan is discarded",
                row -> stands(row, State.DISCARDED, null, null),
                State.MAKING,
                State.MADE,
                State.APPROVED);
    }

    private boolean change(long plan, String what, Function<Row, Row> change, State... from) {
        return database.write(what, plan, () -> {
            rows.plans.lock(plan);
            var row =
                    row(plan).filter(each -> List.of(from).contains(each.plan().state()));
            row.ifPresent(each -> rows.plans.put(plan, change.apply(each)));
            return row.isPresent();
        });
    }

    private static Row stands(Row row, State state, @Nullable Approval approval, @Nullable Applied applied) {
        var plan = row.plan();
        return row.with(new Plan(
                plan.number(),
                state,
                plan.about(),
                plan.requests(),
                plan.judged(),
                plan.madeBy(),
                plan.cause(),
                plan.askedAt(),
                plan.madeAt(),
                plan.expiresAt(),
                plan.hash(),
                plan.decision(),
                approval == null ? plan.approval() : approval,
                applied == null ? plan.applied() : applied));
    }

    @Override
    public Optional<Plan> lock(long number) {
        return database.write("lock plan", number, () -> {
            rows.plans.lock(number);
            return row(number).map(Row::plan);
        });
    }

    @Override
    public Optional<Plan> lockOf(long decision) {
        throw new UnsupportedOperationException("One person is enough.");
    }

    @Override
    public void awaits(long plan, long decision) {
        throw new UnsupportedOperationException("One person is enough.");
    }

    @Override
    public boolean approve(long plan, String who, String cause, boolean alone, Instant now) {
        return change(
                plan,
                "the plan is approved",
                row -> {
                    var totals = PlanTotals.of(
                            itemsNow(plan).stream().filter(Item::isToGo).toList());
                    var approved = stands(row, State.APPROVED, new Approval(who, now, alone), null);
                    return new Row(approved.plan(), totals.customers(), totals.calls());
                },
                State.MADE);
    }

    @Override
    public boolean apply(long plan, String who, String cause, Instant now) {
        return change(
                plan,
                "the plan is applied",
                row -> stands(row, State.APPLIED, null, new Applied(who, now)),
                State.APPROVED);
    }

    @Override
    public void succeed(long plan, long request, long successor) {
        item(
                plan,
                request,
                each -> new ItemRow(
                        each.key(), each.version(), each.judged(), each.heldBackBy(), successor, each.skipped()));
    }

    @Override
    public void skip(long plan, long request, String why) {
        item(
                plan,
                request,
                each -> new ItemRow(
                        each.key(), each.version(), each.judged(), each.heldBackBy(), each.successor(), why));
    }

    @Override
    public List<Fate> fates(long plan) {
        throw new UnsupportedOperationException("Nobody looks at what became of a plan.");
    }

    @Override
    public Optional<Planned> planned(Request successor) {
        var plan = successor.plan();
        return plan == null
                ? Optional.empty()
                : database.read(
                        "what does the plan say about",
                        successor.number(),
                        () -> row(plan)
                                .filter(each -> each.plan().state() == State.APPLIED)
                                .flatMap(_ -> rowsOf(plan).stream()
                                        .filter(each -> Objects.equals(each.successor(), successor.number()))
                                        .findFirst())
                                .map(each -> Objects.requireNonNull(each.judged()))
                                .map(each -> new Planned(plan, each.steps(), each.facts())));
    }

    @Override
    public Optional<Limits> limits(long plan) {
        return database.read(
                "budget of plan",
                plan,
                () -> row(plan)
                        .filter(each -> each.plan().state() == State.APPLIED)
                        .map(each -> new Limits(each.customers(), each.calls())));
    }

    @Override
    public String content(Plan plan) {
        return "%d %s %s %s".formatted(plan.number(), plan.about(), plan.madeBy(), itemsNow(plan.number()));
    }
}
