package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Budgets.Reservation;
import dev.offramp.safety.ProtectedCustomers.ByDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
    private final PlanRule plans;

    Guards(
            ProtectedCustomers protectedCustomers,
            Bursts bursts,
            Canaries canaries,
            Budgets budgets,
            Delays delays,
            Attempts attempts,
            PlanRule plans) {
        this.protectedCustomers = protectedCustomers;
        this.bursts = bursts;
        this.canaries = canaries;
        this.budgets = budgets;
        this.delays = delays;
        this.attempts = attempts;
        this.plans = plans;
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
                held.add(new Held(request, protection(request, null).orElseThrow()));
                continue;
            }
            if (request.plan() != null) {
                forecast.count(request);
                continue;
            }
            var needed = plans.needed(request);
            if (needed.isPresent()) {
                held.add(new Held(request, needed.get()));
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
                bursts.open(request, exceeded.get(), true, now);
                open.remove(rest);
                held.add(new Held(request, budgetExceeded(request, exceeded.get())));
            } else {
                forecast.count(request);
            }
        }
        return held;
    }

    /**
     * What is left out because something is other than it was when its plan was made; asked before the first call.
     *
     * @param facts the digest of what was read now
     */
    public Optional<Resolution> drifted(Request request, String facts) {
        return plans.drifted(request, facts);
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
    public List<String> wouldHold(Request request, @Nullable Customer read, Instant now) {
        List<String> guards = new ArrayList<>();
        if (protectedCustomers.contains(request.customerId())
                || protectedCustomers.byDomain(read) instanceof ByDomain.Protected) {
            guards.add(Reason.PROTECTED_CUSTOMER.word());
        }
        plans.needed(request).ifPresent(held -> guards.add(held.reason().word()));
        bursts.hold(request).ifPresent(hold -> guards.add(hold.reason().word()));
        canaries.wouldHold(request, now).ifPresent(_ -> guards.add(Reason.CANARY.word()));
        if (!guards.contains(Reason.BUDGET_EXCEEDED.word())
                && exceeded(request, budgets.forecast(now)).isPresent()) {
            guards.add(Reason.BUDGET_EXCEEDED.word());
        }
        return guards;
    }

    /** Whether the customer's company profile must be read before its permit, as some are protected by their domain. */
    public boolean asksForProfile(Request request) {
        return request.operation().destructive() && protectedCustomers.asksForDomains();
    }

    /**
     * How a request is kept back whose customer nothing is done to. Whether a customer is protected must be known: where
     * its domain cannot be read, the request is rejected, and nobody can release it from that.
     *
     * @param read its company profile; null when it was not read
     */
    public Optional<Resolution> protection(Request request, @Nullable Customer read) {
        if (protectedCustomers.contains(request.customerId())) {
            return Optional.of(protectedCustomer(request));
        }
        return switch (protectedCustomers.byDomain(read)) {
            case ByDomain.Free _ -> Optional.empty();
            case ByDomain.Protected(String domain, String by) ->
                Optional.of(protectedCustomer(
                        request,
                        "Customer %s is on the protected list: its domain %s stands there as %s."
                                .formatted(request.customerId(), domain, by)));
            case ByDomain.Unknown(String why) ->
                Optional.of(Resolution.of(
                        Reason.UNKNOWN_STATE,
                        Effect.NONE,
                        "Whether customer %s is protected cannot be told: %s.".formatted(request.customerId(), why),
                        Details.with()
                                .advice(
                                        "Look at the customer in Partner Center; domains are protected, so that each customer must have a readable one.")
                                .build()));
        };
    }

    /**
     * What would hold or put off these requests, given in ledger order, if all of them were begun now: by the number of the
     * request a word and a sentence. Nothing is held, opened or reserved.
     */
    public Map<Long, String> foresee(List<Request> all, Instant now) {
        Budgets.Forecast forecast = budgets.forecast(now);
        Map<Bursts.Rest, Long> breaches = new HashMap<>();
        Map<Long, String> foreseen = new HashMap<>();
        for (Request request : all) {
            // What was only planned or observed so far would be live when the plan is applied.
            if (request.operation().destructive()) {
                foresee(request, forecast, breaches, now).ifPresent(each -> foreseen.put(request.number(), each));
            }
        }
        return foreseen;
    }

    private Optional<String> foresee(
            Request request, Budgets.Forecast forecast, Map<Bursts.Rest, Long> breaches, Instant now) {
        if (protectedCustomers.contains(request.customerId())) {
            return Optional.of(words(protectedCustomer(request)));
        }
        var needed = plans.needed(request);
        if (needed.isPresent()) {
            return needed.map(Guards::words);
        }
        var onHold = bursts.hold(request);
        if (onHold.isPresent()) {
            return Optional.of(words(onHold(request, onHold.get())));
        }
        var rest = Bursts.Rest.of(request);
        Long breach = breaches.get(rest);
        if (breach != null && !Burst.isBeyondBudgets(request.released())) {
            return Optional.of("%s: Request %d before it would not fit into a budget."
                    .formatted(Reason.BURST_ON_HOLD.word(), breach));
        }
        var exceeded = exceeded(request, forecast);
        if (exceeded.isPresent()) {
            breaches.put(rest, request.number());
            return Optional.of(words(budgetExceeded(request, exceeded.get())));
        }
        forecast.count(request);
        return delays.of(request, now)
                .or(() -> canaries.wouldHold(request, now).map(others -> canary(request, others)))
                .map(Guards::words);
    }

    private static String words(Resolution resolution) {
        return resolution.reason().word() + ": " + resolution.message();
    }

    /**
     * Reserves the permit of a step, or says how the request is held or put off. Protection and delays are asked for here,
     * too: the list may be longer than it was when an earlier try left, the guard step looks at no request that has one, and
     * time has passed since.
     *
     * @param read the customer's company profile; null when it was not read
     */
    public Optional<Resolution> reserve(Request request, Step step, @Nullable Customer read, Instant now) {
        Optional<Resolution> kept = protection(request, read);
        if (kept.isPresent()) {
            return kept;
        }
        return request.plan() == null ? reserveAlone(request, step, now) : reservePlanned(request, step, now);
    }

    /** A person has looked at it among all others of its plan: what holds is what stands in the plan. */
    private Optional<Resolution> reservePlanned(Request request, Step step, Instant now) {
        boolean begun = !attempts.of(request.number()).isEmpty();
        return plans.unplanned(request, step, begun)
                .or(() -> delays.of(request, now))
                .or(() -> reserve(request, step, now));
    }

    private Optional<Resolution> reserveAlone(Request request, Step step, Instant now) {
        var needed = plans.needed(request);
        if (needed.isPresent()) {
            return needed;
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
        return reserve(request, step, now);
    }

    private Optional<Resolution> reserve(Request request, Step step, Instant now) {
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
        return protectedCustomer(request, "Customer %s is on the protected list.".formatted(request.customerId()));
    }

    private static Resolution protectedCustomer(Request request, String sentence) {
        return Resolution.of(
                Reason.PROTECTED_CUSTOMER,
                request.effect(),
                sentence,
                Details.with()
                        .advice("Reject it, or take the customer off the protected list (offramp.safety.protected-…).")
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
