package dev.offramp.safety;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.partnercenter.Permit;

/** What the gate says. */
public sealed interface Pass {

    /** The try is durable and its call may leave, once and soon. */
    record Granted(Permit permit, Try written) implements Pass {}

    /** No try was written, so there is no call. */
    record Refused(Why why, String sentence) implements Pass {}

    /** Why the gate stays shut. */
    enum Why {
        /** The lease is somebody else's: stop. */
        LEASE_LOST,
        /** The whole brake: stop. */
        BRAKE,
        /** The brake on this operation or source: hand it back. */
        BRAKE_IN_PART,
        /** {@code offramp.mode} is observe: stop. */
        NOT_LIVE,
        /** The customer is protected: nothing is done to it. */
        PROTECTED,
        /** It is doubted whether this is the right partner tenant: a person must confirm it. */
        TENANT_DOUBT,
        /** The request's state is no longer the one that was read, or a withdraw waits for it. */
        STATE_CHANGED,
        /** A try of this request is without a reply. */
        UNANSWERED_TRY,
        /** No reserved permit. */
        NO_PERMIT,
        /** The facts are too old: read them again. */
        FACTS_TOO_OLD
    }
}
