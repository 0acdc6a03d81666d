package dev.offramp.simulation;

import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Bursts.Rest;
import dev.offramp.safety.Plan;
import dev.offramp.safety.SafetyUnderSimulation.Allowance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may be touched, asked of each call that leaves, by other means than the program's: no call for somebody protected, none for
 * what is blocked, none that was not asked for in earnest, none beyond a budget, none of the rest of a breach and none before the
 * first of its group are well, but those that a person released.
 */
final class GuardChecks {

    /** What some requests of the schedule say and what no customer and no subscription is like. */
    static final Expectation WRONG = new Expectation(null, 99, "fabrikam.example", null);

    private final Restraints restraints;
    private final MemoryRows rows;
    private final Truth truth;
    private final Stage stage;
    private final Consumer<String> violated;
    private final List<Call> calls = new ArrayList<>();

    /** A call that left, with its permit. */
    private record Call(Request request, String step, MemoryRows.Allowed reserved, boolean isReleased) {

        CustomerId customer() {
            return request.customerId();
        }
    }

    /** What people let go on, by the numbers of the requests. */
    private final Map<Long, Set<Reason>> released = new HashMap<>();

    /** The breaches whose rest nobody has decided about yet: what is held, and the number of the request that did not fit. */
    private final Map<Rest, Long> breaches = new HashMap<>();

    /** Of these rests people have ended a burst. */
    private final Set<Rest> endedByPeople = new HashSet<>();

    /** Permits that were reserved for the rest of a breach, and what is wrong with them. */
    private final Map<MemoryRows.Key, String> wrong = new HashMap<>();

    /** The requests of each group that have a try, with the time of the first, in this order. */
    private final Map<Rest, Map<Long, Instant>> begun = new HashMap<>();

    /** Groups of which people let somebody go before the first were well. */
    private final Set<Rest> releasedFromCanaries = new HashSet<>();

    /** Plans that people approved. */
    private final Set<Long> approved = new HashSet<>();

    /** When it was found out what plans say about their requests. */
    private final Map<MemoryPlans.ItemKey, Long> judgedAt = new HashMap<>();

    GuardChecks(Restraints restraints, MemoryRows rows, Truth truth, Consumer<String> violated) {
        this.restraints = restraints;
        this.rows = rows;
        this.truth = truth;
        stage = rows.database.stage;
        this.violated = violated;
    }

    int calls() {
        return calls.size();
    }

    /** A person is about to let it go on. */
    void releases(Request request) {
        released.computeIfAbsent(request.number(), _ -> EnumSet.noneOf(Reason.class))
                .add(request.reason());
        if (request.reason() == Reason.CANARY) {
            releasedFromCanaries.add(MemoryBursts.rest(request));
        }
    }

    private boolean isReleased(long request, Reason... reasons) {
        var from = released.getOrDefault(request, Set.of());
        return Stream.of(reasons).anyMatch(from::contains);
    }

    /** In the commit, before anybody sees it. */
    void commits(boolean byPeople) {
        rows.permits.writtenByKey((key, permit) -> {
            var before = rows.permits.committedRow(key);
            if (before == null || !before.reservedAt().equals(permit.reservedAt())) {
                isReserved(key, permit);
            }
        });
        for (var sent : rows.tries.written()) {
            var request = rows.asked(sent.request()).request();
            if (request.plan() != null) {
                continue;
            }
            var rest = MemoryBursts.rest(request);
            begun.computeIfAbsent(rest, _ -> new LinkedHashMap<>())
                    .putIfAbsent(sent.request(), sent.sent().gatedAt());
        }
        breach(byPeople);
        for (var plan : rows.plans.written()) {
            if (byPeople && plan.plan().state() == Plan.State.APPROVED) {
                approved.add(plan.plan().number());
            }
        }
        for (var item : rows.planItems.written()) {
            if (item.judged() != null) {
                judgedAt.putIfAbsent(item.key(), stage.now);
            }
        }
    }

    /** Whoever asks for a permit after somebody before it did not fit gets none, unless it has begun or a person let it go. */
    private void isReserved(MemoryRows.Key key, MemoryRows.Allowed permit) {
        var request = rows.asked(permit.request()).request();
        var breacher = breaches.get(MemoryBursts.rest(request));
        if (breacher != null
                && request.plan() == null
                && breacher < request.number()
                && !rows.isAttempted(request.number())
                && !isReleased(request.number(), Reason.BUDGET_EXCEEDED, Reason.BURST_ON_HOLD)) {
            wrong.put(
                    key,
                    "Burst: request %d calls, got its permit after request %d before it had not fitted into a budget, and nobody decided"
                            .formatted(request.number(), breacher));
        } else {
            wrong.remove(key);
        }
    }

