package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.safety.Approvals.Confirmed;
import dev.offramp.safety.Approvals.Proposal;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.PendingDecision.State;
import dev.offramp.safety.Plan.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Plans that people approve: exactly what they looked at, for as long as it is worth going by, and for one time. */
public final class PlanApprovals implements Confirmed {

    private final Plans plans;
    private final Requests requests;
    private final DecisionBook book;

    public PlanApprovals(Plans plans, Requests requests, DecisionBook book) {
        this.plans = plans;
        this.requests = requests;
        this.book = book;
    }

    /** @param hash of the plan that the asker looked at */
    Proposal propose(long number, String hash, Asker asker, Instant now) {
        Optional<Plan> locked = plans.lock(number);
        if (locked.isEmpty()) {
            return new Proposal.Unknown();
        }
        Plan plan = locked.get();
        Optional<String> refusal =
                plan.refusalToApprove(hash, now).or(() -> notWhatItWas(plan)).or(() -> waiting(plan, now));
        if (refusal.isPresent()) {
            return new Proposal.Refused(
                    refusal.get(), Map.of("state", plan.stateAt(now).word()));
        }
        List<Request> going = new ArrayList<>();
        for (Item item : plans.items(number)) {
            if (item.isToGo()) {
                requests.byNumber(item.request()).ifPresent(going::add);
            }
        }
        if (going.isEmpty()) {
            return new Proposal.Refused(
                    "Plan %d would carry nothing out, so that there is nothing to approve.".formatted(number),
                    Map.of("state", plan.stateAt(now).word()));
        }
        return new Proposal.Of(
                going,
                () -> plans.approve(number, asker.signature(), asker.cause(), true, now),
                decision -> plans.awaits(number, decision.number()));
    }

    private Optional<String> notWhatItWas(Plan plan) {
        return JdbcPlans.sha256(plans.content(plan)).equals(plan.hash())
                ? Optional.empty()
                : Optional.of(
                        "Plan %d is not what it was when it was made; somebody has changed its tables. Make it anew."
                                .formatted(plan.number()));
    }

    private Optional<String> waiting(Plan plan, Instant now) {
        return Optional.ofNullable(plan.decision())
                .flatMap(book::byNumber)
                .filter(each -> each.stateAt(now) == State.WAITING)
                .map(each -> "Plan %d waits for a second person, who confirms decision %d."
                        .formatted(plan.number(), each.number()));
    }

    @Override
    public Optional<String> refusal(PendingDecision decision, Instant now) {
        Plan plan = plans.lockOf(decision.number()).orElseThrow();
        return plan.refusalToApprove(Objects.requireNonNull(plan.hash()), now).or(() -> notWhatItWas(plan));
    }

    @Override
    public int carryOut(PendingDecision decision, Asker second, Instant now) {
        Plan plan = plans.lockOf(decision.number()).orElseThrow();
        plans.approve(
                plan.number(),
                "%s, confirmed by %s".formatted(decision.askedBy(), second.signature()),
                decision.cause(),
                false,
                now);
        return decision.requests();
    }
}
