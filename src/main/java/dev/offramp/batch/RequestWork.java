package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.EarlierRequest;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Order;
import dev.offramp.offboarding.Order.Standing;
import dev.offramp.offboarding.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The story of one request inside an item: may it start, must it wait, is a call open, else carry it out. */
final class RequestWork {

    private final Requests requests;
    private final Attempts attempts;
    private final Map<Operation, Procedure> procedures;
    private final Halts halts;
    private final OpenCall openCall;
    private final Execution execution;
    private final JobRules rules;
    private final InstantSource clock;

    RequestWork(
            Requests requests,
            Attempts attempts,
            Map<Operation, Procedure> procedures,
            Halts halts,
            OpenCall openCall,
            Execution execution,
            JobRules rules,
            InstantSource clock) {
        this.requests = requests;
        this.attempts = attempts;
        this.procedures = procedures;
        this.halts = halts;
        this.openCall = openCall;
        this.execution = execution;
        this.rules = rules;
        this.clock = clock;
    }

    Worked work(Request request, Run run, List<Worked> before) {
        Procedure procedure = procedures.get(request.operation());
        if (procedure == null) {
            return forgottenWithdraw(request);
        }
        return halts.against(request, run, procedure)
                .or(() -> behindEarlier(request, before))
                .orElseGet(() -> start(request, run, procedure));
    }

    private Worked start(Request request, Run run, Procedure procedure) {
        List<Try> tries = attempts.of(request.number());
        Optional<Try> open = openOne(tries);
        if (open.isEmpty()) {
            return carryOut(request, run, procedure, tries);
        }
        return switch (openCall.follow(request, run, procedure, open.get())) {
            case OpenCall.Next.Worth worth -> worth.worked();
            case OpenCall.Next.AskAgain _ -> carryOut(request, run, procedure, attempts.of(request.number()));
        };
    }

    /** What was sent is settled at any time; what would be sent now waits for the job's window. */
    private Worked carryOut(Request request, Run run, Procedure procedure, List<Try> tries) {
        return rules.outsideWindow(request, clock.instant())
                .<Worked>map(putOff -> new Worked.Settle(request, putOff))
                .orElseGet(() -> execution.carryOut(request, run, procedure, tries));
    }

    /**
     * The newest try of which it still has to be found out or written down what became of it. It need not be the newest
     * of all: the reply to an earlier one may have come late, from a process that was thought dead.
     */
    private static Optional<Try> openOne(List<Try> tries) {
        return tries.stream()
                .filter(each -> each.inDoubt() || each.wasAccepted())
                .reduce((_, later) -> later);
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
        Standing self =
                new Standing(request.number(), request.operation(), request.subscriptionId(), request.status(), false);
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
                        request.number(), request.operation(), request.subscriptionId(), status, earlier.onTheWire()));
    }
}
