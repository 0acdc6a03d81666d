package dev.offramp.safety;

import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;

/** How many customers an operation may touch in the window where nothing else is said. */
enum Profile {
    /** While an installation is new: every mistake is small. */
    COMMISSIONING,
    /** When it has shown that it does the right thing. */
    STEADY;

    private static final Limit NEW = Limit.of("5");
    private static final Limit USUAL = Limit.of("20 or 1%");
    private static final Limit GRAVE = Limit.of("5 or 0.2%");
    private static final Limit NONE = Limit.of(0);

    /** How many customers of a group or a run go before the rest; while an installation is new, its budget is small enough. */
    int canaries() {
        return this == STEADY ? 3 : 0;
    }

    Limit customers(Operation operation) {
        return switch (operation) {
            case CANCEL_SUBSCRIPTION, SUSPEND_SUBSCRIPTION, REACTIVATE_SUBSCRIPTION, TURN_OFF_AUTO_RENEW ->
                this == STEADY ? USUAL : NEW;
            case REMOVE_RESELLER_RELATIONSHIP -> this == STEADY ? GRAVE : NEW;
            case WITHDRAW -> NONE;
        };
    }
}
