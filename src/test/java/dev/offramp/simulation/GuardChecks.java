package dev.offramp.simulation;

import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.SafetyUnderSimulation.Allowance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may be touched, asked of each call that leaves, by other means than the program's: no call for somebody protected, none for
 * what is blocked, none that was not asked for in earnest, and none beyond a budget but those that a person released.
 */
final class GuardChecks {

    /** What some requests of the schedule say and what no customer and no subscription is like. */
    static final Expectation WRONG = new Expectation(null, 99, "fabrikam.example", null);

    private final Restraints restraints;
    private final Consumer<String> violated;
    private final List<Call> calls = new ArrayList<>();

    /** A call that left, with its permit. */
    private record Call(Request request, String step, MemoryRows.Allowed reserved) {

        CustomerId customer() {
            return request.customerId();
        }

        boolean isReleased() {
            return request.released().contains(Reason.BUDGET_EXCEEDED);
        }
    }

    GuardChecks(Restraints restraints, Consumer<String> violated) {
        this.restraints = restraints;
        this.violated = violated;
    }

    int calls() {
        return calls.size();
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
        if (request.terms().expect().equals(WRONG) && !request.released().contains(Reason.EXPECTATION_MISMATCH)) {
            violated.accept("Expect: request %d calls and its target is not what it expects".formatted(number));
        }
        if (reserved == null) {
            violated.accept("Permit: request %d calls without a permit".formatted(number));
        } else {
            calls.add(new Call(request, permit.step().word(), reserved));
        }
    }

    /** When all is over: each call that no person released, with all whose permits are older and count. */
    void atTheEnd() {
        Allowance allowed = restraints.allowance();
        Predicate<Call> cancels = each -> each.request().operation() == Operation.CANCEL_SUBSCRIPTION;
        Predicate<Call> unlinks = each -> each.request().operation() == Operation.REMOVE_RESELLER_RELATIONSHIP;
        fits(cancels, allowed.cancels(), "cancellations");
        fits(unlinks, allowed.unlinks(), "unlinks");
        fits(
                each -> each.request().key().source().equals(allowed.source()),
                allowed.customersOfSource(),
                "source " + allowed.source());
        for (Call call : concerned(cancels)) {
            long calls = concerned(cancels.and(counts(call))).stream()
                    .map(each -> each.request().number() + " " + each.step())
                    .distinct()
                    .count();
            if (!call.isReleased() && calls > allowed.callsOfCancels()) {
                violated.accept("Budget: request %d is call %d of cancellations, allowed are %d"
                        .formatted(call.request().number(), calls, allowed.callsOfCancels()));
            }
        }
    }

    private void fits(Predicate<Call> concerned, int allowed, String what) {
        for (Call call : concerned(concerned)) {
            var before = concerned(concerned.and(counts(call))).stream()
                    .filter(each -> each.reserved().ticket() < call.reserved().ticket())
                    .map(Call::customer)
                    .collect(Collectors.toCollection(HashSet::new));
            if (!call.isReleased() && before.add(call.customer()) && before.size() > allowed) {
                violated.accept("Budget: request %d touches customer %d of the %s, allowed are %d"
                        .formatted(call.request().number(), before.size(), what, allowed));
            }
        }
    }

    private List<Call> concerned(Predicate<Call> which) {
        return calls.stream()
                .filter(which)
                .sorted(Comparator.comparing((Call each) -> each.reserved().ticket()))
                .toList();
    }

    private Predicate<Call> counts(Call call) {
        var after = call.reserved().reservedAt().minus(restraints.allowance().window());
        return each -> each.reserved().reservedAt().isAfter(after)
                && each.reserved().ticket() <= call.reserved().ticket();
    }
}
