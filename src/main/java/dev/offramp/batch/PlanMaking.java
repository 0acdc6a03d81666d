package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Foreseen;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.RefundNote;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.Guards;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.Plans;
import dev.offramp.safety.TenantDoubt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans: reads what each request is about as the processor does and judges it by the same rules. It has no permit and
 * cannot get one; what it has found out stands in the tables, so that any node goes on where another one ended.
 */
final class PlanMaking {

    private static final int PAGE = 20;

    /** A plan must not slow down the work. */
    private static final Pace.Share SHARE = new Pace.Share("plans", 25);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** What does not answer for so long is left out. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Plans plans;
    private final Requests requests;
    private final Attempts attempts;
    private final Procedures procedures;
    private final TakenSteps taken;
    private final PartnerCenter partnerCenter;
    private final Guards guards;
    private final TenantDoubt tenantDoubt;
    private final Pace pace;
    private final Weather weather;
    private final NamedLease lease;
    private final InstantSource clock;

    PlanMaking(
            Plans plans,
            Requests requests,
            Attempts attempts,
            Procedures procedures,
            TakenSteps taken,
            PartnerCenter partnerCenter,
            Guards guards,
            TenantDoubt tenantDoubt,
            Pace pace,
            Weather weather,
            NamedLease lease,
            InstantSource clock) {
        this.plans = plans;
        this.requests = requests;
        this.attempts = attempts;
        this.procedures = procedures;
        this.taken = taken;
        this.partnerCenter = partnerCenter;
        this.guards = guards;
        this.tenantDoubt = tenantDoubt;
        this.pace = pace;
        this.weather = weather;
        this.lease = lease;
        this.clock = clock;
    }

    /** What came of looking at one request. */
    private sealed interface Look {

        /** It is judged. */
        record Found(Judged judged) implements Look {}

        /** Its target did not answer; the others may. */
        record Later() implements Look {}

        /** Nothing is read for now. */
        record Stop() implements Look {}
    }

    /**
     * Goes on with the oldest plan that is not made, unless another node does.
     *
     * @param pause waits so long; false when it is to stop
     * @return how many requests were judged
     */
    int round(Predicate<Duration> pause) {
        int judged = 0;
        long after = 0;
        while (mayRead() && lease.hold(clock.instant())) {
            Optional<Plan> plan = plans.unmade();
            if (plan.isEmpty()) {
                return judged;
            }
            List<Long> unread = plans.unread(plan.get().number(), after, PAGE);
            for (long number : unread) {
                switch (look(plan.get(), requests.byNumber(number), pause)) {
                    case Look.Found(Judged found) -> {
                        plans.judge(plan.get().number(), number, found);
                        judged++;
                    }
                    case Look.Later _ -> {}
                    case Look.Stop _ -> {
                        return judged;
                    }
                }
                after = number;
            }
            if (unread.isEmpty()) {
                if (!plans.unread(plan.get().number(), 0, 1).isEmpty()) {
                    return judged;
                }
                end(plan.get());
                after = 0;
            }
            if (!pause.test(Duration.ZERO)) {
                return judged;
            }
        }
        return judged;
    }

    /** Another node need not wait. */
    void giveBack() {
        lease.giveBack(clock.instant());
    }

    private boolean mayRead() {
        return !weather.isDown() && weather.canSignIn(Denial.APP_SIGN_IN) && weather.canSignIn(Denial.PERMISSION);
    }

    /** What the guards would say is asked once, when it is known what all of them would do. */
    private void end(Plan plan) {
        Instant now = clock.instant();
        List<Request> going = new ArrayList<>();
        for (Item item : plans.items(plan.number())) {
            Judged judged = item.judged();
            if (judged != null && judged.verdict().equals("go")) {
                requests.byNumber(item.request()).ifPresent(going::add);
            }
        }
        Map<Long, String> heldBack = guards.foresee(going, now);
        going.forEach(each -> tenantDoubt
                .hold(each)
                .ifPresent(hold -> heldBack.putIfAbsent(
                        each.number(), "%s: %s".formatted(hold.reason().word(), hold.message()))));
        plans.made(plan.number(), heldBack, now);
    }

    private Look look(Plan plan, Optional<Request> found, Predicate<Duration> pause) {
        Optional<Procedure> procedure = found.filter(PlanApplying::isPlannable).flatMap(procedures::of);
        if (procedure.isEmpty()) {
            return new Look.Found(without(
                    "gone",
                    found.map(each -> each.reason().word()).orElse(""),
                    found.map(each -> "It is %s: %s."
                                    .formatted(
                                            each.status().word(), each.reason().word()))
                            .orElse("There is no such request any more.")));
        }
        Request request = found.get();
        List<Try> tries = attempts.of(request.number());
        Beside beside = Beside.of(tries);
        while (true) {
            List<ResourceClass> calls = new ArrayList<>(procedure.get().reads(beside));
            calls.add(ResourceClass.CUSTOMER);
            if (!come(request, calls, pause)) {
                return new Look.Stop();
            }
            switch (procedure.get().read(request, tries, beside)) {
                case Reading.More(Beside more, var _) -> beside = more;
                case Reading.Known known -> {
                    return new Look.Found(judged(
                            request, procedure.get(), tries, new Target(known, customer(request, known.facts()))));
                }
                case Reading.Denied denied -> {
                    return new Look.Found(without(
                            "unread", "", "Partner Center does not let us read it (%s).".formatted(denied.denial())));
                }
                case Reading.Throttled _ -> {
                    return new Look.Stop();
                }
                case Reading.Unavailable(String cause, var _) -> {
                    return plan.askedAt().plus(PATIENCE).isAfter(clock.instant())
                            ? new Look.Later()
                            : new Look.Found(without("unread", "", "Partner Center does not answer: " + cause));
                }
            }
        }
    }

