package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.safety.Budgets;
import dev.offramp.safety.CustomerBase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How much may be touched without a person, and how much of it is used. */
@RestController
@RequestMapping("/api/v1/budgets")
class BudgetsApi {

    private final Budgets budgets;
    private final CustomerBase base;
    private final InstantSource clock;

    BudgetsApi(Budgets budgets, CustomerBase base, InstantSource clock) {
        this.budgets = budgets;
        this.base = base;
        this.clock = clock;
    }

    /**
     * One budget.
     *
     * @param scope operation, source, job or run
     * @param unit customers or calls
     * @param limit as it is configured, e.g. {@code 20 or 1%}
     * @param allowed what the limit comes to now
     * @param in which time is counted
     * @param holds whether it holds now; that of a night does not by day
     * @param nextFreeAt when the next customer or call counts no more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BudgetView(
            String scope,
            String name,
            String unit,
            String limit,
            long allowed,
            String in,
            boolean holds,
            long used,
            long free,
            @Nullable Instant nextFreeAt) {

        static BudgetView of(Budgets.Standing standing) {
            var budget = standing.budget();
            return new BudgetView(
                    budget.scope().kind().word(),
                    budget.scope().name(),
                    budget.unit().word(),
                    budget.limit().toString(),
                    standing.allowed(),
                    budget.period().inWords(),
                    standing.holds(),
                    standing.used(),
                    standing.free(),
                    standing.nextFreeAt());
        }
    }

    /**
     * What shares are shares of.
     *
     * @param countedAt missing when it is configured
     * @param doubted what was counted last, when it is so far from the count before that the smaller of both holds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BaseView(
            long customers,
            @Nullable Instant countedAt,
            @Nullable Long doubted) {

        static BaseView of(CustomerBase.Size size) {
            return new BaseView(size.customers(), size.countedAt(), size.doubted());
        }
    }

    /**
     * All budgets; those of the runs of the last days among them.
     *
     * @param customerBase missing when nobody knows it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BudgetsView(@Nullable BaseView customerBase, List<BudgetView> budgets) {}

    @GetMapping
    BudgetsView list() {
        Instant now = clock.instant();
        return new BudgetsView(
                base.size(now).map(BaseView::of).orElse(null),
                budgets.list(now).stream().map(BudgetView::of).toList());
    }
}
