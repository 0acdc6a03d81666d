package dev.offramp.offboarding;

import dev.offramp.offboarding.Obstacle.Way;
import dev.offramp.offboarding.Obstacle.Weight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the reseller relationship with a customer may be removed now, and what comes before that.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/remove-a-reseller-relationship-with-a-customer">Remove
 *     a reseller relationship with a customer</a>
 */
public final class UnlinkRules {

    private UnlinkRules() {}

    /** Judges an unlink that no person has released from anything. */
    static Verdict decide(CustomerId asked, Terms terms, SuspendedNewCommerce suspended, Facts facts, Instant now) {
        return decide(asked, terms, Releases.NONE, StepsDone.NONE, suspended, facts, now);
    }

    /**
     * Judges one unlink; it throws for nothing that can be read.
     *
     * @param asked the customer that the request names; facts about another one are never a reason to go
     * @param released what the request was held for and a person has released it from
     * @param steps what the request has done already
     */
    public static Verdict decide(
            CustomerId asked,
            Terms terms,
            Releases released,
            StepsDone steps,
            SuspendedNewCommerce suspended,
            Facts facts,
            Instant now) {
        Optional<Verdict> done = alreadyDone(asked, facts);
        return done.or(() -> TimeFrame.verdict(terms, now)).orElseGet(() -> switch (facts) {
            case Facts.OfCustomer read -> judge(asked, terms, released, steps, suspended, read, now);
            case Facts.NotOurCustomer not -> notOurs(not.answer());
            case Facts.NoCustomer none -> Blocks.customerNotFound(none);
            case Facts.Unreadable strange -> Blocks.unreadable(strange);
            case Facts.OfSubscription other ->
                Blocks.unknownState("The subscription %s was read where the customer was needed."
                        .formatted(other.subscription().id()));
            case Facts.OfOrder other ->
                Blocks.unknownState("The order %s was read where the customer was needed."
                        .formatted(other.order().id()));
            case Facts.NoSubscription none ->
                Blocks.unknownState(
                        "A subscription was looked for where the customer was needed (%s).".formatted(none.answer()));
        });
    }

    /** "Not ours" is a success only when the ledger shows that the customer once was ours. */
    private static Optional<Verdict> alreadyDone(CustomerId asked, Facts facts) {
        if (facts instanceof Facts.NotOurCustomer not && !not.evidence().isBlank()) {
            return Optional.of(done(not.answer(), not.evidence()));
        }
        if (facts instanceof Facts.OfCustomer read
                && read.customer().id().equals(asked)
                && read.customer().isUnlinked()
                && !read.evidence().isBlank()) {
            return Optional.of(done("relationshipToPartner is none", read.evidence()));
        }
        return Optional.empty();
    }

    private static Verdict done(String answer, String evidence) {
        return new Verdict.AlreadyDone(
                "There is no reseller relationship any more (%s). That there was one: %s.".formatted(answer, evidence));
    }

    private static Verdict notOurs(String answer) {
        return Blocks.because(
                Reason.NOT_OUR_CUSTOMER,
                "There is no reseller relationship with the customer (%s), and nothing shows that there ever was one."
                        .formatted(answer),
                "Check the customer's id and the partner tenant.");
    }

    private static Verdict judge(
            CustomerId asked,
            Terms terms,
            Releases released,
            StepsDone steps,
            SuspendedNewCommerce suspended,
            Facts.OfCustomer read,
            Instant now) {
        Customer customer = read.customer();
        if (!customer.id().equals(asked)) {
            return Blocks.unknownState("Customer %s was asked for and %s came.".formatted(asked, customer.id()));
        }
        if (customer.isUnlinked()) {
            return notOurs("relationshipToPartner is none");
        }
        return Expectations.ofCustomer(terms.expect(), released, customer)
                .orElseGet(() -> judge(obstacles(terms, steps, suspended, read, now), steps, now));
    }

    private static List<Obstacle> obstacles(
            Terms terms, StepsDone steps, SuspendedNewCommerce suspended, Facts.OfCustomer read, Instant now) {
        List<Obstacle> obstacles = new ArrayList<>();
        ofRelationship(read.customer()).ifPresent(obstacles::add);
        ofLists(read).ifPresent(obstacles::add);
        read.entitlements().forEach(each -> obstacles.add(EntitlementObstacles.of(each)));
        Removals removals = new Removals(terms.onActiveSubscriptions(), suspended, read.subscriptions(), steps, now);
        SubscriptionObstacles subscriptions = new SubscriptionObstacles(suspended, removals, now);
        read.subscriptions().forEach(each -> subscriptions.of(each).ifPresent(obstacles::add));
        obstacles.sort(Obstacle.HEAVIEST_FIRST);
        return obstacles;
    }

    /** Nothing is removed while anything stands in the way that this request cannot remove. */
    private static Verdict judge(List<Obstacle> obstacles, StepsDone steps, Instant now) {
        if (obstacles.isEmpty()) {
            return once(
                    "No subscription, reservation or software stands in the way.",
                    new Step.RemoveRelationship(),
                    steps,
                    now);
        }
        if (obstacles.stream().anyMatch(each -> each.way() instanceof Way.None)) {
            return Obstacle.blocked(obstacles);
        }
        return obstacles.stream()
                .map(Obstacle::way)
                .filter(way -> way instanceof Way.By by && !steps.includes(by.step()))
                .findFirst()
                .<Verdict>map(way -> go((Way.By) way))
                .orElseGet(() -> waitFor(obstacles, now));
    }

    private static Verdict go(Way.By by) {
        return new Verdict.Go(by.why(), by.step());
    }

    private static Verdict once(String why, Step step, StepsDone steps, Instant now) {
        return steps.includes(step)
                ? new Verdict.WaitUntil(
                        Reason.PENDING_OPERATION,
                        now.plus(Case.IN_PROGRESS),
                        "This request removed the relationship already; Partner Center does not show it yet.")
                : new Verdict.Go(why, step);
    }

    private static Verdict waitFor(List<Obstacle> obstacles, Instant now) {
        if (obstacles.stream().anyMatch(each -> each.way() instanceof Way.AfterTheRenewal)) {
            return new Verdict.WaitUntil(
                    Reason.RENEWAL_RUNNING,
                    now.plus(Case.AT_TERM),
                    "A subscription of the customer is being renewed; until that is over it is read-only.");
        }
        return new Verdict.WaitUntil(
                Reason.WAITING_FOR_BLOCKER,
                now.plus(Case.IN_PROGRESS),
                "All subscriptions in the way were dealt with; Partner Center still shows %d of them as active."
                        .formatted(obstacles.size()));
    }

    private static Optional<Obstacle> ofRelationship(Customer customer) {
        String relationship = customer.relationship();
        if ("reseller".equalsIgnoreCase(relationship)) {
            return Optional.empty();
        }
        return Optional.of(Obstacle.of(
                Weight.UNKNOWN,
                new Blocker(
                        "relationship",
                        customer.id().value(),
                        relationship == null ? "no relationshipToPartner" : "relationshipToPartner " + relationship,
                        null,
                        "Look at the customer in Partner Center: a reseller relationship was expected.")));
    }

    private static Optional<Obstacle> ofLists(Facts.OfCustomer read) {
        return read.complete()
                ? Optional.empty()
                : Optional.of(Obstacle.of(
                        Weight.UNKNOWN,
                        new Blocker(
                                "list",
                                read.customer().id().value(),
                                "incomplete list of subscriptions or entitlements",
                                null,
                                "Compare Partner Center's lists with what they count themselves.")));
    }
}