    private Judged without(String verdict, String reason, String message) {
        return new Judged(
                verdict,
                reason,
                message,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                "",
                clock.instant().toString());
    }

    /** What was read, and whose it is as people know the customer. */
    private record Target(Reading.Known known, @Nullable Customer customer) {}

    private boolean come(Request request, List<ResourceClass> calls, Predicate<Duration> pause) {
        Pace.Reservation reservation = pace.reserve(request.customerId(), calls, SHARE);
        Duration remaining = reservation.remaining();
        while (remaining.isPositive()) {
            if (remaining.compareTo(LONGEST_WAIT) > 0 || !pause.test(remaining)) {
                reservation.giveBack(calls);
                return false;
            }
            remaining = reservation.remaining();
        }
        return true;
    }

    private @Nullable Customer customer(Request request, Facts facts) {
        if (facts instanceof Facts.OfCustomer of) {
            return of.customer();
        }
        Read<Customer> read = partnerCenter.customer(request.customerId());
        weather.note(read);
        return read instanceof Read.Found<Customer>(Customer customer) ? customer : null;
    }

    private Judged judged(Request request, Procedure procedure, List<Try> tries, Target read) {
        Instant now = clock.instant();
        Facts facts = taken.asDeclined(request, tries, read.known().facts());
        StepsDone done = taken.done(request, tries);
        Foreseen foreseen = Foreseen.of((steps, then) -> procedure.decide(request, steps, then, now), done, facts);
        Subscription subscription = facts instanceof Facts.OfSubscription of ? of.subscription() : null;
        Customer customer = read.customer();
        Verdict first = foreseen.first() instanceof Verdict.Go
                ? protection(request, customer).orElse(foreseen.first())
                : foreseen.first();
        return new Judged(
                verdict(first),
                reason(first),
                message(first),
                foreseen.steps().stream().map(Step::word).toList(),
                until(first),
                customer == null ? null : customer.companyName(),
                customer == null ? null : customer.domain(),
                product(facts),
                subscription == null ? null : subscription.quantity(),
                subscription != null && isCancelled(foreseen.steps())
                        ? RefundNote.of(subscription, now)
                                .map(RefundNote::promised)
                                .orElse(null)
                        : null,
                PlanFacts.digest(facts),
                facts.readAt().toString());
    }

    /** A customer that nothing is done to, as far as its company profile tells it. */
    private Optional<Verdict> protection(Request request, @Nullable Customer customer) {
        return guards.protection(request, customer)
                .map(kept -> kept.status() == Status.HELD
                        ? new Verdict.Hold(kept.reason(), kept.message(), "Take it off the plan.")
                        : new Verdict.Blocked(kept.reason(), kept.message(), "", List.of(), null));
    }

    private static boolean isCancelled(List<Step> steps) {
        return steps.stream()
                .anyMatch(each -> each instanceof Step.ChangeSubscription change && change.change() == Change.CANCEL);
    }

    private static @Nullable String product(Facts facts) {
        return switch (facts) {
            case Facts.OfSubscription of -> of.subscription().name();
            case Facts.OfCustomer of ->
                "%d subscriptions".formatted(of.subscriptions().size());
            case Facts.OfOrder of -> "order " + of.order().id();
            case Facts.NoSubscription _, Facts.NoCustomer _, Facts.NotOurCustomer _, Facts.Unreadable _ -> null;
        };
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go _ -> "go";
            case Verdict.AlreadyDone _, Verdict.Ended _ -> "done";
            case Verdict.WaitUntil _ -> "wait";
            case Verdict.Blocked _ -> "blocked";
            case Verdict.Hold _ -> "hold";
        };
    }

    private static String reason(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go _ -> "";
            case Verdict.AlreadyDone _ -> Reason.ALREADY_DONE.word();
            case Verdict.Ended _ -> Reason.ENDED_AT_TERM.word();
            case Verdict.WaitUntil wait -> wait.reason().word();
            case Verdict.Blocked blocked -> blocked.reason().word();
            case Verdict.Hold hold -> hold.reason().word();
        };
    }

    private static String message(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go go -> go.why();
            case Verdict.AlreadyDone done -> done.message();
            case Verdict.Ended ended -> ended.message();
            case Verdict.WaitUntil wait -> wait.message();
            case Verdict.Blocked blocked -> blocked.message();
            case Verdict.Hold hold -> hold.message();
        };
    }

    private static @Nullable String until(Verdict verdict) {
        return switch (verdict) {
            case Verdict.WaitUntil wait -> wait.until().toString();
            case Verdict.Blocked(var _, var _, var _, var _, Instant at) when at != null -> at.toString();
            case Verdict.Blocked _, Verdict.Go _, Verdict.AlreadyDone _, Verdict.Ended _, Verdict.Hold _ -> null;
        };
    }
}
