package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.FourEyes.Judgement;
import dev.offramp.safety.Plan.Approval;
import dev.offramp.safety.Plan.Item;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries an approved plan out, once: each request that it says would go, and that stands as it stood then, gets a successor,
 * which the plan's own budget and facts are for; the request itself is superseded. All in one transaction.
 */
public final class PlanApplying {

    private final Plans plans;
    private final Requests requests;
    private final Attempts attempts;
    private final DecisionBook book;
    private final FourEyes rule;
    private final Successors successors;
    private final Mode mode;
    private final TransactionTemplate transactions;

    public PlanApplying(
            Plans plans,
            Requests requests,
            Attempts attempts,
            DecisionBook book,
            FourEyes rule,
            Successors successors,
            Mode mode,
            TransactionTemplate transactions) {
        this.plans = plans;
        this.requests = requests;
        this.attempts = attempts;
        this.book = book;
        this.rule = rule;
        this.successors = successors;
        this.mode = mode;
        this.transactions = transactions;
    }

    /** Makes the request that carries a planned one out. */
    public interface Successors {

        Made of(Request planned, long plan, Asker by);
    }

    /** What became of a successor. */
    public sealed interface Made {

        /** It stands in the ledger. */
        record As(Request successor) implements Made {}

        /** Its source may not ask for it any more. */
        record Not(String why) implements Made {}
    }

    /** What became of it. */
    public sealed interface Answer {

        /**
         * It is applied.
         *
         * @param made how many requests were made
         * @param skipped how many of what would go were left out, as they have changed
         */
        record Applied(int made, int skipped) implements Answer {}

        /** Nothing was changed. */
        record Refused(String sentence) implements Answer {}

        /** There is no such plan. */
        record Unknown() implements Answer {}
    }

    /** @return what became of it; each request is told by the plan's fates */
    public Answer apply(long number, Asker by, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> applyOnce(number, by, now)));
    }

    private Answer applyOnce(long number, Asker by, Instant now) {
        Optional<Plan> locked = plans.lock(number);
        if (locked.isEmpty()) {
            return new Answer.Unknown();
        }
        Plan plan = locked.get();
        Optional<String> refusal = plan.refusalToApply(now).or(() -> refusalOf(plan));
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        // Requests are locked in ledger order and before four eyes, as everybody does it who releases some.
        Map<Item, Optional<Request>> going = new LinkedHashMap<>();
        for (Item item : plans.items(number)) {
            if (item.isToGo()) {
                going.put(item, requests.lock(item.request()));
            }
        }
        Optional<String> tooMany = tooMany(plan, going.keySet(), by, now);
        if (tooMany.isPresent()) {
            return new Answer.Refused(tooMany.get());
        }
        plans.apply(number, by.signature(), by.cause(), now);
        int made = 0;
        for (var each : going.entrySet()) {
            Item item = each.getKey();
            Optional<String> skipped = changed(item, each.getValue())
                    .or(() -> succeed(plan, each.getValue().orElseThrow(), by, now));
            if (skipped.isPresent()) {
                plans.skip(number, item.request(), skipped.get());
            } else {
                made++;
            }
        }
        return new Answer.Applied(made, going.size() - made);
    }

    private Optional<String> refusalOf(Plan plan) {
        if (mode != Mode.LIVE) {
            return Optional.of(
                    "This service only observes (offramp.mode), so that what a plan makes would never be carried out; apply plan %d in live mode."
                            .formatted(plan.number()));
        }
        return JdbcPlans.sha256(plans.content(plan)).equals(plan.hash())
                ? Optional.empty()
                : Optional.of(
                        "Plan %d is not what was approved; somebody has changed its tables. Discard it and make it anew."
                                .formatted(plan.number()));
    }

    /** What one person approved alone counts when it goes on, too: an approval that is kept for later is no way around. */
    private Optional<String> tooMany(Plan plan, Set<Item> going, Asker by, Instant now) {
        Approval approval = Objects.requireNonNull(plan.approval());
        if (!approval.alone()) {
            return Optional.empty();
        }
        Set<CustomerId> customers =
                going.stream().map(Item::customerId).map(CustomerId::of).collect(Collectors.toSet());
        Instant since = rule.countedSince(now);
        if (!(rule.judge(by.person(), book.lockAlone(since), customers) instanceof Judgement.Alone)) {
            return Optional.of(
                    "One person alone approved plan %d, and others were let go on by one person alone since. Discard it and make it anew, so that a second person confirms it."
                            .formatted(plan.number()));
        }
        book.noteAlone(customers, approval.by(), now, since);
        return Optional.empty();
    }

    private Optional<String> changed(Item item, Optional<Request> request) {
        if (request.isEmpty()) {
            return Optional.of("It is gone.");
        }
        Request now = request.get();
        if (now.version() != item.version()) {
            return Optional.of("It changed since the plan was asked for; now it is %s: %s."
                    .formatted(now.status().word(), now.reason().word()));
        }
        if (!attempts.of(now.number()).isEmpty()) {
            return Optional.of("It was begun already; it goes on by itself, or is released.");
        }
        return now.batch() == null || now.isFinal()
                ? Optional.empty()
                : Optional.of("A batch works on it right now; it goes on by itself.");
    }

    private Optional<String> succeed(Plan plan, Request planned, Asker by, Instant now) {
        return switch (successors.of(planned, plan.number(), by)) {
            case Made.Not(String why) -> Optional.of(why);
            case Made.As(Request successor) -> {
                plans.succeed(plan.number(), planned.number(), successor.number());
                if (!planned.isFinal()) {
                    supersede(planned, plan, successor, by, now);
                }
                yield Optional.empty();
            }
        };
    }

    private void supersede(Request planned, Plan plan, Request successor, Asker by, Instant now) {
        Resolution resolution = Resolution.of(
                Reason.SUPERSEDED,
                planned.effect(),
                "Plan %d carries it out as request %s.".formatted(plan.number(), successor.key()),
                Details.with().decidedBy(by.signature()).build());
        if (!requests.settle(planned, resolution, null, now)) {
            throw new IllegalStateException("Request %d changed although it is locked.".formatted(planned.number()));
        }
    }

    /** Requests of these states may be planned: open ones, and what was asked for as a plan or only observed. */
    public static boolean isPlannable(Request request) {
        return request.operation().destructive()
                && !request.isStub()
                && (!request.isFinal() || request.status() == Status.PLANNED);
    }
}
