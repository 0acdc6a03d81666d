package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The guards over a batch before its first call: in ledger order it holds what is protected and what does not fit into
 * the budget's remainder. It makes no call and reserves nothing. What a person has released from the budget goes beyond it
 * and counts all the same; from protection nobody is released.
 */
public final class Guards {

    private final ProtectedCustomers protectedCustomers;
    private final Budgets budgets;
    private final Attempts attempts;

    Guards(ProtectedCustomers protectedCustomers, Budgets budgets, Attempts attempts) {
        this.protectedCustomers = protectedCustomers;
        this.budgets = budgets;
        this.attempts = attempts;
    }

    /** One request that is kept back, and how. */
    public record Held(Request request, Resolution resolution) {}

    /** Which of the batch's unfinished requests are held, given in ledger order. */
    public List<Held> hold(List<Request> unfinished, Instant now) {
        Map<Operation, Set<CustomerId>> counted = new HashMap<>();
        Map<Operation, Budgets.Remainder> remainders = new HashMap<>();
        List<Held> held = new ArrayList<>();
        for (Request request : unfinished) {
            if (!isGuarded(request) || !attempts.of(request.number()).isEmpty()) {
                continue;
            }
            if (protectedCustomers.contains(request.customerId())) {
                held.add(new Held(request, protectedCustomer(request)));
                continue;
            }
            var remainder =
                    remainders.computeIfAbsent(request.operation(), operation -> budgets.remainder(operation, now));
            Set<CustomerId> customers =
                    counted.computeIfAbsent(request.operation(), _ -> new HashSet<>(remainder.counted()));
            if (!customers.contains(request.customerId())
                    && customers.size() >= remainder.limit()
                    && !request.released().contains(Reason.BUDGET_EXCEEDED)) {
                held.add(new Held(
                        request,
                        budgetExceeded(
                                request,
                                new Budgets.Reservation.Exceeded(
                                        remainder.limit(), customers.size(), remainder.window()))));
            } else {
                customers.add(request.customerId());
            }
        }
        return held;
    }

    /** What would hold this request if it were live, in words; for observe mode and plans. */
    public List<String> wouldHold(Request request, Instant now) {
        List<String> guards = new ArrayList<>();
        if (protectedCustomers.contains(request.customerId())) {
            guards.add(Reason.PROTECTED_CUSTOMER.word());
        }
        var remainder = budgets.remainder(request.operation(), now);
        if (remainder.free() == 0
                && !remainder.counted().contains(request.customerId())
                && !request.released().contains(Reason.BUDGET_EXCEEDED)) {
            guards.add(Reason.BUDGET_EXCEEDED.word());
        }
        return guards;
    }

    /**
     * Reserves the permit of a step, or says how the request is held. Protection is asked for here, too: the list may be
     * longer than it was when an earlier try left, and the guard step looks at no request that has one.
     */
    public Optional<Resolution> reserve(Request request, String step, Instant now) {
        if (protectedCustomers.contains(request.customerId())) {
            return Optional.of(protectedCustomer(request));
        }
        return switch (budgets.reserve(request, step, now)) {
            case Budgets.Reservation.Reserved _ -> Optional.empty();
            case Budgets.Reservation.Exceeded exceeded -> Optional.of(budgetExceeded(request, exceeded));
        };
    }

    private static boolean isGuarded(Request request) {
        return request.operation().destructive()
                && request.admission().mode() == Mode.LIVE
                && !request.terms().planOnly();
    }

    private static Resolution protectedCustomer(Request request) {
        return Resolution.of(
                Reason.PROTECTED_CUSTOMER,
                request.effect(),
                "Customer %s is on the protected list.".formatted(request.customerId()),
                Details.with()
                        .advice("Reject it, or take the customer off offramp.safety.protected-customers.")
                        .build());
    }

    private static Resolution budgetExceeded(Request request, Budgets.Reservation.Exceeded exceeded) {
        return Resolution.of(
                Reason.BUDGET_EXCEEDED,
                request.effect() == Effect.NONE ? Effect.NONE : request.effect(),
                exceeded.sentence(request.operation()),
                Details.with()
                        .advice("Check that these are the right customers, then decide: bin/offramp held list.")
                        .build());
    }
}
