package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request's change of state together with the withdraws that wait for it. */
final class Settling {

    private final Database database;
    private final RequestRows requests;
    private final Transitions transitions;
    private final OnTheWire onTheWire;

    Settling(Database database, RequestRows requests, Transitions transitions, OnTheWire onTheWire) {
        this.database = database;
        this.requests = requests;
        this.transitions = transitions;
        this.onTheWire = onTheWire;
    }

    /**
     * The one way from one state to the next.
     *
     * @return false when nothing was changed
     */
    boolean settle(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        boolean changed = transitions.change(asRead, resolution, fence, now);
        if (changed) {
            settleWithdrawsOf(asRead.number(), now);
        }
        return changed;
    }

    /** @return false when nothing was changed */
    boolean handBack(Request asRead, Instant dueAt, @Nullable Fence fence, Instant now) {
        boolean changed = transitions.handBack(asRead, dueAt, fence, now);
        if (changed) {
            settleWithdrawsOf(asRead.number(), now);
        }
        return changed;
    }

    /** Withdraws that wait for this request are settled as soon as it can be told. */
    private void settleWithdrawsOf(long number, Instant now) {
        var target = requests.byNumber(number).orElseThrow();
        if (target.withdrawnBy() == null) {
            return;
        }
        var waiting = database.jdbc()
                .sql("""
                select * from request
                where source = :source and withdraws_id = :id
                  and operation = 'withdraw' and settled_at is null
                order by number
                for update
                """)
                .param("source", target.key().source())
                .param("id", target.key().id())
                .query(Rows::request)
                .list();
        for (var withdraw : waiting) {
            var stands = requests.byNumber(number).orElseThrow();
            if (stands.reason() == Reason.BY_SOURCE) {
                settle(withdraw, takenBack(stands), null, now);
            } else {
                takeBack(stands, withdraw, now);
            }
        }
    }

    /** Lets a withdraw take effect on its target, wait for it, or come too late; both rows are locked. */
    void takeBack(Request target, Request withdraw, Instant now) {
        if (target.operation() == Operation.WITHDRAW) {
            settle(
                    withdraw,
                    Resolution.of(
                            Reason.OPERATION_NOT_ALLOWED,
                            Effect.NONE,
                            "Request %s is a withdraw itself and cannot be withdrawn."
                                    .formatted(target.key().id()),
                            Details.NONE),
                    null,
                    now);
        } else if (target.isFinal()) {
            settle(withdraw, tooLate(target), null, now);
        } else if (onTheWire.includes(target)) {
            database.jdbc()
                    .sql("update request set withdrawn_by = :withdraw where number = :target and withdrawn_by is null")
                    .param("withdraw", withdraw.number())
                    .param("target", target.number())
                    .update();
        } else {
            settle(
                    target,
                    Resolution.of(
                            Reason.BY_SOURCE,
                            target.effect(),
                            "The request was withdrawn by its source (request %s)."
                                    .formatted(withdraw.key().id()),
                            Details.NONE),
                    null,
                    now);
            // Another withdraw of the same target may have been settled together with it.
            requests.lock(withdraw.number())
                    .filter(each -> !each.isFinal())
                    .ifPresent(each -> settle(each, takenBack(target), null, now));
        }
    }

    private static Resolution takenBack(Request target) {
        return Resolution.of(
                Reason.DONE,
                Effect.NONE,
                "Request %s was withdrawn.".formatted(target.key().id()),
                Details.NONE);
    }

    private static Resolution tooLate(Request target) {
        return Resolution.of(
                Reason.TOO_LATE,
                Effect.NONE,
                "Request %s is final already: %s: %s, effect %s."
                        .formatted(
                                target.key().id(),
                                target.status().word(),
                                target.reason().word(),
                                target.effect().word()),
                Details.NONE);
    }
}
