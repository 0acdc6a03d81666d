package dev.offramp.safety;

import dev.offramp.safety.Budget.Period;

/**
 * A budget that has nothing left.
 *
 * @param allowed what its limit came to
 * @param used what was counted in its time; more than allowed when a person released something beyond it
 */
public record Exceeded(Budget budget, long allowed, long used) {

    /** For people. */
    public String sentence() {
        return "The budget of %s allows %d %s%s%s; %d are used."
                .formatted(
                        budget.scope().inWords(),
                        allowed,
                        budget.unit().word(),
                        budget.limit().needsBase() ? " (%s)".formatted(budget.limit()) : "",
                        budget.period() instanceof Period.Whole
                                ? ""
                                : " in " + budget.period().inWords(),
                        used);
    }
}
