package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Budgets.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The guards over a batch before its first call: in ledger order it holds what is protected and what does not fit into
 * the budget's remainder, and says what is put off. It makes no call and reserves nothing. What a person has released from the budget goes beyond it
 * and counts all the same; from protection nobody is released.
 */
public final class Guards {

    private final ProtectedCustomers protectedCustomers;
    private final Budgets budgets;
    private final Delays delays;
    private final Attempts attempts;

    Guards(ProtectedCustomers protectedCustomers, Budgets budgets, Delays delays, Attempts attempts) {
        this.protectedCustomers = protectedCustomers;
        this.budgets = budgets;
        this.delays = delays;
        this.attempts = attempts;
    }

    /** One request that is kept back, and how. */
    public record Held(Request request, Resolution resolution) {}

    /** Which of the batch's unfinished requests are held, given in ledger order. */
    public List<Held> hold(List<Request> unfinished, Instant now) {
        Budgets.Forecast forecast = budgets.forecast(now);
        List<Held> held = new ArrayList<>();
        for (Request request : unfinished) {
            if (!isGuarded(request) || !attempts.of(request.number()).isEmpty()) {
                continue;
            }
            if (protectedCustomers.contains(request.customerId())) {
                held.add(new Held(request, protectedCustomer(request)));
                continue;
            }
            var exceeded = exceeded(request, forecast);
            if (exceeded.isPresent()) {
                held.add(new Held(request, budgetExceeded(request, exceeded.get())));
            } else {
                forecast.count(request);
            }
        }
        return held;
    }

    /** How a request is put off that may not be begun yet, or held because that would be past its last chance. */
    public Optional<Resolution> delay(Request request, Instant now) {
        return delays.of(request, now);
    }

    private static Optional<Exceeded> exceeded(Request request, Budgets.Forecast forecast) {
        return request.released().contains(Reason.BUDGET_EXCEEDED) ? Optional.empty() : forecast.exceeded(request);
    }

    /** What would hold this request if it were live, in words; for observe mode and plans. */
    public List<String> wouldHold(Request request, Instant now) {
        List<String> guards = new ArrayList<>();
        if (protectedCustomers.contains(request.customerId())) {
            guards.add(Reason.PROTECTED_CUSTOMER.word());
        }
        if (exceeded(request, budgets.forecast(now)).isPresent()) {
            guards.add(Reason.BUDGET_EXCEEDED.word());
        }
        return guards;
    }

    /**
     * Reserves the permit of a step, or says how the request is held or put off. Protection and delays are asked for here,
     * too: the list may be longer than it was when an earlier try left, the guard step looks at no request that has one, and
     * time has passed since.
     */
    public Optional<Resolution> reserve(Request request, Step step, Instant now) {
        if (protectedCustomers.contains(request.customerId())) {
            return Optional.of(protectedCustomer(request));
        }
        Optional<Resolution> delayed = delays.of(request, now);
        if (delayed.isPresent()) {
            return delayed;
        }
        return switch (budgets.reserve(request, step.word(), now)) {
            case Reservation.Reserved _ -> Optional.empty();
            case Reservation.UsedUp(Exceeded exceeded) -> Optional.of(budgetExceeded(request, exceeded));
        };
    }

    static boolean isGuarded(Request request) {
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

    private static Resolution budgetExceeded(Request request, Exceeded exceeded) {
        return Resolution.of(
                Reason.BUDGET_EXCEEDED,
                request.effect() == Effect.NONE ? Effect.NONE : request.effect(),
                exceeded.sentence(),
                Details.with()
                        .advice("Check that these are the right customers, then decide: bin/offramp held list.")
                        .build());
    }
}
