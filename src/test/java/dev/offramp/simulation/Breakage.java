package dev.offramp.simulation;

/** What can be taken away from the program, to see that the simulation finds it out. */
enum Breakage {
    NONE,
    NO_TRY_BEFORE_THE_CALL,
    REPLY_NOT_DURABLE_BEFORE_THE_NEXT_CALL,
    NO_FENCING,
    NO_TURN,
    OUTCOME_OUTSIDE_THE_TRANSACTION,
    REPEAT_WITHOUT_READING,
    ONE_READ_IS_ENOUGH,
    NO_SETTLE_TIME,
    DUPLICATES_ARE_ADMITTED,
    NOBODY_IS_WOKEN,
    BRAKE_IS_NOT_ASKED_AT_THE_GATE,
    NOBODY_IS_PROTECTED(Setting.GUARDED),
    NO_BUDGET(Setting.GUARDED),
    BUDGET_IS_READ_AND_NOT_LOCKED(Setting.GUARDED),
    NO_BURSTS(Setting.GUARDED),
    BURSTS_END_BY_THEMSELVES(Setting.GUARDED),
    NO_CANARIES(Setting.GUARDED),
    CANARIES_NEED_NOT_SETTLE(Setting.GUARDED),
    NOTHING_NEEDS_A_PLAN(Setting.GUARDED),
    CHANGES_ARE_NOT_READ(Setting.GUARDED),
    WHAT_IS_PLANNED_GOES_ON_BY_ITSELF(Setting.GUARDED);

    /** Where it is found. */
    final Setting setting;

    Breakage() {
        this(Setting.FREE);
    }

    Breakage(Setting setting) {
        this.setting = setting;
    }
}
