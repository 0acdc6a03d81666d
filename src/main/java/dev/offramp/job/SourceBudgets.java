package dev.offramp.job;

import dev.offramp.offboarding.Limit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each registered source may touch without a person, over all its operations and jobs. */
public record SourceBudgets(Map<String, SourceBudget> bySource) {

    public SourceBudgets {
        bySource = Map.copyOf(bySource);
    }

    /** Those of an installation in which no source has one. */
    public static final SourceBudgets NONE = new SourceBudgets(Map.of());

    /** In the budget's window; null: as much as the operations and jobs allow. */
    public record SourceBudget(
            @Nullable Limit customers, @Nullable Limit calls) {}
}
