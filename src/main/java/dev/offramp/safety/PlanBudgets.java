package dev.offramp.safety;

import dev.offramp.offboarding.Limit;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Unit;
import java.time.Instant;
import java.util.List;

/** The budgets that plans carry with them: what exactly each says, no customer and no call more. */
interface PlanBudgets {

    /** Those of one plan; of one that is not applied nothing. */
    List<Budget> of(long plan);

    /** Plans that were applied since then. */
    List<Long> lately(Instant since);

    /** As budgets. */
    static List<Budget> of(long plan, int customers, int calls) {
        Scope scope = new Scope(Scope.Kind.PLAN, String.valueOf(plan));
        return List.of(
                new Budget(scope, Unit.CUSTOMERS, Limit.of(customers), new Period.Whole(Scope.Kind.PLAN)),
                new Budget(scope, Unit.CALLS, Limit.of(calls), new Period.Whole(Scope.Kind.PLAN)));
    }

    /** Nobody applies plans. */
    PlanBudgets NONE = new PlanBudgets() {
        @Override
        public List<Budget> of(long plan) {
            return PlanBudgets.of(plan, 0, 0);
        }

        @Override
        public List<Long> lately(Instant since) {
            return List.of();
        }
    };
}
