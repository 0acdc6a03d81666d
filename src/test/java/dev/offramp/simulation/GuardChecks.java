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
