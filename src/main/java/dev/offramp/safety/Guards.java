package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Budgets.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The guards over a batch before its first call: in ledger order it holds what is protected and what does not fit into
 * the budget's remainder with the rest of it, and says what is put off. It makes no call and reserves nothing. What a person has
 * released from the budget goes beyond it and counts all the same; from protection nobody is released.
 */
public final class Guards {

    private final ProtectedCustomers protectedCustomers;
    private final Bursts bursts;
    private final Canaries canaries;
    private final Budgets budgets;
    private final Delays delays;
    private final Attempts attempts;

    Guards(
            ProtectedCustomers protectedCustomers,
            Bursts bursts,
            Canaries canaries,
            Budgets budgets,
            Delays delays,
            Attempts attempts) {
        this.protectedCustomers = protectedCustomers;
        this.bursts = bursts;
        this.canaries = canaries;
        this.budgets = budgets;
        this.delays = delays;
        this.attempts = attempts;
    }

    /** One request that is kept back, and how. */
    public record Held(Request request, Resolution resolution) {}

    /**
     * Which of the batch's unfinished requests are held, given in ledger order. The first of a source, operation and group that
     * does not fit opens their burst.
     */
    public List<Held> hold(List<Request> unfinished, Instant now) {
        Budgets.Forecast forecast = budgets.forecast(now);
        Map<Bursts.Rest, Optional<Burst>> open = new HashMap<>();
        List<Held> held = new ArrayList<>();
        canaries.lock(unfinished.stream().filter(Guards::isGuarded).toList(), now);
        for (Request request : unfinished) {
            if (!isGuarded(request) || !attempts.of(request.number()).isEmpty()) {
                continue;
            }
            if (protectedCustomers.contains(request.customerId())) {
                held.add(new Held(request, protectedCustomer(request)));
                continue;
            }
            var rest = Bursts.Rest.of(request);
            var onHold = open.computeIfAbsent(rest, _ -> bursts.of(request))
                    .flatMap(burst -> burst.hold(Bursts.asking(request, false)));
            if (onHold.isPresent()) {
                held.add(new Held(request, onHold(request, onHold.get())));
                continue;
            }
            var others = canaries.hold(request, now);
            if (others.isPresent()) {
                held.add(new Held(request, canary(request, others.get())));
                continue;
            }
            var exceeded = exceeded(request, forecast);
            if (exceeded.isPresent()) {
                bursts.lock(operations(unfinished));
                bursts.open(request, exceeded.get(), request.batch(), now);
                open.remove(rest);
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
        return Burst.isBeyondBudgets(request.released()) ? Optional.empty() : forecast.exceeded(request);
    }

    private static Set<Operation> operations(List<Request> all) {
        return all.stream()
                .map(Request::operation)
                .filter(Operation::destructive)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Operation.class)));
    }

    /** What would hold this request if it were live, in words; for observe mode and plans. */
    public List<String> wouldHold(Request request, Instant now) {
        List<String> guards = new ArrayList<>();
        if (protectedCustomers.contains(request.customerId())) {
            guards.add(Reason.PROTECTED_CUSTOMER.word());
        }
        bursts.hold(request).ifPresent(hold -> guards.add(hold.reason().word()));
        canaries.wouldHold(request, now).ifPresent(_ -> guards.add(Reason.CANARY.word()));
        if (!guards.contains(Reason.BUDGET_EXCEEDED.word())
                && exceeded(request, budgets.forecast(now)).isPresent()) {
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
        var onHold = bursts.hold(request);
        if (onHold.isPresent()) {
            return Optional.of(onHold(request, onHold.get()));
        }
        Optional<Resolution> delayed = delays.of(request, now);
        if (delayed.isPresent()) {
            return delayed;
        }
        var others = canaries.hold(request, now);
        if (others.isPresent()) {
            return Optional.of(canary(request, others.get()));
        }
        return switch (budgets.reserve(request, step.word(), now)) {
            case Reservation.Reserved _ -> Optional.empty();
            case Reservation.UsedUp(Exceeded exceeded) -> Optional.of(budgetExceeded(request, exceeded));
            case Reservation.OnHold(Burst.Hold hold) -> Optional.of(onHold(request, hold));
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
        return onHold(request, new Burst.Hold(Reason.BUDGET_EXCEEDED, exceeded.sentence()));
    }

    static Resolution canary(Request request, String sentence) {
        return Resolution.of(
                Reason.CANARY,
                request.effect(),
                sentence,
                Details.with()
                        .advice(
                                "It goes on by itself when the first are well. If one is not, look at it, then release or reject: bin/offramp held list.")
                        .build());
    }

    private static Resolution onHold(Request request, Burst.Hold hold) {
        return Resolution.of(
                hold.reason(),
                request.effect(),
                hold.sentence(),
                Details.with()
                        .advice("Check that these are the right customers, then decide: bin/offramp held list.")
                        .build());
    }
}
