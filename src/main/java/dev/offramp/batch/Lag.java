package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.DoneChange;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nothing is decided over a read that does not show yet what we have just changed, for whatever request: it would judge
 * the past.
 *
 * @param settle how long after its success a change may still be missing in a read
 */
record Lag(Attempts attempts, Confirming confirming, Duration settle) {

    /** What to do instead of deciding; empty when the facts show our own newest changes, or these are long ago. */
    Optional<Resolution> behind(Request request, boolean hasTries, Facts facts, Instant now) {
        List<Subscription> read = subscriptions(facts);
        // What is cancelled is cancelled whatever it was before; nothing beside it can mislead.
        if (read.isEmpty() || request.operation() == Operation.CANCEL_SUBSCRIPTION && !hasTries) {
            return Optional.empty();
        }
        Map<SubscriptionId, DoneChange> newest = new LinkedHashMap<>();
        attempts.doneSince(request.customerId(), now.minus(settle))
                .forEach(each -> change(each).ifPresent(step -> newest.put(step.subscription(), each)));
        return newest.values().stream()
                .filter(each -> isMissing(each, read, facts.readAt()))
                .findFirst()
                .flatMap(each -> later(request, each, now));
    }

    private static List<Subscription> subscriptions(Facts facts) {
        return switch (facts) {
            case Facts.OfSubscription one -> List.of(one.subscription());
            case Facts.OfCustomer all -> all.subscriptions();
            case Facts.OfOrder _,
                    Facts.NoSubscription _,
                    Facts.NoCustomer _,
                    Facts.NotOurCustomer _,
                    Facts.Unreadable _ -> List.of();
        };
    }

    private static boolean isMissing(DoneChange done, List<Subscription> read, Instant readAt) {
        Step.ChangeSubscription step = change(done).orElseThrow();
        return read.stream()
                .filter(each -> step.subscription().equals(each.id()))
                .anyMatch(each ->
                        Seen.afterChange(step.subscription(), step.change(), new Facts.OfSubscription(readAt, each))
                                == Seen.NO_EFFECT);
    }

    private static Optional<Step.ChangeSubscription> change(DoneChange done) {
        return Step.of(done.step(), done.subscription())
                .filter(Step.ChangeSubscription.class::isInstance)
                .map(Step.ChangeSubscription.class::cast);
    }

    private Optional<Resolution> later(Request request, DoneChange done, Instant now) {
        return confirming.next(done.at(), Seen.NO_EFFECT, now) instanceof Confirming.Next.LookAgainAt(Instant at)
                ? Optional.of(Resolutions.deferred(
                        request,
                        Reason.CONFIRMING,
                        at,
                        "'%s' was carried out at %s, and Partner Center does not show it yet."
                                .formatted(done.step(), done.at()),
                        null))
                : Optional.empty();
    }
}
