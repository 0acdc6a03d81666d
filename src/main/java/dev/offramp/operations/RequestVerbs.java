package dev.offramp.operations;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.DoubtDecisions.Decision;
import dev.offramp.safety.HeldReleases;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person may do to a request as it stands. */
final class RequestVerbs {

    private RequestVerbs() {}

    /**
     * A request with what its verbs depend on beside its state.
     *
     * @param onTheWire whether a call of it may be under way, or its effect is not settled yet
     * @param running the batch that works on it now, e.g. B-1843
     * @param again the newest request that asks for it again
     * @param undecidable why a person cannot decide so about its doubt; nothing where it can be decided so
     */
    record Standing(
            Request request,
            boolean onTheWire,
            @Nullable String running,
            @Nullable Request again,
            Map<Decision, String> undecidable) {

        Standing {
            undecidable = Map.copyOf(undecidable);
        }
    }

    /** Whether it takes a second person is asked when it is released. */
    static Ruling release(Request request) {
        return HeldReleases.refusal(request).<Ruling>map(Ruling.Refused::new).orElseGet(Ruling.Allowed::new);
    }

    static Ruling reject(Request request) {
        return request.status() == Status.HELD
                ? Ruling.allowed()
                : Ruling.refused(
                        "Request %d is %s; only a held request can be rejected.", request.number(), state(request));
    }

    static Ruling withdraw(Standing standing) {
        var request = standing.request();
        if (request.operation() == Operation.WITHDRAW) {
            return Ruling.refused("Request %d is a withdraw itself and cannot be withdrawn.", request.number());
        }
        if (request.isFinal()) {
            return Ruling.refused(
                    "Request %d is final (%s): there is nothing to take back.", request.number(), state(request));
        }
        if (standing.onTheWire()) {
            return Ruling.refused(
                    "A call of request %d has left and what became of it is not settled yet, so that it cannot be taken back. Look again when that is told.",
                    request.number());
        }
        return Ruling.allowed();
    }

    static Ruling giveUp(Standing standing) {
        var request = standing.request();
        if (request.status() != Status.STALLED) {
            return Ruling.refused(
                    "Request %d is %s; only a stalled request can be given up.%s",
                    request.number(), state(request), insteadOfGivingUp(request));
        }
        if (standing.running() != null) {
            return Ruling.refused(
                    "%s works on request %d right now; stop it first, or wait for its end.",
                    standing.running(), request.number());
        }
        return Ruling.allowed();
    }

    private static String insteadOfGivingUp(Request request) {
        return switch (request.status()) {
            case HELD -> " Release or reject it.";
            case ACCEPTED, DEFERRED -> " Withdraw it.";
            case STALLED, SUCCEEDED, REJECTED, WITHDRAWN, PLANNED, FAILED -> "";
        };
    }

    /** Whether its source still may ask for it is asked when it is resubmitted. */
    static Ruling resubmit(Standing standing) {
        var request = standing.request();
        if (request.operation() == Operation.WITHDRAW) {
            return Ruling.refused(
                    "Request %d is a withdraw; withdraw the request that it names instead.", request.number());
        }
        if (!request.isFinal()) {
            return Ruling.refused(
                    "Request %d is open (%s); only a final request can be asked for again.",
                    request.number(), state(request));
        }
        if (request.isStub()) {
            return Ruling.refused(
                    "The details of request %d were deleted by age (offramp.retention.details), so that nobody knows what exactly it asked for. Send a new request.",
                    request.number());
        }
        if (request.status() == Status.SUCCEEDED) {
            return Ruling.refused(
                    "Request %d succeeded (%s): there is nothing to ask for again.",
                    request.number(), request.reason().word());
        }
        if (request.reason() == Reason.INVALID_MESSAGE || request.reason() == Reason.UNSUPPORTED_VERSION) {
            return Ruling.refused(
                    "Request %d was rejected (%s): what it asked for was not understood as a whole, so only its source can ask again.",
                    request.number(), request.reason().word());
        }
        if (standing.onTheWire()) {
            return Ruling.refused(
                    "A call of request %d has left and nobody knows whether it took effect, so that asking again could do it twice. Look at Partner Center; if it was not done, send a new request.",
                    request.number());
        }
        var again = standing.again();
        if (again != null && (!again.isFinal() || again.status() == Status.SUCCEEDED)) {
            return Ruling.refused("Request %d asks for it again already (%s).", again.number(), state(again));
        }
        return Ruling.allowed();
    }

    static List<Action> of(Standing standing) {
        var request = standing.request();
        return List.of(
                Action.of("withdraw", withdraw(standing)),
                Action.of("resubmit", resubmit(standing)),
                Action.of("give-up", giveUp(standing)),
                decide(standing, Decision.DONE),
                decide(standing, Decision.NOT_DONE),
                decide(standing, Decision.ASK_AGAIN),
                Action.of("release", release(request)),
                Action.of("reject", reject(request)));
    }

    private static Action decide(Standing standing, Decision decision) {
        String why = standing.undecidable().get(decision);
        return new Action("decide " + decision.word(), why == null, why);
    }

    /** Of a request in the list of held ones. */
    static List<Action> ofHeld(Request request) {
        return List.of(Action.of("release", release(request)), Action.of("reject", reject(request)));
    }

    private static String state(Request request) {
        return "%s: %s".formatted(request.status().word(), request.reason().word());
    }
}
