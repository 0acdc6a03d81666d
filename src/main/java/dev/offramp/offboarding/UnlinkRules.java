package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the reseller relationship with a customer may be removed now. */
public final class UnlinkRules {

    private static final String SUBSCRIPTION = "subscription";

    private UnlinkRules() {}

    /** Judges an unlink that no person has released from anything. */
    static Verdict decide(CustomerId asked, Terms terms, SuspendedNewCommerce suspended, Facts facts, Instant now) {
        return decide(asked, terms, Set.of(), StepsDone.NONE, suspended, facts, now);
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
            Set<Reason> released,
            StepsDone steps,
            SuspendedNewCommerce suspended,
            Facts facts,
            Instant now) {
        Optional<Verdict> done = alreadyDone(asked, facts);
        return done.or(() -> TimeFrame.verdict(terms, now)).orElseGet(() -> switch (facts) {
            case Facts.OfCustomer read -> judge(asked, terms, released, suspended, read, now);
            case Facts.NotOurCustomer not -> notOurs(not.answer());
            case Facts.NoCustomer none -> Blocks.customerNotFound(none);
            case Facts.Unreadable strange -> Blocks.unreadable(strange);
            case Facts.OfSubscription other ->
                Blocks.unknownState("The subscription %s was read where the customer was needed."
                        .formatted(other.subscription().id()));
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
            Set<Reason> released,
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
        return Expectations.ofCustomer(terms.expect(), released, customer).orElseGet(() -> judge(suspended, read, now));
    }

    private static Verdict judge(SuspendedNewCommerce suspended, Facts.OfCustomer read, Instant now) {
        List<Obstacle> obstacles = new ArrayList<>();
        ofRelationship(read.customer()).ifPresent(obstacles::add);
        ofLists(read).ifPresent(obstacles::add);
        read.entitlements().forEach(each -> of(each).ifPresent(obstacles::add));
        read.subscriptions().forEach(each -> of(each, suspended, now).ifPresent(obstacles::add));
        // Reasons are declared in the order of their weight; a stable sort keeps the server's order among equals.
        obstacles.sort(Comparator.comparing(Obstacle::weight));
        return obstacles.isEmpty()
                ? new Verdict.Go(
                        "No subscription, reservation or software stands in the way.", new Step.RemoveRelationship())
                : blocked(obstacles);
    }

    private static Verdict blocked(List<Obstacle> obstacles) {
        Weight first = obstacles.getFirst().weight();
        long same = obstacles.stream().filter(each -> each.weight() == first).count();
        String message = "The relationship cannot be removed: %s.".formatted(first.says(same));
        int others = obstacles.size() - (int) same;
        if (others > 0) {
            message += " %d more %s in the way.".formatted(others, others == 1 ? "thing stands" : "things stand");
        }
        return new Verdict.Blocked(
                first.reason,
                message,
                first.advice,
                obstacles.stream().map(Obstacle::blocker).toList(),
                null);
    }

    private static Optional<Obstacle> ofRelationship(Customer customer) {
        String relationship = customer.relationship();
        if ("reseller".equalsIgnoreCase(relationship)) {
            return Optional.empty();
        }
        return Optional.of(new Obstacle(
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
                : Optional.of(new Obstacle(
                        Weight.UNKNOWN,
                        new Blocker(
                                "list",
                                read.customer().id().value(),
                                "incomplete list of subscriptions or entitlements",
                                null,
                                "Compare Partner Center's lists with what they count themselves.")));
    }

    private static Optional<Obstacle> of(Entitlement entitlement) {
        if (entitlement.isReservation()) {
            return obstacle(
                    Weight.RESERVATION,
                    "reservation",
                    entitlement,
                    "Have the reservation cancelled, in the Azure portal or by Microsoft's support.");
        }
        return switch (entitlement.type().strip().toLowerCase(Locale.ROOT)) {
            case "software" ->
                obstacle(Weight.SOFTWARE, "software", entitlement, "Cancel the software's order in Partner Center.");
            default ->
                obstacle(
                        Weight.UNKNOWN,
                        "entitlement",
                        entitlement,
                        "Look at the entitlement in Partner Center: its type '%s' is not known."
                                .formatted(entitlement.type()));
        };
    }

    private static Optional<Obstacle> obstacle(Weight weight, String kind, Entitlement entitlement, String whatToDo) {
        String state = entitlement.state().isBlank() ? "" : " (%s)".formatted(entitlement.state());
        return Optional.of(
                new Obstacle(weight, new Blocker(kind, entitlement.id(), entitlement.name() + state, null, whatToDo)));
    }

    private static Optional<Obstacle> of(Subscription subscription, SuspendedNewCommerce suspended, Instant now) {
        return switch (subscription.status().known()) {
            case EXPIRED, DISABLED, DELETED -> Optional.empty();
            case UNKNOWN -> Optional.of(obstacle(Weight.UNKNOWN, subscription, null, unknownStatus(subscription)));
            case ACTIVE, PENDING -> Optional.of(ofLiving(subscription, now));
            case SUSPENDED -> ofSuspended(subscription, suspended, now);
        };
    }

    private static String unknownStatus(Subscription subscription) {
        String text = subscription.status().text();
        return "Look at the subscription in Partner Center: "
                + (text.isEmpty() ? "it has no status." : "its status '%s' is not known.".formatted(text));
    }

    private static Obstacle ofLiving(Subscription subscription, Instant now) {
        return switch (subscription.kind()) {
            case SAVINGS_PLAN -> ofOtherKind(Weight.SAVINGS_PLAN, subscription, now);
            case SOFTWARE, PERPETUAL_SOFTWARE -> ofOtherKind(Weight.SOFTWARE, subscription, now);
            case LEGACY_ADD_ON, LEGACY_AZURE, AZURE_PLAN, TRIAL, UNKNOWN ->
                ofOtherKind(Weight.ACTIVE, subscription, now);
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE, MARKETPLACE_SAAS ->
                obstacle(
                        Weight.ACTIVE,
                        subscription,
                        CancellationWindow.endsByItself(subscription, now),
                        cancelOrWait(subscription, now));
        };
    }

    private static Optional<Obstacle> ofSuspended(
            Subscription subscription, SuspendedNewCommerce suspended, Instant now) {
        return switch (subscription.kind()) {
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE -> Optional.empty();
            case SAVINGS_PLAN -> Optional.of(ofOtherKind(Weight.SAVINGS_PLAN, subscription, now));
            case SOFTWARE, PERPETUAL_SOFTWARE -> Optional.of(ofOtherKind(Weight.SOFTWARE, subscription, now));
            case UNKNOWN ->
                Optional.of(obstacle(
                        Weight.UNKNOWN,
                        subscription,
                        null,
                        "Look at the suspended subscription in Partner Center: its kind is not known."));
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, AZURE_PLAN, TRIAL ->
                switch (suspended) {
                    case ALLOWED -> Optional.empty();
                    case BLOCKS ->
                        Optional.of(obstacle(
                                Weight.SUSPENDED_NEW_COMMERCE,
                                subscription,
                                // Suspending turns auto-renewal off, so it is over at the end of the term.
                                CancellationWindow.endsByItself(subscription, now),
                                "It is suspended but billed on. " + endIt(subscription, now)));
                };
        };
    }

    private static String endIt(Subscription subscription, Instant now) {
        Kind kind = subscription.kind();
        return kind == Kind.NEW_COMMERCE_LICENCE || kind == Kind.MARKETPLACE_SAAS
                ? cancelOrWait(subscription, now)
                : sentence(KindWords.useInstead(kind));
    }

    private static Obstacle ofOtherKind(Weight weight, Subscription subscription, Instant now) {
        return obstacle(
                weight,
                subscription,
                CancellationWindow.endsByItself(subscription, now),
                "%s: %s".formatted(KindWords.of(subscription.kind()), KindWords.useInstead(subscription.kind())));
    }

    private static String cancelOrWait(Subscription subscription, Instant now) {
        if (subscription.status().is(Known.PENDING)) {
            return "Wait until it is active, then cancel it with cancel-subscription.";
        }
        return switch (CancellationWindow.of(subscription, now)) {
            case CancellationWindow.Open open -> "Cancel it with cancel-subscription. %s.".formatted(open.why());
            case CancellationWindow.Closed closed -> {
                Instant end = CancellationWindow.endsByItself(subscription, now);
                yield end == null
                        ? "It cannot be cancelled now: %s. Turn off its auto-renewal and let it run out."
                                .formatted(closed.why())
                        : "It cannot be cancelled now: %s. It ends on %s.".formatted(closed.why(), end);
            }
        };
    }

    private static String sentence(String clause) {
        return clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1);
    }

    private static Obstacle obstacle(
            Weight weight, Subscription subscription, @Nullable Instant until, String whatToDo) {
        SubscriptionId id = subscription.id();
        String status = subscription.status().text();
        return new Obstacle(
                weight,
                new Blocker(
                        SUBSCRIPTION,
                        id == null ? "" : id.value(),
                        "%s (%s)".formatted(subscription.name(), status.isEmpty() ? "no status" : status),
                        until,
                        whatToDo));
    }

    /** One blocker and how heavy it is. */
    private record Obstacle(Weight weight, Blocker blocker) {}

    /** What can stand in the way, the heaviest first: what is not understood, then what takes longest to remove. */
    private enum Weight {
        UNKNOWN(
                Reason.UNKNOWN_STATE,
                "not everything that was read is understood",
                "Look at what is named here in Partner Center; when it is understood, send a new request."),
        RESERVATION(
                Reason.RESERVATIONS,
                "the customer has reservations",
                "Have the reservations cancelled, then send a new request."),
        SAVINGS_PLAN(
                Reason.SAVINGS_PLANS,
                "the customer has savings plans",
                "Savings plans are managed in the Azure portal; when they have ended, send a new request."),
        SOFTWARE(
                Reason.SOFTWARE,
                "the customer has software",
                "Cancel the software orders in Partner Center, then send a new request."),
        ACTIVE(
                Reason.ACTIVE_SUBSCRIPTIONS,
                "the customer has active or pending subscriptions",
                "Cancel what can be cancelled and let the rest run out, then send a new request."),
        SUSPENDED_NEW_COMMERCE(
                Reason.SUSPENDED_NEW_COMMERCE,
                "the customer has suspended new-commerce subscriptions, which are billed on",
                "Cancel what can be cancelled and let the rest run out, then send a new request.");

        private final Reason reason;
        private final String clause;
        private final String advice;

        Weight(Reason reason, String clause, String advice) {
            this.reason = reason;
            this.clause = clause;
            this.advice = advice;
        }

        private String says(long count) {
            return "%s (%d)".formatted(clause, count);
        }
    }
}