    /**
     * A breach is one when a burst is opened, and when a request is held as it does not fit, whether or not there is a burst then:
     * but not when people have decided about the rest in between. It is over when nothing of the rest is open any more.
     */
    private void breach(boolean byPeople) {
        rows.bursts
                .written()
                .forEach(each -> breaches.putIfAbsent(each.rest(), each.burst().breacher()));
        for (var burst : rows.bursts.committedRows()) {
            if (byPeople && rows.bursts.get(MemoryBursts.key(burst.rest())) == null) {
                breaches.remove(burst.rest());
                endedByPeople.add(burst.rest());
            }
        }
        for (var asked : rows.requests.written()) {
            var request = asked.request();
            var rest = MemoryBursts.rest(request);
            if (request.reason() == Reason.BUDGET_EXCEEDED
                    && request.plan() == null
                    && rows.asked(request.number()).request().sequence() != sequenceBefore(request.number())
                    && !endedByPeople.contains(rest)) {
                breaches.putIfAbsent(rest, request.number());
            }
        }
        // Also where who did not fit was taken back in the same moment.
        breaches.keySet().removeIf(each -> !rows.isAnyOpen(each));
    }

    private int sequenceBefore(long request) {
        var before = rows.requests.committedRow(request);
        return before == null ? 0 : before.request().sequence();
    }

    /** Nothing that needs a plan is done without one, and nothing by itself that a plan carries out. */
    private void isNotPlanned(Request request) {
        if (restraints.planned().contains(request.operation())) {
            violated.accept(
                    "Plan: request %d calls, and that is done by an approved plan only".formatted(request.number()));
        }
        for (var item : rows.planItems.committedRows()) {
            if (item.key().request() == request.number() && item.successor() != null) {
                violated.accept("Plan: request %d calls, and request %d carries it out"
                        .formatted(request.number(), item.successor()));
            }
        }
    }

    /** A plan that a person approved, and one call of each step that it says, of what it was when it was judged. */
    private void isPlanned(Request request, long number, String step) {
        var plan = rows.plans.committedRow(number);
        var item = rows.planItems.committedRows().stream()
                .filter(each -> each.key().plan() == number && Objects.equals(each.successor(), request.number()))
                .findFirst();
        if (plan == null || plan.plan().applied() == null || !approved.contains(number) || item.isEmpty()) {
            violated.accept("Plan: request %d calls for plan %d, which nobody approved for it"
                    .formatted(request.number(), number));
            return;
        }
        var judged = Objects.requireNonNull(item.get().judged());
        if (!judged.verdict().equals("go") || !judged.steps().contains(step)) {
            violated.accept("Plan: request %d calls %s, and its plan says %s: %s"
                    .formatted(request.number(), step, judged.verdict(), judged.steps()));
        }
        long original = item.get().key().request();
        if (rows.isAttempted(original)) {
            violated.accept("Plan: request %d calls, and request %d, for which it was made, has called"
                    .formatted(request.number(), original));
        }
        var first = rows.triesOf(request.number()).getFirst();
        for (var change : truth.changes) {
            boolean concerned = change.customer().equals(request.customerId())
                    && (request.subscriptionId() == null
                            || change.subscription().equals(request.subscriptionId()));
            if (concerned
                    && change.at() > judgedAt.getOrDefault(item.get().key(), Long.MAX_VALUE)
                    && change.at() < stage.micros(first.factsReadAt())) {
                violated.accept("Plan: request %d calls, and somebody changed %s since plan %d was made"
                        .formatted(request.number(), change.subscription(), number));
            }
        }
    }

    /** The first customers of a group in the order in which something was begun for them; another only when they are well. */
    private void goesFirst(Request request) {
        var rest = MemoryBursts.rest(request);
        int many = restraints.first();
        if (many == 0 || rest.group() == null || releasedFromCanaries.contains(rest)) {
            return;
        }
        var all = begun.getOrDefault(rest, Map.of());
        var first = all.keySet().stream()
                .map(each -> rows.asked(each).request().customerId())
                .distinct()
                .limit(many)
                .toList();
        var at = all.get(request.number());
        if (at == null || first.contains(request.customerId())) {
            return;
        }
        var wellSince = Instant.MIN;
        for (var customer : first) {
            var well = all.keySet().stream()
                    .map(each -> rows.asked(each).request())
                    .filter(each -> each.customerId().equals(customer) && each.status() == Status.SUCCEEDED)
                    .map(each -> Objects.requireNonNull(each.settledAt()))
                    .min(Comparator.naturalOrder());
            if (well.isEmpty() || well.get().plus(restraints.settle()).isAfter(at)) {
                violated.accept(
                        "Canary: request %d calls, and customer %s, one of the first %d of its group, is not well for %s; begun before: %s"
                                .formatted(request.number(), customer, many, restraints.settle(), all.keySet()));
                return;
            }
            wellSince = well.get().isAfter(wellSince) ? well.get() : wellSince;
        }
        var confirmedAt = wellSince.plus(restraints.settle());
        for (long each : all.keySet()) {
            var other = rows.asked(each).request();
            if (first.contains(other.customerId())
                    && other.settledAt() != null
                    && !other.settledAt().isAfter(confirmedAt)
                    && other.status() != Status.SUCCEEDED) {
                violated.accept("Canary: request %d calls and request %d of the first of its group ended as %s"
                        .formatted(request.number(), each, other.reason().word()));
            }
        }
    }

