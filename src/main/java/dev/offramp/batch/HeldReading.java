package dev.offramp.batch;

import dev.offramp.ledger.Holds;
import dev.offramp.ledger.Holds.Sight;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SubscriptionResource;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads once what held requests are about, so that whoever decides sees customer, product, seats and last chance. It reads
 * and does nothing else: it has no permit and cannot get one.
 */
final class HeldReading {

    private static final int PAGE = 20;

    /** People's list must not slow down the work. */
    private static final Pace.Share SHARE = new Pace.Share("held-reading", 10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private static final Duration UNTIL_IT_ANSWERS = Duration.ofMinutes(1);

    private final Holds holds;
    private final LastChances chances;
    private final Requests requests;
    private final PartnerCenter partnerCenter;
    private final Pace pace;
    private final Weather weather;
    private final NamedLease lease;
    private final InstantSource clock;

    HeldReading(
            Holds holds,
            LastChances chances,
            Requests requests,
            PartnerCenter partnerCenter,
            Pace pace,
            Weather weather,
            NamedLease lease,
            InstantSource clock) {
        this.holds = holds;
        this.chances = chances;
        this.requests = requests;
        this.partnerCenter = partnerCenter;
        this.pace = pace;
        this.weather = weather;
        this.lease = lease;
        this.clock = clock;
    }

    /**
     * Reads for those that were not read yet, unless another node does.
     *
     * @param pause waits so long; false when it is to stop
     * @return for how many
     */
    int round(Predicate<Duration> pause) {
        int seen = 0;
        while (mayRead() && lease.hold(clock.instant())) {
            List<Long> unseen = holds.unseen(clock.instant(), PAGE);
            for (long number : unseen) {
                Optional<Request> request = requests.byNumber(number);
                if (request.isPresent() && !look(request.get(), pause)) {
                    return seen;
                }
                seen++;
            }
            if (unseen.size() < PAGE || !pause.test(Duration.ZERO)) {
                return seen;
            }
        }
        return seen;
    }

    /** Another node need not wait. */
    void end() {
        lease.giveBack(clock.instant());
    }

    private boolean mayRead() {
        return !weather.isDown() && weather.canSignIn(Denial.APP_SIGN_IN) && weather.canSignIn(Denial.PERMISSION);
    }

    /** @return false when it is to go on later */
    private boolean look(Request request, Predicate<Duration> pause) {
        List<ResourceClass> calls = namesOne(request) || isUnlink(request)
                ? List.of(ResourceClass.CUSTOMER, ResourceClass.SUBSCRIPTION)
                : List.of(ResourceClass.CUSTOMER);
        Pace.Reservation reservation = pace.reserve(request.customerId(), calls, SHARE);
        Duration remaining = reservation.remaining();
        while (remaining.isPositive()) {
            if (remaining.compareTo(LONGEST_WAIT) > 0 || !pause.test(remaining)) {
                reservation.giveBack(calls);
                return false;
            }
            remaining = reservation.remaining();
        }
        Instant now = clock.instant();
        var known = new Known();
        known.take(partnerCenter.customer(request.customerId()), customer -> known.customer = customer);
        SubscriptionId subscription = request.subscriptionId();
        if (known.isComplete() && subscription != null) {
            known.take(
                    partnerCenter.subscription(request.customerId(), subscription),
                    (SubscriptionResource found) -> known.subscription = found.subscription());
        } else if (known.isComplete() && isUnlink(request)) {
            known.take(
                    partnerCenter.subscriptions(request.customerId()),
                    (ResourceList<Subscription> all) ->
                            known.subscriptions = all.items().size());
        }
        if (known.subscription != null) {
            chances.note(
                    request.number(), LastChance.of(request.operation(), request.terms(), known.subscription, now));
        }
        holds.see(request.number(), known.sight(request, now), known.later ? now.plus(UNTIL_IT_ANSWERS) : null);
        return !known.later;
    }

    private static boolean namesOne(Request request) {
        return request.subscriptionId() != null;
    }

    private static boolean isUnlink(Request request) {
        return request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP;
    }

    /** What reading has brought so far. */
    private final class Known {

        private @Nullable Customer customer;
        private @Nullable Subscription subscription;
        private @Nullable Integer subscriptions;
        private @Nullable String unread;
        private boolean later;

        boolean isComplete() {
            return unread == null;
        }

        <T> void take(Read<T> read, Consumer<T> found) {
            weather.note(read);
            switch (read) {
                case Read.Found<T>(T value) -> found.accept(value);
                case Read.Missing<T> missing ->
                    unread = "There is no such %s any more."
                            .formatted(missing.what().name().toLowerCase(Locale.ROOT));
                case Read.NotOurCustomer<T> _ -> unread = "The customer is not ours.";
                case Read.Unreadable<T> strange -> unread = "It cannot be understood: %s.".formatted(strange.what());
                case Read.Denied<T> _ -> again("Partner Center does not let us read it.");
                case Read.Throttled<T> _ -> again("Partner Center asks for fewer calls; it is read again.");
                case Read.Unavailable<T> _ -> again("Partner Center does not answer; it is read again.");
            }
        }

        private void again(String why) {
            unread = why;
            later = true;
        }

        Sight sight(Request request, Instant now) {
            LastChance chance = LastChance.of(request.operation(), request.terms(), subscription, now);
            return new Sight(
                    now,
                    customer == null ? null : customer.companyName(),
                    customer == null ? null : customer.domain(),
                    subscription != null
                            ? subscription.name()
                            : subscriptions == null ? null : "%d subscriptions".formatted(subscriptions),
                    subscription == null ? null : subscription.quantity(),
                    chance.at(),
                    chance.of().word(),
                    unread);
        }
    }
}
