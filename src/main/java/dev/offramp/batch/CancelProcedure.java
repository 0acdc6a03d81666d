package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Customers;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CancelRules;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.SubscriptionResource;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code cancel-subscription}: read it, send the whole resource back as deleted. */
final class CancelProcedure implements Procedure {

    private final PartnerCenter partnerCenter;
    private final Customers customers;
    private final Weather weather;
    private final InstantSource clock;

    CancelProcedure(PartnerCenter partnerCenter, Customers customers, Weather weather, InstantSource clock) {
        this.partnerCenter = partnerCenter;
        this.customers = customers;
        this.weather = weather;
        this.clock = clock;
    }

    @Override
    public List<ResourceClass> reads() {
        return List.of(ResourceClass.SUBSCRIPTION);
    }

    @Override
    public ResourceClass writes() {
        return ResourceClass.SUBSCRIPTION;
    }

    @Override
    public Reading read(Request request, List<Try> tries) {
        Instant readAt = clock.instant();
        Read<SubscriptionResource> read = partnerCenter.subscription(request.customerId(), target(request));
        weather.note(read);
        return switch (read) {
            case Read.Found<SubscriptionResource> found -> {
                customers.seenAsOurs(request.customerId(), "", readAt);
                yield new Reading.Known(
                        new Facts.OfSubscription(readAt, found.value().subscription()), found.value());
            }
            case Read.Missing<SubscriptionResource> missing ->
                new Reading.Known(
                        switch (missing.what()) {
                            case SUBSCRIPTION, ORDER ->
                                new Facts.NoSubscription(
                                        readAt, missing.answer().words());
                            case CUSTOMER ->
                                new Facts.NoCustomer(readAt, missing.answer().words());
                        },
                        null);
            case Read.NotOurCustomer<SubscriptionResource> foreign ->
                new Reading.Known(
                        new Facts.NotOurCustomer(readAt, foreign.answer().words(), ""), null);
            case Read.Unreadable<SubscriptionResource> unreadable ->
                new Reading.Known(new Facts.Unreadable(readAt, unreadable.what()), null);
            case Read.Throttled<SubscriptionResource> slow -> new Reading.Throttled(slow.retryAfter(), slow.answer());
            case Read.Denied<SubscriptionResource> denied -> new Reading.Denied(denied.denial(), denied.answer());
            case Read.Unavailable<SubscriptionResource> silent ->
                new Reading.Unavailable(silent.cause(), silent.answer());
        };
    }

    @Override
    public Verdict decide(Request request, Facts facts, Instant now) {
        return CancelRules.decide(target(request), request.terms(), request.released(), StepsDone.NONE, facts, now);
    }

    @Override
    public Optional<String> beforeImage(Reading.Known known) {
        return Optional.ofNullable(known.resource()).map(SubscriptionResource::json);
    }

    @Override
    public Call call(Permit permit, Reading.Known known) {
        return partnerCenter.changeSubscription(permit, Objects.requireNonNull(known.resource()));
    }

    @Override
    public Effect effect() {
        return Effect.CANCELLED;
    }

    @Override
    public boolean endsWithTheReply() {
        return true;
    }

    @Override
    public List<ResourceClass> looks() {
        return reads();
    }

    @Override
    public Look look(Request request) {
        Reading reading = read(request, List.of());
        return reading instanceof Reading.Known known
                ? new Look(
                        Seen.afterCancel(target(request), known.facts()),
                        beforeImage(known).orElse(""),
                        known)
                : new Look(Seen.CANNOT_TELL, "", reading);
    }

    @Override
    public Denial signIn() {
        return Denial.APP_SIGN_IN;
    }

    @Override
    public String doneSentence(Request request) {
        return "Subscription %s of customer %s is cancelled.".formatted(target(request), request.customerId());
    }

    private static SubscriptionId target(Request request) {
        return Objects.requireNonNull(request.subscriptionId(), "a cancel names its subscription");
    }
}