    /** A call leaves its node; the request as it stands committed. */
    void callLeaves(Permit permit, Request request, MemoryRows.@Nullable Allowed reserved) {
        long number = request.number();
        if (!permit.customerId().equals(request.customerId())) {
            violated.accept("I5: request %d calls for another customer".formatted(number));
        }
        if (restraints.protectedCustomers().contains(permit.customerId())) {
            violated.accept("Protected: request %d calls for a protected customer".formatted(number));
        }
        if (request.terms().planOnly() || request.admission().mode() != Mode.LIVE) {
            violated.accept("I5: request %d calls and was asked for as a plan, or in observe mode".formatted(number));
        }
        boolean unlinks = request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP;
        if (unlinks && restraints.isBlocked(permit.customerId())) {
            violated.accept("I4: unlink %d calls and its customer is blocked".formatted(number));
        }
        if (permit.step() instanceof Step.ChangeSubscription(SubscriptionId id, var _, boolean _)) {
            if (restraints.unreadable().contains(id)) {
                violated.accept("I4: request %d calls for a subscription in an unknown state".formatted(number));
            }
            if (unlinks
                    ? !restraints
                            .subscriptions()
                            .getOrDefault(permit.customerId(), List.of())
                            .contains(id)
                    : !id.equals(request.subscriptionId())) {
                violated.accept("I5: request %d calls for a subscription that it does not name".formatted(number));
            }
        }
        if (request.terms().expect().equals(WRONG) && !isReleased(number, Reason.EXPECTATION_MISMATCH)) {
            violated.accept("Expect: request %d calls and its target is not what it expects".formatted(number));
        }
        var late = wrong.get(
                new MemoryRows.Key(String.valueOf(number), permit.step().word()));
        if (late != null) {
            violated.accept(late);
        }
        if (request.plan() == null) {
            goesFirst(request);
            isNotPlanned(request);
        } else {
            isPlanned(request, request.plan(), permit.step().word());
        }
        if (reserved == null) {
            violated.accept("Permit: request %d calls without a permit".formatted(number));
        } else {
            calls.add(new Call(
                    request,
                    permit.step().word(),
                    reserved,
                    request.plan() != null || isReleased(number, Reason.BUDGET_EXCEEDED, Reason.BURST_ON_HOLD)));
        }
    }

    /**
     * When all is over: in no window more than the budgets allow, of those that no person let beyond them. A customer who was
     * once let beyond one is counted already, and costs nothing more.
     */
    void atTheEnd() {
        Allowance allowed = restraints.allowance();
        Predicate<Call> cancels = each -> each.request().operation() == Operation.CANCEL_SUBSCRIPTION;
        fits(cancels, allowed.cancels(), "cancellations");
        fits(
                each -> each.request().operation() == Operation.REMOVE_RESELLER_RELATIONSHIP,
                allowed.unlinks(),
                "unlinks");
        fits(
                each -> each.request().key().source().equals(allowed.source()),
                allowed.customersOfSource(),
                "source " + allowed.source());
        var own = calls.stream().filter(cancels.and(each -> !each.isReleased())).toList();
        for (Call call : own) {
            long many = own.stream()
                    .filter(counts(call))
                    .map(each -> each.request().number() + " " + each.step())
                    .distinct()
                    .count();
            if (many > allowed.callsOfCancels()) {
                violated.accept("Budget: with request %d there are %d calls of cancellations, allowed are %d"
                        .formatted(call.request().number(), many, allowed.callsOfCancels()));
            }
        }
    }

    private void fits(Predicate<Call> concerned, int allowed, String what) {
        var let = calls.stream()
                .filter(concerned.and(Call::isReleased))
                .map(Call::customer)
                .collect(Collectors.toSet());
        var own = calls.stream()
                .filter(concerned.and(each -> !let.contains(each.customer())))
                .toList();
        for (Call call : own) {
            long customers = own.stream()
                    .filter(counts(call))
                    .map(Call::customer)
                    .distinct()
                    .count();
            if (customers > allowed) {
                violated.accept("Budget: with request %d there are %d customers of the %s, allowed are %d"
                        .formatted(call.request().number(), customers, what, allowed));
            }
        }
    }

    private Predicate<Call> counts(Call call) {
        var until = call.reserved().reservedAt();
        var after = until.minus(restraints.allowance().window());
        return each -> each.reserved().reservedAt().isAfter(after)
                && !each.reserved().reservedAt().isAfter(until);
    }
}
