package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.EarlierRequest;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Order;
import dev.offramp.offboarding.Order.Standing;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Guards;
import dev.offramp.safety.TenantDoubt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The story of one request inside an item: may it start, must it wait, is a call open, else carry it out. */
final class RequestWork {

    private static final Duration UNTIL_CALLS_ARE_SETTLED = Duration.ofMinutes(1);

    private final Requests requests;
    private final Attempts attempts;
    private final Procedures procedures;
    private final Halts halts;
    private final TakenSteps taken;
    private final OpenCall openCall;
    private final Execution execution;
    private final TenantDoubt tenantDoubt;
    private final Guards guards;
    private final InstantSource clock;

    RequestWork(
            Requests requests,
            Attempts attempts,
            Procedures procedures,
            Halts halts,
            TakenSteps taken,
            OpenCall openCall,
            Execution execution,
            TenantDoubt tenantDoubt,
            Guards guards,
            InstantSource clock) {
        this.requests = requests;
        this.attempts = attempts;
        this.procedures = procedures;
        this.halts = halts;
        this.taken = taken;
        this.openCall = openCall;
        this.execution = execution;
        this.tenantDoubt = tenantDoubt;
        this.guards = guards;
        this.clock = clock;
    }

    Worked work(Request request, Run run, List<Worked> before) {
        return procedures
                .of(request)
                .map(procedure -> work(request, run, before, procedure))
                .orElseGet(() -> forgottenWithdraw(request));
    }

    private Worked work(Request request, Run run, List<Worked> before, Procedure procedure) {
        return halts.against(request, run, procedure)
                .or(() -> behindEarlier(request, before))
                .map(worked -> withEffect(worked, procedure))
                .orElseGet(() -> withEffect(start(request, run, procedure), procedure));
    }

    /** What has been changed by now is told with whatever becomes of the request, also when it is not the end. */
    private Worked withEffect(Worked worked, Procedure procedure) {
        if (!(worked instanceof Worked.Settle(Request request, Resolution resolution))
                || resolution.status().isFinal() && resolution.effect() != Effect.NONE) {
            return worked;
        }
        Effect effect = taken.effect(request, procedure, attempts.of(request.number()));
        if (effect == Effect.NONE || effect == resolution.effect()) {
            return worked;
        }
        return new Worked.Settle(
                request,
                resolution.status() == Status.REJECTED
                        ? Begun.instead(request, resolution, effect, clock.instant())
                        : resolution.with(effect));
    }

    private Worked start(Request request, Run run, Procedure procedure) {
        List<Try> tries = attempts.of(request.number());
        Optional<Try> open = taken.open(request, procedure, tries);
        if (open.isPresent()
                && openCall.follow(request, run, procedure, open.get()) instanceof OpenCall.Next.Worth(Worked worked)) {
            return worked;
        }
        List<Try> known = open.isEmpty() ? tries : attempts.of(request.number());
        if (request.withdrawnBy() != null
                && taken.effect(request, procedure, known) != Effect.NONE
                && taken.open(request, procedure, known).isEmpty()) {
            // Writing down what was done lets the withdraw take effect, which waits for that.
            return new Worked.Settle(
                    request,
                    Resolutions.deferred(
                            request,
                            Reason.BUSY,
                            clock.instant(),
                            "No further step is begun, as the request is being withdrawn.",
                            null));
        }
        return carryOut(request, run, procedure, known);
    }

    /** What was sent is settled at any time; what would be sent now waits until it may be. */
    private Worked carryOut(Request request, Run run, Procedure procedure, List<Try> tries) {
        return guards.delay(request, clock.instant())
                .or(() -> isLive(request) ? tenantDoubt.hold(request) : Optional.empty())
                .or(() -> isLive(request) ? behindOpenCall(request) : Optional.empty())
                .<Worked>map(putOff -> new Worked.Settle(request, putOff))
                .orElseGet(() -> execution.carryOut(request, run, procedure, tries));
    }

    /**
     * What overtook an unlink while that stood still may have a call whose effect is being read: after the unlink nobody
     * could read it any more. No new one comes up meanwhile, as the customer's turn is ours.
     */
    private Optional<Resolution> behindOpenCall(Request request) {
        return request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                ? requests.onTheWireAfter(request.customerId(), request.number()).stream()
                        // Any other waits for this one, and the two would wait for each other.
                        .filter(other -> Order.mayOvertakeAnUnlink(other.operation()))
                        .findFirst()
                        .map(other -> Resolutions.deferred(
                                request,
                                Reason.PENDING_OPERATION,
                                clock.instant().plus(UNTIL_CALLS_ARE_SETTLED),
                                "Waits until the call of request %s of the same customer (%s) is settled."
                                        .formatted(
                                                other.key().id(),
                                                other.operation().word()),
                                null))
                : Optional.empty();
    }

    private static boolean isLive(Request request) {
        return request.admission().mode() == Mode.LIVE && !request.terms().planOnly();
    }

    /** A withdraw comes here only when its time is over and the request that it names was never seen. */
    private static Worked forgottenWithdraw(Request request) {
        return new Worked.Settle(
                request,
                Resolutions.rejected(
                        Reason.UNKNOWN_REQUEST,
                        "No request %s of source %s was seen in time."
                                .formatted(
                                        request.admission().withdrawsId(),
                                        request.key().source()),
                        "Check the id; a withdraw names a request of its own source.",
                        null));
    }

    private Optional<Worked> behindEarlier(Request request, List<Worked> before) {
        List<Standing> open = new ArrayList<>();
        Map<Long, Request> byNumber = new HashMap<>();
        for (EarlierRequest earlier : requests.openBefore(request.customerId(), request.number())) {
            byNumber.put(earlier.request().number(), earlier.request());
            standing(earlier, before).ifPresent(open::add);
        }
        Standing self = new Standing(
                request.number(),
                request.operation(),
                request.subscriptionId(),
                request.order(),
                request.status(),
                false);
        return Order.mustWaitFor(self, open).stream()
                .findFirst()
                .map(first -> byNumber.get(first.number()))
                .map(first -> new Worked.Settle(request, Resolutions.waitsFor(request, first)));
    }

    /** How an earlier request stands, with what this item has just made of it and the writer has not written yet. */
    private static Optional<Standing> standing(EarlierRequest earlier, List<Worked> before) {
        Request request = earlier.request();
        var status = before.stream()
                .filter(each -> each.request().number() == request.number())
                .filter(Worked.Settle.class::isInstance)
                .map(each -> ((Worked.Settle) each).resolution().status())
                .findFirst()
                .orElse(request.status());
        return status.isFinal()
                ? Optional.empty()
                : Optional.of(new Standing(
                        request.number(),
                        request.operation(),
                        request.subscriptionId(),
                        request.order(),
                        status,
                        earlier.onTheWire()));
    }
}
