package dev.offramp.simulation;

/** What a schedule is about. */
enum Setting {
    /** Few requests, and nothing that holds them: whatever befalls the nodes. */
    FREE,
    /**
     * More requests than the budgets allow, bursts and canaries, protected and blocked targets, and people who release, reject,
     * end bursts, and make, approve and apply plans.
     */
    GUARDED
}
