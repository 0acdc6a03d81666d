package dev.offramp.offboarding;

import java.util.Locale;
import java.util.stream.Stream;

/** Why a request stands where it stands; closed, each belongs to exactly one {@link Status}. */
public enum Reason {
    ADMITTED(Status.ACCEPTED),
    NOT_BEFORE(Status.DEFERRED),
    OUTSIDE_RUN_WINDOW(Status.DEFERRED),
    BUSY(Status.DEFERRED),
    PENDING_OPERATION(Status.DEFERRED),
    RENEWAL_RUNNING(Status.DEFERRED),
    ACCEPTED_BY_PARTNER_CENTER(Status.DEFERRED),
    CONFIRMING(Status.DEFERRED),
    WAITING_FOR_WINDOW(Status.DEFERRED),
    WAITING_FOR_BLOCKER(Status.DEFERRED),
    WAITING_FOR_EARLIER_REQUEST(Status.DEFERRED),
    ENDS_AT_TERM(Status.DEFERRED),
    COOLING_OFF(Status.DEFERRED),
    PROTECTED_CUSTOMER(Status.HELD),
    BUDGET_EXCEEDED(Status.HELD),
    CANARY(Status.HELD),
    BURST_ON_HOLD(Status.HELD),
    EXPECTATION_MISMATCH(Status.HELD),
    EXPECTATION_UNREADABLE(Status.HELD),
    APPROVAL_NEEDED(Status.HELD),
    PLAN_NEEDED(Status.HELD),
    CONFIRMATION_NEEDED(Status.HELD),
    LAST_CHANCE(Status.HELD),
    PARTNER_CENTER_UNAVAILABLE(Status.STALLED),
    SIGN_IN_NEEDED(Status.STALLED),
    PERMISSION_MISSING(Status.STALLED),
    BRAKE_ON(Status.STALLED),
    STOPPED_BY_OPERATOR(Status.STALLED),
    IN_DOUBT(Status.STALLED),
    RETRIES_EXHAUSTED(Status.STALLED),
    INTERNAL_ERROR(Status.STALLED),
    DONE(Status.SUCCEEDED),
    ALREADY_DONE(Status.SUCCEEDED),
    ENDED_AT_TERM(Status.SUCCEEDED),
    INVALID_MESSAGE(Status.REJECTED),
    UNSUPPORTED_VERSION(Status.REJECTED),
    UNKNOWN_SOURCE(Status.REJECTED),
    OPERATION_NOT_ALLOWED(Status.REJECTED),
    WRONG_PARTNER_TENANT(Status.REJECTED),
    TOO_OLD(Status.REJECTED),
    EXPIRED(Status.REJECTED),
    TOO_LATE(Status.REJECTED),
    UNKNOWN_REQUEST(Status.REJECTED),
    WINDOW_CLOSED(Status.REJECTED),
    CUSTOMER_NOT_FOUND(Status.REJECTED),
    NOT_OUR_CUSTOMER(Status.REJECTED),
    SUBSCRIPTION_NOT_FOUND(Status.REJECTED),
    WRONG_KIND(Status.REJECTED),
    TRIAL(Status.REJECTED),
    NOT_ACTIVATED(Status.REJECTED),
    ACTIVE_SUBSCRIPTIONS(Status.REJECTED),
    SUSPENDED_NEW_COMMERCE(Status.REJECTED),
    RESERVATIONS(Status.REJECTED),
    SAVINGS_PLANS(Status.REJECTED),
    SOFTWARE(Status.REJECTED),
    AZURE_SUBSCRIPTIONS_ACTIVE(Status.REJECTED),
    CUSTOMER_LOCKED(Status.REJECTED),
    ALREADY_OFFBOARDING(Status.REJECTED),
    FACTS_CHANGED(Status.REJECTED),
    RENEWED(Status.REJECTED),
    UNKNOWN_STATE(Status.REJECTED),
    DECLINED_BY_PARTNER_CENTER(Status.REJECTED),
    REJECTED_BY_OPERATOR(Status.REJECTED),
    HOLD_EXPIRED(Status.REJECTED),
    BY_SOURCE(Status.WITHDRAWN),
    BY_OPERATOR(Status.WITHDRAWN),
    SUPERSEDED(Status.WITHDRAWN),
    PLAN_ONLY(Status.PLANNED),
    OBSERVE_MODE(Status.PLANNED),
    GIVEN_UP_BY_OPERATOR(Status.FAILED),
    DEADLINE_PASSED(Status.FAILED);

    private final Status status;

    Reason(Status status) {
        this.status = status;
    }

    /** The status that this reason explains. */
    public Status status() {
        return status;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is no such reason */
    public static Reason named(String word) {
        return Stream.of(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no reason '" + word + "'"));
    }
}
